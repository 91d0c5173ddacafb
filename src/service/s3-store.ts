import { Readable } from "node:stream";
import { AwsV4Signer } from "aws4fetch";
import type { Dispatcher } from "undici";
import { MIME_TYPES } from "../base/mime-types.ts";
import {
  objectName,
  type Content,
  type RemoteFailure,
  type RemoteObject,
  type RemoteStore,
} from "../store/remote-store.ts";
import { openNetwork, reasonOf, type Network } from "./network.ts";
import { failureOf, readFailure, type Refusal } from "./s3-answer.ts";

/** Where a bucket is, and with which keys. */
export interface S3Settings {
  /** Without bucket and path. */
  readonly endpoint: URL;
  readonly bucket: string;
  readonly region: string;
  /** Begins the name of each object; empty, or ends in `/`. */
  readonly prefix: string;
  /** The bucket as the first part of the path, not of the host's name. */
  readonly pathStyle: boolean;
  readonly keys: S3Keys;
  /** Where the proxy's address is looked for; by default the process's environment. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** Milliseconds since 1970. */
  readonly now?: () => number;
}

export interface S3Keys {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
}

const CONNECT_MS = 15_000;
/** To the first byte of an answer; also the longest silence in the middle of one. */
const ANSWER_MS = 60_000;
const NO_BYTES = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

type Name = Pick<RemoteObject, "digest" | "format">;
type Asked = { readonly kind: "answered"; readonly response: Dispatcher.ResponseData } | RemoteFailure;

/** Opens no connection yet. Throws only when a proxy's address is not a URL. */
export function openS3Store(settings: S3Settings): RemoteStore {
  return new S3Store(
    settings,
    openNetwork({ connectTimeoutMs: CONNECT_MS, env: settings.env ?? process.env }),
  );
}

class S3Store implements RemoteStore {
  readonly name: string;
  readonly #settings: S3Settings;
  readonly #network: Network;

  constructor(settings: S3Settings, network: Network) {
    this.#settings = settings;
    this.#network = network;
    this.name = `the bucket \`${settings.bucket}\` at ${settings.endpoint.host}`;
  }

  async putIfAbsent(
    object: RemoteObject,
    content: Content,
    signal: AbortSignal,
  ): Promise<{ readonly kind: "put" | "there" } | RemoteFailure> {
    const first = await this.#put(object, content, signal, { "if-none-match": "*" });
    if (first.kind === "failed") return first;
    if (first.kind === "put") return { kind: "put" };
    if (first.status === 412) return { kind: "there" };
    // The server does not know the condition. Without it the same bytes are written over the same bytes.
    const again = first.status === 501 ? await this.#put(object, content, signal, {}) : first;
    if (again.kind === "refused") return this.#failure(again, "cannot be written");
    return again;
  }

