import { startEmulator } from "../emulator/start.ts";
import { openShare, type Share } from "../emulator/share.ts";
import { BucketWay } from "../execute/bucket-way.ts";
import type { Clock } from "../execute/clock.ts";
import { openHandover, type Handover, type Way } from "../execute/handover.ts";
import type { Ledger } from "../execute/ledger.ts";
import { LibraryWay } from "../execute/library-way.ts";
import { ProviderLinks } from "../execute/provider-links.ts";
import type { RequestBudget } from "../execute/request-budget.ts";
import type { RunStop } from "../execute/run-stop.ts";
import type { Service } from "../execute/service.ts";
import { connectAssetLibrary } from "../service/asset-library.ts";
import { connectService } from "../service/client.ts";
import { PACE, type Pace } from "../service/pace.ts";
import { ROUTES } from "../service/routes.ts";
import { openS3Store } from "../service/s3-store.ts";
import type { ObjectStore } from "../store/objects.ts";
import type { Provider } from "../storyboard/types.ts";
import { keylessService } from "./keyless.ts";
import type { Connection } from "./options.ts";
import { emulatorPath, type Project } from "./project.ts";

/** A service that can be talked to, and what has to be closed afterwards. */
export interface Connected {
  readonly service: Service;
  readonly provider: Provider;
  readonly pace: Pace;
  /** The ways for media of one film. */
  handover(film: HandoverNeeds): Handover;
  close(): Promise<void>;
}

export interface HandoverNeeds {
  readonly ledger: Ledger;
  readonly clock: Clock;
  readonly budget: RequestBudget;
  readonly stop: RunStop;
}

export interface ConnectRequest {
  readonly project: Project;
  readonly store: ObjectStore;
  /** How the paid service is reached; without it the emulator is started. */
  readonly connection: Connection | undefined;
}

/** Clips of the emulator take seconds, and a look at it costs nothing. */
const EMULATOR_PACE: Pace = { pollFirst: 0.2, pollEvery: 0.15 };

export async function connect({ project, store, connection }: ConnectRequest): Promise<Connected> {
  return connection ? connectProvider(connection, store) : connectEmulator(project, store);
}

/** The paid service, and what the run has beside it: a bucket, the provider's library. */
function connectProvider(connection: Connection, store: ObjectStore): Connected {
  const { provider, baseUrl, apiKey } = connection;
  const routes = provider === "ark" ? ROUTES.ark : ROUTES.anyfast;
  const service = apiKey === "" ? keylessService() : connectService({ baseUrl, apiKey, routes });
  const bucket = connection.store && openS3Store(connection.store);
  const library = connection.library && apiKey !== "" ? connectAssetLibrary({ baseUrl, apiKey }) : undefined;
  return {
    service,
    provider,
    pace: PACE,
    handover: (film) => {
      const { clock, stop } = film;
      const ways: Way[] = [
        ...(bucket ? [new BucketWay(bucket, clock, stop.giveUp)] : []),
        ...(library ? [new LibraryWay({ library, provider, ...film })] : []),
      ];
      return openHandover(linksOf(service, provider, film), ways, store);
    },
    close: async () => {
      await Promise.all([service.close(), bucket?.close()]);
    },
  };
}

/**
 * The emulator inside this process, reached over HTTP by the same client as the paid service. Its tasks lie in the
 * project, so that a run which was killed can be taken up by the next one.
 */
async function connectEmulator(project: Project, store: ObjectStore): Promise<Connected> {
  const emulator = await startEmulator({ port: 0, folder: emulatorPath(project) });
  const share = await openShare();
  const service = connectService({
    baseUrl: emulator.url,
    apiKey: "rehearsal",
    routes: ROUTES.anyfast,
    env: {},
  });
  return {
    service,
    provider: "emulator",
    pace: EMULATOR_PACE,
    handover: (film) => openHandover(linksOf(service, "emulator", film), [shareWay(share)], store),
    close: async () => {
      await Promise.all([service.close(), emulator.close(), share.close()]);
    },
  };
}

function linksOf(
  service: Service,
  provider: Provider,
  { clock, budget, stop }: HandoverNeeds,
): ProviderLinks {
  return new ProviderLinks({ service, provider, clock, budget, signal: stop.giveUp });
}

/** What the emulator has no link to any more is given to it from this machine's disk. */
function shareWay(share: Share): Way {
  return {
    urlOf: ({ path }, isHere) =>
      Promise.resolve(
        isHere && path !== undefined
          ? { kind: "url", url: share.urlOf(path) }
          : { kind: "none", why: "it is not on this disk" },
      ),
  };
}
