import { createHash } from "node:crypto";
import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import { AwsV4Signer } from "aws4fetch";

export const S3_KEYS = { accessKeyId: "AKIDSTUB", secretAccessKey: "stub/secret+key" };

export interface S3Stub {
  readonly endpoint: string;
  readonly objects: Map<string, Buffer>;
  /** Each request as `METHOD status`. */
  readonly log: string[];
  /** Milliseconds since 1970; the stub's clock. */
  now: number;
  close(): Promise<void>;
}

/** A store that believes nothing: it signs each request again with the secret and compares, and looks at its clock. */
export async function startS3Stub({ knowsConditions = true } = {}): Promise<S3Stub> {
  const objects = new Map<string, Buffer>();
  const log: string[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      void answer(request, Buffer.concat(chunks)).then(({ status, body, code }) => {
        log.push(`${request.method} ${status}`);
        const text = code === undefined ? body : Buffer.from(`<Error><Code>${code}</Code></Error>`);
        response.writeHead(status, { "content-length": text?.length ?? 0 });
        response.end(request.method === "HEAD" ? undefined : text);
      });
    });
  });
  await new Promise<void>((resolve) => void server.listen(0, "127.0.0.1", resolve));
  const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const answer = async (request: IncomingMessage, body: Buffer): Promise<Answer> => {
    const url = new URL(request.url ?? "", endpoint);
    const refusal = await refusalOf(request, url, body, stub.now);
    if (refusal !== undefined) return { status: 403, code: refusal };
    const object = objects.get(url.pathname);
    if (url.searchParams.has("list-type")) return { status: 200, body: Buffer.from("<ListBucketResult/>") };
    if (request.method !== "PUT")
      return object ? { status: 200, body: object } : { status: 404, code: "NoSuchKey" };
    if (request.headers["if-none-match"] !== undefined) {
      if (!knowsConditions) return { status: 501, code: "NotImplemented" };
      if (object) return { status: 412, code: "PreconditionFailed" };
    }
    objects.set(url.pathname, body);
    return { status: 200 };
  };
  const stub: S3Stub = {
    endpoint,
    objects,
    log,
    now: Date.now(),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
  return stub;
}

interface Answer {
  readonly status: number;
  readonly body?: Buffer;
  readonly code?: string;
}

async function refusalOf(
  request: IncomingMessage,
  url: URL,
  body: Buffer,
  now: number,
): Promise<string | undefined> {
  const given = url.searchParams.get("X-Amz-Signature");
  return given === null ? refuseHeaders(request, url, body) : refuseLink(request, url, given, now);
}

async function refuseHeaders(request: IncomingMessage, url: URL, body: Buffer): Promise<string | undefined> {
  const { authorization = "" } = request.headers;
  const names = /SignedHeaders=([^,]+)/.exec(authorization)?.[1]?.split(";") ?? [];
  if (names.length === 0) return "AccessDenied";
  const headers = Object.fromEntries(
    names.filter((name) => name !== "host").map((name) => [name, String(request.headers[name] ?? "")]),
  );
  const digest = String(request.headers["x-amz-content-sha256"]);
  if (digest !== createHash("sha256").update(body).digest("hex")) return "XAmzContentSHA256Mismatch";
  const datetime = String(request.headers["x-amz-date"]);
  const again = new AwsV4Signer({
    ...S3_KEYS,
    method: request.method ?? "",
    url: url.href,
    headers: { ...headers, "x-amz-content-sha256": digest },
    service: "s3",
    region: "eu-test-1",
    datetime,
  });
  const signed = await again.sign();
  return signed.headers.get("authorization") === authorization ? undefined : "SignatureDoesNotMatch";
}

async function refuseLink(
  request: IncomingMessage,
  url: URL,
  given: string,
  now: number,
): Promise<string | undefined> {
  const plain = new URL(url);
  for (const name of [...plain.searchParams.keys()])
    if (name !== "X-Amz-Expires") plain.searchParams.delete(name);
  const datetime = url.searchParams.get("X-Amz-Date") ?? "";
  const again = new AwsV4Signer({
    ...S3_KEYS,
    method: request.method ?? "",
    url: plain.href,
    service: "s3",
    region: "eu-test-1",
    datetime,
    signQuery: true,
  });
  const signed = await again.sign();
  if (signed.url.searchParams.get("X-Amz-Signature") !== given) return "SignatureDoesNotMatch";
  const [, y, mo, d, h, mi, s] =
    /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/.exec(datetime)?.map(Number) ?? [];
  const since = Date.UTC(y ?? 0, (mo ?? 1) - 1, d, h, mi, s);
  return now > since + Number(url.searchParams.get("X-Amz-Expires")) * 1000 ? "AccessDenied" : undefined;
}
