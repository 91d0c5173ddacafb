import { afterEach, expect, test } from "vitest";
import { digestOf } from "../../src/base/digest.ts";
import { openBucket, type Bucket, type BucketSettings } from "../../src/service/bucket.ts";
import { S3_KEYS, startS3Stub, type S3Stub } from "../support/s3-stub.ts";

const cleanups: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0)) await cleanup();
});

async function open(
  more: Partial<BucketSettings> = {},
  options: Parameters<typeof startS3Stub>[0] = {},
): Promise<{ stub: S3Stub; bucket: Bucket }> {
  const stub = await startS3Stub(options);
  const settings = { endpoint: stub.endpoint, bucket: "films", region: "eu-test-1", prefix: "storyc/" };
  const bucket = openBucket({ ...settings, pathStyle: true, keys: S3_KEYS, ...more }, {});
  cleanups.push(
    () => bucket.close(),
    () => stub.close(),
  );
  return { stub, bucket };
}

const BYTES = Buffer.from("the bytes of a clip");
const DIGEST = digestOf(BYTES);

test("bytes are put under their digest once, and read by a signed link without keys", async () => {
  const { stub, bucket } = await open();
  expect(await bucket.put(DIGEST, ".mp4", BYTES)).toEqual({ kind: "stored" });
  expect(await bucket.put(DIGEST, ".mp4", BYTES)).toEqual({ kind: "stored" });
  expect(stub.log).toEqual(["HEAD 404", "PUT 200", "HEAD 200"]);
  expect([...stub.objects.keys()]).toEqual([`/films/storyc/${DIGEST}.mp4`]);
  const link = await bucket.presign(DIGEST, ".mp4", 3600);
  const answer = await fetch(link);
  expect(Buffer.from(await answer.arrayBuffer())).toEqual(BYTES);
});

test("a link ends, and none that was altered works", async () => {
  const { stub, bucket } = await open();
  await bucket.put(DIGEST, ".mp4", BYTES);
  const link = await bucket.presign(DIGEST, ".mp4", 60);
  expect((await fetch(link.replace(/Signature=./, "Signature=0"))).status).toBe(403);
  expect((await fetch(link.replace("X-Amz-Expires=60", "X-Amz-Expires=90000"))).status).toBe(403);
  expect((await fetch(link, { method: "HEAD" })).status).toBe(403);
  expect((await fetch(link)).status).toBe(200);
  stub.now = Date.now() + 3_600_000;
  expect((await fetch(link)).status).toBe(403);
});

test("a server that knows no conditions is written to all the same", async () => {
  const { stub, bucket } = await open({}, { knowsConditions: false });
  expect(await bucket.put(DIGEST, ".mp4", BYTES)).toEqual({ kind: "stored" });
  expect(stub.log).toEqual(["HEAD 404", "PUT 501", "PUT 200"]);
});

test("bytes that are not those of the digest are refused by the server", async () => {
  const { stub, bucket } = await open();
  const other = await bucket.put(digestOf("other"), ".mp4", BYTES);
  expect(other).toMatchObject({ kind: "failed", message: /XAmzContentSHA256Mismatch/ });
  expect(stub.objects.size).toBe(0);
});

test("wrong keys and a store that is away are told, without a secret", async () => {
  const keys = { accessKeyId: "AKIDSTUB", secretAccessKey: "a wrong secret" };
  const { bucket } = await open({ keys });
  const refused = await bucket.put(DIGEST, ".mp4", BYTES);
  expect(refused).toMatchObject({ kind: "failed", message: /bucket films at .*SignatureDoesNotMatch/ });
  expect(JSON.stringify(refused)).not.toContain("wrong secret");
  expect(await bucket.problem()).toContain("SignatureDoesNotMatch");
  const away = openBucket(
    { endpoint: "http://127.0.0.1:1", bucket: "films", region: "r", prefix: "", pathStyle: true, keys },
    {},
  );
  expect(await away.put(DIGEST, ".mp4", BYTES)).toMatchObject({ message: /ECONNREFUSED/ });
  await away.close();
});

test("a bucket that answers has no problem", async () => {
  const { bucket } = await open();
  expect(await bucket.problem()).toBeUndefined();
});
