import { startEmulator } from "../emulator/start.ts";
import { openShare } from "../emulator/share.ts";
import { providerHandover } from "../execute/handover.ts";
import type { Handover } from "../execute/materialize.ts";
import type { Service } from "../execute/service.ts";
import type { Take } from "../plan/lock.ts";
import { connectService } from "../service/client.ts";
import { PACE, type Pace } from "../service/pace.ts";
import { ROUTES } from "../service/routes.ts";
import type { ObjectStore } from "../store/objects.ts";
import type { Provider } from "../storyboard/types.ts";
import { keylessService } from "./keyless.ts";
import type { Connection } from "./options.ts";
import { emulatorPath, type Project } from "./project.ts";

/** A service that can be talked to, and what has to be closed afterwards. */
export interface Connected {
  readonly service: Service;
  readonly provider: Provider;
  readonly handover: Handover;
  readonly pace: Pace;
  close(): Promise<void>;
}

export interface ConnectRequest {
  readonly project: Project;
  readonly store: ObjectStore;
  /** How the paid service is reached; without it the emulator is started. */
  readonly connection: Connection | undefined;
  /** Aborts when what is under way is given up. */
  readonly signal: AbortSignal;
}

/** Clips of the emulator take seconds, and a look at it costs nothing. */
const EMULATOR_PACE: Pace = { pollFirst: 0.2, pollEvery: 0.15 };

export async function connect({ project, store, connection, signal }: ConnectRequest): Promise<Connected> {
  return connection ? connectProvider(connection, signal) : connectEmulator(project, store, signal);
}

/** The paid service; videos reach it by its own links only. */
function connectProvider(connection: Connection, signal: AbortSignal): Connected {
  const { provider, baseUrl, apiKey } = connection;
  const routes = provider === "ark" ? ROUTES.ark : ROUTES.anyfast;
  const service = apiKey === "" ? keylessService() : connectService({ baseUrl, apiKey, routes });
  return {
    service,
    provider,
    handover: providerHandover(service, provider, signal),
    pace: PACE,
    close: () => service.close(),
  };
}

/**
 * The emulator inside this process, reached over HTTP by the same client as the paid service. Its tasks lie in the
 * project, so that a run which was killed can be taken up by the next one.
 */
async function connectEmulator(
  project: Project,
  store: ObjectStore,
  signal: AbortSignal,
): Promise<Connected> {
  const emulator = await startEmulator({ port: 0, folder: emulatorPath(project) });
  const share = await openShare();
  const service = connectService({
    baseUrl: emulator.url,
    apiKey: "rehearsal",
    routes: ROUTES.anyfast,
    env: {},
  });
  const link = (what: Take | string): string | undefined => {
    if (typeof what === "string") return share.urlOf(what);
    return what.clip && share.urlOf(store.pathOf(what.clip.sha256));
  };
  return {
    service,
    provider: "emulator",
    handover: providerHandover(service, "emulator", signal, link),
    pace: EMULATOR_PACE,
    close: async () => {
      await Promise.all([service.close(), emulator.close(), share.close()]);
    },
  };
}