  async #put(
    object: RemoteObject,
    content: Content,
    signal: AbortSignal,
    condition: Readonly<Record<string, string>>,
  ): Promise<{ readonly kind: "put" } | Refusal | RemoteFailure> {
    const body = Readable.from(content.chunks(), { objectMode: false });
    // The server compares the bytes with the digest that is signed, and refuses what has changed on the way.
    const headers = { ...condition, "x-amz-content-sha256": object.digest };
    const unsigned = {
      "content-type": MIME_TYPES[object.format] ?? "application/octet-stream",
      "content-length": String(object.bytes),
    };
    const asked = await this.#ask("PUT", this.#url(object), headers, signal, { body, unsigned });
    if (asked.kind === "failed") return asked;
    const { response } = asked;
    if (response.statusCode >= 300) return readFailure(response);
    await response.body.dump();
    return { kind: "put" };
  }

  async has(
    object: RemoteObject,
    signal: AbortSignal,
  ): Promise<{ readonly kind: "there" | "absent" | "unsure" | "other" } | RemoteFailure> {
    const asked = await this.#ask("HEAD", this.#url(object), {}, signal);
    if (asked.kind === "failed") return asked;
    const { statusCode: status, headers, body } = asked.response;
    await body.dump();
    if (status === 200)
      return { kind: Number(headers["content-length"]) === object.bytes ? "there" : "other" };
    // Who may not list a bucket is told "forbidden" of what is not in it.
    if (status === 403) return { kind: "unsure" };
    if (status === 404) return { kind: "absent" };
    return this.#failure({ kind: "refused", status, code: "", message: "" }, "cannot be looked into");
  }

  async get(
    name: Name,
    signal: AbortSignal,
  ): Promise<
    { readonly kind: "open"; readonly body: AsyncIterable<Uint8Array> } | { kind: "absent" } | RemoteFailure
  > {
    const asked = await this.#ask("GET", this.#url(name), {}, signal);
    if (asked.kind === "failed") return asked;
    const { response } = asked;
    if (response.statusCode === 200) return { kind: "open", body: chunksOf(response) };
    const refusal = await readFailure(response);
    if (refusal.status === 404 && refusal.code !== "NoSuchBucket") return { kind: "absent" };
    return this.#failure(refusal, "cannot be read");
  }

  async presign(name: Name, seconds: number): Promise<string> {
    const url = this.#url(name);
    url.searchParams.set("X-Amz-Expires", String(seconds));
    const signed = await this.#signer("GET", url, {}, true).sign();
    return signed.url.href;
  }

  async probe(
    signal: AbortSignal,
  ): Promise<{ readonly kind: "answers"; readonly note: string } | RemoteFailure> {
    const url = this.#url();
    url.search = "list-type=2&max-keys=0";
    const asked = await this.#ask("GET", url, {}, signal);
    if (asked.kind === "failed") return asked;
    const { response } = asked;
    if (response.statusCode === 200) {
      await response.body.dump();
      return { kind: "answers", note: "" };
    }
    const refusal = await readFailure(response);
    // The keys are right, and may be meant for reading and writing single objects only.
    if (refusal.status === 403 && refusal.code === "AccessDenied")
      return { kind: "answers", note: "the keys may not list it; whether they may write shows with a clip" };
    return this.#failure(refusal, "does not answer as it should");
  }

  close(): Promise<void> {
    return this.#network.close();
  }

  /** Of an object, or of the bucket. */
  #url(name?: Name): URL {
    const { endpoint, bucket, prefix, pathStyle } = this.#settings;
    const url = new URL(endpoint);
    if (!pathStyle) url.hostname = `${bucket}.${url.hostname}`;
    const base = endpoint.pathname.replace(/\/+$/, "");
    const key = name ? prefix + objectName(name) : "";
    url.pathname = pathStyle ? `${base}/${bucket}${key && `/${key}`}` : `${base}/${key}`;
    return url;
  }

  #signer(
    method: string,
    url: URL,
    headers: Readonly<Record<string, string>>,
    signQuery = false,
  ): AwsV4Signer {
    const { keys, region, now = Date.now } = this.#settings;
    const datetime = new Date(now()).toISOString().replace(/[:-]|\.\d{3}/g, "");
    return new AwsV4Signer({
      method,
      url: url.href,
      headers,
      ...keys,
      region,
      service: "s3",
      datetime,
      signQuery,
    });
  }

  async #ask(
    method: "GET" | "HEAD" | "PUT",
    url: URL,
    headers: Readonly<Record<string, string>>,
    signal: AbortSignal,
    sent: { readonly body?: Readable; readonly unsigned?: Readonly<Record<string, string>> } = {},
  ): Promise<Asked> {
    const signed = await this.#signer(method, url, { "x-amz-content-sha256": NO_BYTES, ...headers }).sign();
    try {
      const response = await this.#network.to(url).request({
        origin: url.origin,
        path: signed.url.pathname + signed.url.search,
        method,
        headers: { ...Object.fromEntries(signed.headers), ...sent.unsigned, "accept-encoding": "identity" },
        body: sent.body ?? null,
        signal,
        headersTimeout: ANSWER_MS,
        bodyTimeout: ANSWER_MS,
      });
      return { kind: "answered", response };
    } catch (error) {
      return {
        kind: "failed",
        message: `${this.name} ${signal.aborted ? "has not answered" : "cannot be reached"}: ${reasonOf(error)}`,
        mayPass: true,
      };
    }
  }

  #failure(refusal: Refusal, what: string): RemoteFailure {
    return failureOf(refusal, `${this.name} ${what}`);
  }
}

async function* chunksOf(response: Dispatcher.ResponseData): AsyncGenerator<Uint8Array> {
  try {
    for await (const chunk of response.body) yield chunk as Uint8Array;
  } catch (error) {
    throw new Error(`the bytes stopped: ${reasonOf(error)}`);
  }
}
