import type { Service } from "../execute/service.ts";
import { readCreateAnswer, readPollAnswer } from "../seedance/answer.ts";
import type { CreateOutcome, PollOutcome } from "../seedance/outcome.ts";
import { hideKey, scrubText } from "../seedance/scrub.ts";
import { ask, commonHeaders, withoutKey, type Asking } from "./ask.ts";
import { openDownload } from "./download.ts";
import { openNetwork, openOnce, type Network } from "./network.ts";
import { cancelTask, listTasks, type OpenTasks } from "./open-tasks.ts";
import { readBaseUrl, taskUrl, type Routes } from "./routes.ts";
import { sendOnce, type Sent } from "./send-once.ts";

export interface ServiceSettings {
  /** Without `/v1` or `/api/v3`. `http` on loopback only. */
  readonly baseUrl: string;
  readonly apiKey: string;
  readonly routes: Routes;
  readonly timeouts?: Partial<ServiceTimeouts>;
  /** Where the proxy's address is looked for; by default the process's environment. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** Certificates to trust instead of Node's own; PEM. */
  readonly ca?: string;
  /** Milliseconds since 1970, for `Retry-After` with a date. */
  readonly now?: () => number;
}

/** All in milliseconds. */
export interface ServiceTimeouts {
  readonly connect: number;
  /** Of a create, from sending to the end of the answer; gateways were seen to take over a minute. */
  readonly createAnswer: number;
  /** On top of that for each million bytes that are sent. */
  readonly uploadMegabyte: number;
  /** Of a look, as a whole. */
  readonly poll: number;
  readonly downloadHeaders: number;
  /** The longest silence within a download. */
  readonly downloadIdle: number;
}

export const TIMEOUTS: ServiceTimeouts = {
  connect: 15_000,
  createAnswer: 300_000,
  // One Mbit/s.
  uploadMegabyte: 8000,
  poll: 30_000,
  downloadHeaders: 60_000,
  downloadIdle: 60_000,
};

/**
 * The remote API over HTTP. Opens no connection yet. Throws an `Error` with a sentence for people when
 * the base URL, the key or a proxy's address cannot be used; no method of the result ever throws.
 */
export function connectService(settings: ServiceSettings): Service {
  const base = readBaseUrl(settings.baseUrl);
  if (base.kind === "wrong") throw new Error(base.message);
  const key = settings.apiKey.trim();
  if (!/^[\x21-\x7e]+$/.test(key)) throw new Error("the API key is empty or has characters that no key has");
  const timeouts = { ...TIMEOUTS, ...settings.timeouts };
  const way: Way = {
    base: base.url,
    routes: settings.routes,
    key,
    timeouts,
    now: settings.now ?? Date.now,
    network: {
      connectTimeoutMs: timeouts.connect,
      env: settings.env ?? process.env,
      ...(settings.ca === undefined ? {} : { ca: settings.ca }),
    },
  };
  const network = openNetwork(way.network);
  const open: OpenTasks = { ...asking(way, network), base: way.base, routes: way.routes, now: way.now };
  return {
    create: (body, label, signal) => create(way, body, label, signal),
    poll: (taskId, signal) => poll(way, network, taskId, signal),
    ...(way.routes.isOpen && {
      list: (since, signal) => listTasks(open, since, signal),
      cancel: (taskId, signal) => cancelTask(open, taskId, signal),
    }),
    download: (url, from, signal, version) =>
      openDownload(
        downloads(way, network),
        { link: url, from, ...(version !== undefined && { version }) },
        signal,
      ),
    close: () => network.close(),
  };
}

interface Way {
  readonly base: URL;
  readonly routes: Routes;
  readonly key: string;
  readonly timeouts: ServiceTimeouts;
  readonly now: () => number;
  readonly network: Parameters<typeof openNetwork>[0];
}

async function create(way: Way, body: string, label: string, signal: AbortSignal): Promise<CreateOutcome> {
  const url = taskUrl(way.base, way.routes);
  const headers = {
    ...commonHeaders(way.key),
    "content-type": "application/json",
    // Names of scenes are Unicode and headers are not.
    "x-client-request-id": encodeURIComponent(label),
  };
  const { connect, createAnswer, uploadMegabyte } = way.timeouts;
  const timeouts = { connectMs: connect, answerMs: createAnswer, uploadMsPerMegabyte: uploadMegabyte };
  const sent = await sendOnce(openOnce(url, way.network), { url, body, headers }, timeouts, signal);
  return createOutcome(way, sent, url.host);
}

/** What became of a paid request, by how far it came and what was answered. */
export function createOutcome(
  { key, now }: Pick<Way, "key" | "now">,
  sent: Sent,
  host: string,
): CreateOutcome {
  if (sent.kind === "answered") return readCreateAnswer(withoutKey(sent.answer, key), now());
  if (sent.kind === "not-sent")
    return { kind: "not-sent", error: { code: "", message: `nothing was sent to ${host}: ${sent.reason}` } };
  const part = withoutKey(sent.part, key);
  // JSON that can be read has come as a whole, though the connection broke before it should have ended.
  const read = readCreateAnswer(part, now());
  if (read.kind === "accepted") return read;
  const reason = hideKey(sent.reason, key);
  // The part may name the task, with which a person can adopt it.
  const seen = part.text === "" ? "" : `; what came of the answer: “${part.text.slice(0, 300)}”`;
  const message = scrubText(
    `${host} may have accepted the request, but its answer was lost: ${reason}${seen}`,
  );
  return {
    kind: "unknown",
    error: { code: "", message, ...(part.status > 0 ? { status: part.status } : {}) },
  };
}

async function poll(way: Way, network: Network, taskId: string, signal: AbortSignal): Promise<PollOutcome> {
  const asked = await ask(asking(way, network), "GET", taskUrl(way.base, way.routes, taskId), signal);
  if (asked.kind === "failed") return { kind: "unreadable", error: asked.error };
  return readPollAnswer(asked.answer, way.now());
}

function asking({ key, timeouts }: Way, network: Network): Asking {
  return { network, key, timeoutMs: timeouts.poll };
}

function downloads(way: Way, network: Network): Parameters<typeof openDownload>[0] {
  return {
    network,
    apiOrigin: way.base.origin,
    authorization: `Bearer ${way.key}`,
    headersTimeoutMs: way.timeouts.downloadHeaders,
    idleTimeoutMs: way.timeouts.downloadIdle,
  };
}
