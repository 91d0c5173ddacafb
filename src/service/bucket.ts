import { AwsV4Signer } from "aws4fetch";
import type { Digest } from "../base/digest.ts";
import { openNetwork, reasonOf, type Network } from "./network.ts";

/** An S3-compatible bucket, and the keys to it. */
export interface BucketSettings {
  /** `https://…`; `http` on loopback only. */
  readonly endpoint: string;
  readonly bucket: string;
  readonly region: string;
  /** Before every name in the bucket; `""`, or with a `/` at its end. */
  readonly prefix: string;
  /** The bucket's name stands in the path, and not in front of the host. */
  readonly pathStyle: boolean;
  readonly keys: BucketKeys;
}

export interface BucketKeys {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
}

export type Stored = { readonly kind: "stored" } | { readonly kind: "failed"; readonly message: string };

/**
 * Bytes by their digest, where the service can fetch them. Uploading is free of harm: the same name is always the
 * same bytes. No method rejects, and no message holds a signature.
 */
export interface Bucket {
  /** Puts the bytes there unless they are. The server checks them against their digest. */
  put(digest: Digest, ending: string, bytes: Uint8Array): Promise<Stored>;
  /**
   * A link with which anybody can read them for so many seconds. It is signed for GET alone: a HEAD of it is refused,
   * so it cannot be tried out that way.
   */
  presign(digest: Digest, ending: string, seconds: number): Promise<string>;
  /** Whether it answers and takes the keys; costs nothing. Undefined when all is well. */
  problem(): Promise<string | undefined>;
  close(): Promise<void>;
}

const TIMEOUT_MS = 60_000;
const EMPTY = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

/** Opens no connection yet. */
export function openBucket(
  settings: BucketSettings,
  env: Readonly<Record<string, string | undefined>> = process.env,
): Bucket {
  const network = openNetwork({ connectTimeoutMs: 15_000, env });
  const nameOf = (digest: Digest, ending: string): string => `${settings.prefix}${digest}${ending}`;
  return {
    put: (digest, ending, bytes) => put(settings, network, nameOf(digest, ending), digest, bytes),
    presign: (digest, ending, seconds) => presign(settings, nameOf(digest, ending), seconds),
    problem: async () => {
      const query = `list-type=2&max-keys=1&prefix=${encodeURIComponent(settings.prefix)}`;
      const answer = await send(settings, network, "GET", `?${query}`, EMPTY);
      return answer.status === 200 ? undefined : answer.problem;
    },
    close: () => network.close(),
  };
}

async function put(
  settings: BucketSettings,
  network: Network,
  name: string,
  digest: Digest,
  bytes: Uint8Array,
): Promise<Stored> {
  // Asked for first: most clips are there already, and sending them again takes minutes.
  const there = await send(settings, network, "HEAD", name, EMPTY);
  if (there.status === 200) return { kind: "stored" };
  let answer = await send(settings, network, "PUT", name, digest, bytes, { "if-none-match": "*" });
  // Not every server knows the condition; without it the same bytes are written over themselves.
  if (answer.status === 501 || answer.status === 400)
    answer = await send(settings, network, "PUT", name, digest, bytes);
  const isThere = answer.status === 200 || answer.status === 412;
  return isThere ? { kind: "stored" } : { kind: "failed", message: answer.problem };
}

async function presign(settings: BucketSettings, name: string, seconds: number): Promise<string> {
  const url = urlOf(settings, name);
  url.searchParams.set("X-Amz-Expires", String(seconds));
  const signed = await signer(settings, "GET", url, { signQuery: true }).sign();
  return signed.url.href;
}

interface Answered {
  /** 0 when no answer came. */
  readonly status: number;
  readonly problem: string;
}

async function send(
  settings: BucketSettings,
  network: Network,
  method: "GET" | "HEAD" | "PUT",
  name: string,
  digest: Digest,
  body?: Uint8Array,
  more: Readonly<Record<string, string>> = {},
): Promise<Answered> {
  const url = urlOf(settings, name);
  const failed = (what: string): string => `the bucket ${settings.bucket} at ${url.host}: ${what}`;
  try {
    // The digest is signed, so the server refuses bytes that are others.
    const headers = { "x-amz-content-sha256": digest, ...more };
    const signed = await signer(settings, method, url, { headers }).sign();
    const response = await network.to(url).request({
      origin: url.origin,
      path: url.pathname + url.search,
      method,
      headers: Object.fromEntries(signed.headers),
      headersTimeout: TIMEOUT_MS,
      bodyTimeout: TIMEOUT_MS,
      ...(body && { body }),
    });
    const text = (await response.body.text()).slice(0, 4000);
    const code = /<Code>([\w.]{1,80})<\/Code>/.exec(text)?.[1];
    return { status: response.statusCode, problem: failed(code ?? `HTTP ${response.statusCode}`) };
  } catch (error) {
    return { status: 0, problem: failed(reasonOf(error)) };
  }
}

function urlOf({ endpoint, bucket, pathStyle }: BucketSettings, name: string): URL {
  const url = new URL(endpoint);
  const [path = "", query] = name.split("?");
  const folder = url.pathname.replace(/\/$/, "");
  if (!pathStyle) url.hostname = `${bucket}.${url.hostname}`;
  url.pathname = [folder, ...(pathStyle ? [bucket] : []), path].join("/");
  if (query !== undefined) url.search = query;
  return url;
}

function signer(
  { keys, region }: BucketSettings,
  method: string,
  url: URL,
  more: { readonly headers?: Readonly<Record<string, string>>; readonly signQuery?: true },
): AwsV4Signer {
  return new AwsV4Signer({ ...keys, ...more, method, url: url.href, service: "s3", region });
}
