import { expect, onTestFinished } from "vitest";
import type { CreateOutcome } from "../../src/seedance/outcome.ts";
import { connectService, type ServiceTimeouts } from "../../src/service/client.ts";
import { ROUTES } from "../../src/service/routes.ts";
import { startRawServer, type RawBehaviour, type RawServer, type Seen } from "./raw-server.ts";

export const KEY = "sk-very-secret-1234";
export const BODY = JSON.stringify({ model: "m", content: [{ type: "text", text: "灯塔" }] });
export const ACCEPTED = JSON.stringify({ id: "cgt-1", task_id: "cgt-1", status: "" });
export const SHORT = { connect: 2000, createAnswer: 200, poll: 1000 };

/** A raw server that is gone with the test. */
export async function server(behaviour: RawBehaviour, tls = false): Promise<RawServer> {
  const started = await startRawServer(behaviour, tls);
  onTestFinished(() => started.close());
  return started;
}

export interface CreateMore {
  readonly timeouts?: Partial<ServiceTimeouts>;
  readonly env?: Record<string, string>;
  readonly ca?: string;
  readonly signal?: AbortSignal;
  readonly body?: string;
}

/** One paid request by the service's own client; what it concludes never holds the key. */
export async function create(baseUrl: string, more: CreateMore = {}): Promise<CreateOutcome> {
  const { signal = new AbortController().signal, body = BODY, timeouts = SHORT, env = {}, ca } = more;
  const service = connectService({
    baseUrl,
    apiKey: KEY,
    routes: ROUTES.anyfast,
    timeouts,
    env,
    ...(ca === undefined ? {} : { ca }),
  });
  const outcome = await service.create(body, "dawn·1 晨", signal);
  await service.close();
  expect(JSON.stringify(outcome)).not.toContain(KEY);
  return outcome;
}

/** Writes once the request is there, then does `after`. */
export const say =
  (text: string, after: (socket: Seen["socket"]) => void = (socket) => socket.end()) =>
  ({ socket, bodyDone }: Seen): void => {
    if (!bodyDone) return;
    socket.write(text);
    after(socket);
  };
export const stay = (): void => undefined;
/** Resets after what was written is on its way, so that the client has it. */
export const resetLater = (socket: Seen["socket"]): void =>
  void setImmediate(() => setImmediate(() => socket.resetAndDestroy()));
