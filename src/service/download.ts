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

const MOST_REDIRECTS = 5;

/** Opens a result. Never rejects; the body's iteration rejects when the bytes stop before their end. */
export async function openDownload(
  settings: DownloadSettings,
  link: string,
  from: number,
  signal: AbortSignal,
): Promise<DownloadOutcome> {
  let url = readLink(link);
  let withKey = false;
  for (let hop = 0; url !== undefined && hop <= MOST_REDIRECTS; hop++) {
    const got: Got = await get(settings, url, from, withKey, signal);
    if (got.kind === "failed") return { kind: "unreadable", error: got.error };
    const { statusCode: status, headers } = got.response;
    const next = status >= 300 && status < 400 ? headers.location : undefined;
    const locked: boolean = status === 401 && !withKey && url.origin === settings.apiOrigin;
    if (typeof next !== "string" && !locked) return outcomeOf(settings, got.response, url, from, signal);
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
  from: number,
  withKey: boolean,
  signal: AbortSignal,
): Promise<Got> {
  const headers: Record<string, string> = { accept: "*/*", "accept-encoding": "identity" };
  if (from > 0) headers["range"] = `bytes=${from}-`;
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
  from: number,
  signal: AbortSignal,
): DownloadOutcome | Promise<DownloadOutcome> {
  const { statusCode: status, headers } = response;
  if (status === 200) return open(response, 0, lengthOf(headers["content-length"]));
  const range = /^bytes (?:(\d+)-\d+|\*)\/(\d+|\*)$/.exec(String(headers["content-range"] ?? ""));
  const total = lengthOf(range?.[2]);
  // Without the range it is not known where these bytes belong.
  if (status === 206 && range?.[1] !== undefined) return open(response, Number(range[1]), total);
  discard(response);
  if (status === 416 && from > 0 && total === from)
    return { kind: "open", body: nothing(), from, bytes: total };
  // What is on disk is longer than the file, so it is of another one: from the beginning.
  if (status === 416 && from > 0) return openDownload(settings, url.href, 0, signal);
  const error = { code: "", message: `${scrubUrl(url)} answered HTTP ${status}`, status };
  return { kind: [403, 404, 410].includes(status) ? "gone" : "unreadable", error };
}

function open(response: Dispatcher.ResponseData, from: number, bytes: number | undefined): DownloadOutcome {
  return { kind: "open", body: chunksOf(response), from, ...(bytes === undefined ? {} : { bytes }) };
}

async function* chunksOf(response: Dispatcher.ResponseData): AsyncGenerator<Uint8Array> {
  try {
    for await (const chunk of response.body) yield chunk as Uint8Array;
  } catch (error) {
    throw new Error(`the download stopped: ${reasonOf(error)}`);
  }
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
