import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { digestOf } from "../../src/base/digest.ts";
import { openS3Store, type S3Settings } from "../../src/service/s3-store.ts";
import type { RemoteObject, RemoteStore } from "../../src/store/remote-store.ts";
import { startS3Stub, S3_KEYS, type S3Stub } from "../support/s3-stub.ts";
import { contentOf, describeBucket } from "./s3-contract.ts";

const BYTES = Buffer.from("the bytes of a clip");
const CLIP: RemoteObject = { digest: digestOf(BYTES), format: "mp4", bytes: BYTES.length };
const signal = new AbortController().signal;

function settingsOf(stub: S3Stub, more: Partial<S3Settings> = {}): S3Settings {
  const at = { endpoint: new URL(stub.url), bucket: stub.bucket, region: "eu-test-1", pathStyle: true };
  return { ...at, prefix: "acts/one/", keys: S3_KEYS, env: {}, ...more };
}

describeBucket("the bucket of these tests", async () => {
  const stub = await startS3Stub();
  return { settings: settingsOf(stub), close: () => stub.close() };
});

let stub: S3Stub;
const opened: RemoteStore[] = [];

beforeAll(async () => {
  stub = await startS3Stub();
});
afterAll(() => stub.close());
afterEach(async () => {
  await Promise.all(opened.splice(0).map((store) => store.close()));
  stub.objects.clear();
  stub.requests.length = 0;
  Object.assign(stub, { now: Date.now, fault: () => undefined, knowsCondition: true, mayList: true });
});

function open(more: Partial<S3Settings> = {}): RemoteStore {
  const store = openS3Store(settingsOf(stub, more));
  opened.push(store);
  return store;
}

describe("a request", () => {
  test("names its object by prefix, digest and format", async () => {
    await open().putIfAbsent(CLIP, contentOf(BYTES), signal);
    expect([...stub.objects.keys()]).toEqual([`acts/one/${CLIP.digest}.mp4`]);
  });

  test("has the bucket in the host's name where the server wants it there", async () => {
    const aws = { endpoint: new URL("https://s3.eu-test-1.amazonaws.com"), pathStyle: false };
    const link = new URL(await open(aws).presign(CLIP, 86_400));
    expect([link.host, link.pathname]).toEqual([
      "films.s3.eu-test-1.amazonaws.com",
      `/acts/one/${CLIP.digest}.mp4`,
    ]);
  });

  test("carries the token of temporary keys, signed", async () => {
    const store = open({ keys: { ...S3_KEYS, sessionToken: "of an hour" } });
    expect(await store.putIfAbsent(CLIP, contentOf(BYTES), signal)).toEqual({ kind: "put" });
    expect(stub.requests[0]?.headers["x-amz-security-token"]).toBe("of an hour");
    expect((await fetch(await store.presign(CLIP, 60))).status).toBe(200);
  });

  test("goes without the condition to a server that does not know it", async () => {
    stub.knowsCondition = false;
    expect(await open().putIfAbsent(CLIP, contentOf(BYTES), signal)).toEqual({ kind: "put" });
    expect(stub.requests.map(({ headers }) => headers["if-none-match"])).toEqual(["*", undefined]);
  });
});

describe("an answer", () => {
  test("that forbids to ask for what is not there says nothing of the keys", async () => {
    stub.mayList = false;
    const store = open();
    expect(await store.has(CLIP, signal)).toEqual({ kind: "unsure" });
    expect(await store.putIfAbsent(CLIP, contentOf(BYTES), signal)).toEqual({ kind: "put" });
    expect(await store.has(CLIP, signal)).toEqual({ kind: "there" });
    expect(await store.probe(signal)).toEqual({
      kind: "answers",
      note: expect.stringMatching(/may not list/),
    });
  });

  test("of a busy server may be another one later", async () => {
    stub.fault = () => [503, "SlowDown"];
    const failed = await open().putIfAbsent(CLIP, contentOf(BYTES), signal);
    expect(failed).toEqual({ kind: "failed", message: expect.stringMatching(/SlowDown/), mayPass: true });
  });

  test("that never comes is told with the bucket's name and without keys", async () => {
    stub.fault = () => "hang-up";
    const store = open();
    for (const failed of [
      await store.putIfAbsent(CLIP, contentOf(BYTES), signal),
      await store.has(CLIP, signal),
      await store.get(CLIP, signal),
      await store.probe(signal),
    ]) {
      const message = expect.stringMatching(/^the bucket `films` at 127\.0\.0\.1:\d+ cannot be reached: /);
      expect(failed).toEqual({ kind: "failed", message, mayPass: true });
      expect(JSON.stringify(failed)).not.toContain(S3_KEYS.secretAccessKey);
    }
  });

  test("that is waited for no longer is told in words: a run that ends, a server that is too slow", async () => {
    const silent = createServer(() => undefined);
    await new Promise<void>((resolve) => silent.listen(0, "127.0.0.1", resolve));
    try {
      const { port } = silent.address() as AddressInfo;
      const store = open({ endpoint: new URL(`http://127.0.0.1:${port}`) });
      const interrupt = new AbortController();
      const asked = new Promise((resolve) => silent.once("request", resolve));
      const put = store.putIfAbsent(CLIP, contentOf(BYTES), interrupt.signal);
      await asked;
      interrupt.abort();
      expect(await put).toMatchObject({ message: expect.stringMatching(/has not answered: broken off$/) });
      expect(await store.probe(AbortSignal.timeout(1))).toMatchObject({
        message: expect.stringMatching(/has not answered: no answer within the time allowed$/),
      });
    } finally {
      silent.closeAllConnections();
      silent.close();
    }
  });
});
