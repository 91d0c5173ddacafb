import type { Dispatcher } from "undici";
import type { DownloadOutcome, ServiceError } from "../seedance/outcome.ts";
import { scrubUrl } from "../seedance/scrub.ts";
import { reasonOf, type Network } from "./network.ts";

export interface DownloadSettings {
  readonly network: Network;
  /** Of the API. A link to a file behind the API itself may need the key; no other host ever gets it. */
  readonly apiOrigin: string;
  readonly authorization: string;
  readonly headersTimeoutMs: number;
  /** The longest silence in the middle of a body. */
  readonly idleTimeoutMs: number;
}

/** What is wanted of a result. */
export interface Wanted {
  readonly link: string;
  /** How many bytes are here already. */
  readonly from: number;
  /** What the server has called them. */
  readonly version?: string;
}

const MOST_REDIRECTS = 5;

/** Opens a result. Never rejects; the body's iteration rejects when the bytes stop before their end. */
export async function openDownload(
  settings: DownloadSettings,
  wanted: Wanted,
  signal: AbortSignal,
): Promise<DownloadOutcome> {
  let url = readLink(wanted.link);
  let withKey = false;
  for (let hop = 0; url !== undefined && hop <= MOST_REDIRECTS; hop++) {
    const got: Got = await get(settings, url, wanted, withKey, signal);
    if (got.kind === "failed") return { kind: "unreadable", error: got.error };
    const { statusCode: status, headers } = got.response;
    const next = status >= 300 && status < 400 ? headers.location : undefined;
    const locked: boolean = status === 401 && !withKey && url.origin === settings.apiOrigin;
    if (typeof next !== "string" && !locked) return outcomeOf(settings, got.response, url, wanted, signal);
    discard(got.response);
    // Tried without the key first: a presigned link is refused by its store when it comes with a key.
    withKey = locked;
    if (typeof next === "string") url = readLink(next, url);
  }
  const message =
    url === undefined ? "the result's link is no web address" : "the result's link leads in circles";
  return { kind: "unreadable", error: { code: "", message } };
}

type Got = { kind: "open"; response: Dispatcher.ResponseData } | { kind: "failed"; error: ServiceError };

async function get(
  settings: DownloadSettings,
  url: URL,
  { from, version }: Wanted,
  withKey: boolean,
  signal: AbortSignal,
): Promise<Got> {
  const headers: Record<string, string> = { accept: "*/*", "accept-encoding": "identity" };
  if (from > 0) headers["range"] = `bytes=${from}-`;
  // A weak tag does not vouch for every byte, and servers take none here.
  if (from > 0 && version !== undefined && !version.startsWith("W/")) headers["if-range"] = version;
  if (withKey) headers["authorization"] = settings.authorization;
  try {
    const response = await settings.network.to(url).request({
      origin: url.origin,
      path: url.pathname + url.search,
      method: "GET",
      headers,
      signal,
      headersTimeout: settings.headersTimeoutMs,
      bodyTimeout: settings.idleTimeoutMs,
    });
    return { kind: "open", response };
  } catch (error) {
    return { kind: "failed", error: { code: "", message: `${scrubUrl(url)}: ${reasonOf(error)}` } };
  }
}

function outcomeOf(
  settings: DownloadSettings,
  response: Dispatcher.ResponseData,
  url: URL,
  { from, version }: Wanted,
  signal: AbortSignal,
): DownloadOutcome | Promise<DownloadOutcome> {
  const { statusCode: status, headers } = response;
  const range = /^bytes (?:(\d+)-\d+|\*)\/(\d+|\*)$/.exec(String(headers["content-range"] ?? ""));
  const total = lengthOf(range?.[2]);
  const isOther = version !== undefined && (versionOf(response) ?? version) !== version;
  if (status === 200) return open(response, 0, lengthOf(headers["content-length"]));
  // Without the range it is not known where these bytes belong.
  if (status === 206 && range?.[1] !== undefined && !isOther) return open(response, Number(range[1]), total);
  discard(response);
  if (status === 416 && from > 0 && total === from && !isOther)
    return { kind: "open", body: nothing(), from, bytes: total };
  // What is on disk is not of this file, or longer than it: from the beginning.
  if ((status === 416 || (status === 206 && isOther)) && from > 0)
    return openDownload(settings, { link: url.href, from: 0 }, signal);
  const error = { code: "", message: `${scrubUrl(url)} answered HTTP ${status}`, status };
  return { kind: [403, 404, 410].includes(status) ? "gone" : "unreadable", error };
}

function open(response: Dispatcher.ResponseData, from: number, bytes: number | undefined): DownloadOutcome {
  const version = versionOf(response);
  return {
    kind: "open",
    body: bodyOf(response),
    from,
    ...(bytes !== undefined && { bytes }),
    ...(version !== undefined && { version }),
  };
}

function versionOf({ headers }: Dispatcher.ResponseData): string | undefined {
  const version = headers["etag"] ?? headers["last-modified"];
  return typeof version === "string" && version !== "" ? version : undefined;
}

/** Ends its connection when nobody wants the rest. */
function bodyOf(response: Dispatcher.ResponseData): AsyncIterable<Uint8Array> {
  const chunks = response.body[Symbol.asyncIterator]() as AsyncIterator<Uint8Array>;
  const next = async (): Promise<IteratorResult<Uint8Array>> => {
    try {
      return await chunks.next();
    } catch (error) {
      throw new Error(`the download stopped: ${reasonOf(error)}`);
    }
  };
  const end = (): Promise<IteratorResult<Uint8Array>> => {
    discard(response);
    return Promise.resolve({ done: true, value: undefined });
  };
  return { [Symbol.asyncIterator]: () => ({ next, return: end }) };
}

async function* nothing(): AsyncGenerator<Uint8Array> {}

/** Ends a body that nobody reads, which would else hold its connection. */
function discard(response: Dispatcher.ResponseData): void {
  response.body.on("error", () => undefined).destroy();
}

function readLink(link: string, base?: URL): URL | undefined {
  if (!URL.canParse(link, base?.href)) return undefined;
  const url = new URL(link, base);
  return url.protocol === "https:" || url.protocol === "http:" ? url : undefined;
}

function lengthOf(value: unknown): number | undefined {
  return typeof value === "string" && /^\d+$/.test(value) ? Number(value) : undefined;
}
