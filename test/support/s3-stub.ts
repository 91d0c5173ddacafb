import { createHash } from "node:crypto";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { AwsV4Signer } from "aws4fetch";

export const S3_KEYS = { accessKeyId: "TESTKEY", secretAccessKey: "TESTSECRET/with+signs" };

export interface S3Request {
  readonly method: string;
  /** Without the bucket; empty for the bucket itself. */
  readonly key: string;
  readonly headers: IncomingMessage["headers"];
  readonly isPresigned: boolean;
  readonly status: number;
}

export interface S3Stub {
  readonly url: string;
  readonly bucket: string;
  readonly objects: Map<string, { readonly bytes: Buffer; readonly type: string }>;
  readonly requests: S3Request[];
  /** Milliseconds since 1970, as the server's clock shows it. */
  now: () => number;
  /** What a request is answered without looking at it; HTTP status and code. */
  fault: (request: IncomingMessage) => readonly [status: number, code: string] | "hang-up" | undefined;
  /** False: a server that does not know `If-None-Match`. */
  knowsCondition: boolean;
  /** False: the keys may read and write objects, and not ask what is not there. */
  mayList: boolean;
  close(): Promise<void>;
}

type Answer = readonly [status: number, code: string];

/** A bucket in this process that really checks signatures, dates, expiry and digests, as Amazon's and Ceph's do. */
export async function startS3Stub(bucket = "films", keys = S3_KEYS): Promise<S3Stub> {
  const stub: S3Stub = {
    url: "",
    bucket,
    objects: new Map(),
    requests: [],
    now: Date.now,
    fault: () => undefined,
    knowsCondition: true,
    mayList: true,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
  const server = createServer((request, response) => void serve(stub, keys, request, response));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return Object.assign(stub, { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` });
}

async function serve(
  stub: S3Stub,
  keys: typeof S3_KEYS,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const url = new URL(request.url ?? "/", `http://${request.headers.host}`);
  const isPresigned = url.searchParams.has("X-Amz-Signature");
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const bytes = Buffer.concat(chunks);
  const [, bucket = "", ...rest] = decodeURIComponent(url.pathname).split("/");
  const key = rest.join("/");
  const fault = stub.fault(request);
  if (fault === "hang-up") return void request.socket.destroy();
  const problem =
    fault ??
    (await signatureProblem(url, request, bytes, keys, stub.now())) ??
    (bucket === stub.bucket ? undefined : ([404, "NoSuchBucket"] as const));
  const [status] = problem ? refuse(response, problem) : answer(stub, key, url, request, response, bytes);
  stub.requests.push({ method: request.method ?? "", key, headers: request.headers, isPresigned, status });
}

function refuse(response: ServerResponse, [status, code]: Answer): Answer {
  const body = `<?xml version="1.0"?><Error><Code>${code}</Code><Message>says ${code}</Message></Error>`;
  response.writeHead(status, { "content-type": "application/xml" }).end(body);
  return [status, code];
}

function answer(
  stub: S3Stub,
  key: string,
  url: URL,
  request: IncomingMessage,
  response: ServerResponse,
  bytes: Buffer,
): Answer {
  const { method } = request;
  if (key === "") {
    if (!stub.mayList) return refuse(response, [403, "AccessDenied"]);
    response
      .writeHead(200)
      .end(`<ListBucketResult><MaxKeys>${url.searchParams.get("max-keys")}</MaxKeys></ListBucketResult>`);
    return [200, ""];
  }
  if (method === "PUT") return put(stub, key, request, response, bytes);
  const found = stub.objects.get(key);
  if (!found) return refuse(response, stub.mayList ? [404, "NoSuchKey"] : [403, "AccessDenied"]);
  return send(found, request, response);
}

function put(
  stub: S3Stub,
  key: string,
  request: IncomingMessage,
  response: ServerResponse,
  bytes: Buffer,
): Answer {
  const condition = request.headers["if-none-match"];
  if (condition !== undefined && !stub.knowsCondition) return refuse(response, [501, "NotImplemented"]);
  if (condition === "*" && stub.objects.has(key)) return refuse(response, [412, "PreconditionFailed"]);
  stub.objects.set(key, { bytes, type: request.headers["content-type"] ?? "" });
  response.writeHead(200).end();
  return [200, ""];
}

function send(
  { bytes, type }: { readonly bytes: Buffer; readonly type: string },
  request: IncomingMessage,
  response: ServerResponse,
): Answer {
  const range = /^bytes=(\d+)-(\d*)$/.exec(request.headers.range ?? "");
  const from = Number(range?.[1] ?? 0);
  const to = Math.min(bytes.length, range?.[2] ? Number(range[2]) + 1 : bytes.length);
  if (from >= bytes.length) return refuse(response, [416, "InvalidRange"]);
  const part = bytes.subarray(from, to);
  response.writeHead(range ? 206 : 200, {
    "content-type": type,
    "content-length": part.length,
    ...(range && { "content-range": `bytes ${from}-${to - 1}/${bytes.length}` }),
  });
  response.end(request.method === "HEAD" ? undefined : part);
  return [range ? 206 : 200, ""];
}

const MOST_SKEW_MS = 15 * 60_000;

/** Signs the request once more, with the secret that this server knows, and compares. */
async function signatureProblem(
  url: URL,
  request: IncomingMessage,
  bytes: Buffer,
  keys: typeof S3_KEYS,
  now: number,
): Promise<Answer | undefined> {
  const signQuery = url.searchParams.has("X-Amz-Signature");
  const given = signQuery ? Object.fromEntries(url.searchParams) : headerFields(request);
  const { "X-Amz-Credential": credential = "", "X-Amz-Signature": signature } = given;
  const [accessKeyId, , region = ""] = credential.split("/");
  const datetime = given["X-Amz-Date"] ?? "";
  if (signature === undefined) return [403, "AccessDenied"];
  if (accessKeyId !== keys.accessKeyId) return [403, "InvalidAccessKeyId"];
  const signed = (given["X-Amz-SignedHeaders"] ?? "").split(";").filter((name) => name !== "host");
  const headers = Object.fromEntries(signed.map((name) => [name, String(request.headers[name])]));
  url.searchParams.delete("X-Amz-Signature");
  const method = request.method ?? "";
  const more = { service: "s3", region, datetime, signQuery, allHeaders: true };
  const own = new AwsV4Signer({ method, url: url.href, headers, ...keys, ...more });
  if ((await own.signature()) !== signature) return [403, "SignatureDoesNotMatch"];
  const age = now - dateOf(datetime);
  if (signQuery && age > Number(given["X-Amz-Expires"]) * 1000) return [403, "AccessDenied"];
  if (!signQuery && Math.abs(age) > MOST_SKEW_MS) return [403, "RequestTimeTooSkewed"];
  const said = request.headers["x-amz-content-sha256"];
  const isOther = said !== "UNSIGNED-PAYLOAD" && said !== createHash("sha256").update(bytes).digest("hex");
  return !signQuery && isOther ? [400, "XAmzContentSHA256Mismatch"] : undefined;
}

function headerFields(request: IncomingMessage): Readonly<Record<string, string>> {
  const fields = [
    ...(request.headers.authorization ?? "").matchAll(/(Credential|SignedHeaders|Signature)=([^,\s]+)/g),
  ];
  const entries = fields.map(([, name = "", value = ""]): [string, string] => [`X-Amz-${name}`, value]);
  return { ...Object.fromEntries(entries), "X-Amz-Date": String(request.headers["x-amz-date"] ?? "") };
}

/** `20260101T000000Z` in milliseconds since 1970. */
function dateOf(text: string): number {
  return Date.parse(text.replace(/^(....)(..)(..)T(..)(..)(..)Z$/, "$1-$2-$3T$4:$5:$6Z"));
}
