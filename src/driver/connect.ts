import { readFileSync } from "node:fs";
import { extname } from "node:path";
import { startEmulator } from "../emulator/start.ts";
import { openShare } from "../emulator/share.ts";
import { systemClock } from "../execute/clock.ts";
import { providerHandover, type Share } from "../execute/handover.ts";
import { HandoverFailed, type Handover } from "../execute/materialize.ts";
import type { Service } from "../execute/service.ts";
import type { Take } from "../plan/lock.ts";
import { connectService } from "../service/client.ts";
import { openBucket, type Bucket } from "../service/bucket.ts";
import { PACE, type Pace } from "../service/pace.ts";
import { ROUTES } from "../service/routes.ts";
import type { ObjectStore } from "../store/objects.ts";
import type { Provider } from "../storyboard/types.ts";
import { keylessService } from "./keyless.ts";
import { digestOf } from "../base/digest.ts";
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

export async function connect(request: ConnectRequest): Promise<Connected> {
  const { project, store, connection, signal } = request;
  return connection ? connectProvider(connection, request) : connectEmulator(project, store, signal);
}

/** The paid service; videos reach it by its own links, else by links to a bucket. */
function connectProvider(connection: Connection, { store, signal }: ConnectRequest): Connected {
  const { provider, baseUrl, apiKey } = connection;
  const bucket = connection.bucket && openBucket(connection.bucket);
  const share = bucket && shareByBucket(bucket, store);
  const routes = provider === "ark" ? ROUTES.ark : ROUTES.anyfast;
  const service = apiKey === "" ? keylessService() : connectService({ baseUrl, apiKey, routes });
  return {
    service,
    provider,
    handover: providerHandover(service, provider, signal, systemClock, share),
    pace: PACE,
    close: async () => {
      await Promise.all([service.close(), bucket?.close()]);
    },
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
  const link = (what: Take | string): Promise<string | undefined> =>
    Promise.resolve(
      typeof what === "string" ? share.urlOf(what) : what.clip && share.urlOf(store.pathOf(what.clip.sha256)),
    );
  return {
    service,
    provider: "emulator",
    handover: providerHandover(service, "emulator", signal, systemClock, link),
    pace: EMULATOR_PACE,
    close: async () => {
      await Promise.all([service.close(), emulator.close(), share.close()]);
    },
  };
}

/** A task may wait for its turn for hours, and its inputs are fetched only then. */
const LINK_SECONDS = 24 * 3600;

/** The untouched bytes under their digest in the bucket, and a signed link to them. Uploaded once in a run. */
function shareByBucket(bucket: Bucket, store: ObjectStore): Share {
  const links = new Map<string, Promise<string>>();
  const linkTo = async (digest: string, ending: string, bytes: Uint8Array): Promise<string> => {
    const put = await bucket.put(digest, ending, bytes);
    if (put.kind === "failed") throw new HandoverFailed(`a video could not be handed over: ${put.message}`);
    return bucket.presign(digest, ending, LINK_SECONDS);
  };
  const share = (path: string, known?: string): Promise<string> => {
    const link = links.get(path) ?? readAndLink(path, known);
    links.set(path, link);
    return link;
  };
  const readAndLink = (path: string, known?: string): Promise<string> => {
    const bytes = readFileSync(path);
    return linkTo(known ?? digestOf(bytes), extname(path).toLowerCase(), bytes);
  };
  return async (what) => {
    if (typeof what === "string") return share(what);
    const { clip } = what;
    return clip && store.has(clip.sha256) ? share(store.pathOf(clip.sha256), clip.sha256) : undefined;
  };
}
