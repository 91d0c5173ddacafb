import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { digestOf } from "../../src/base/digest.ts";
import { openS3Store, type S3Settings } from "../../src/service/s3-store.ts";
import type { Content, RemoteObject, RemoteStore } from "../../src/store/remote-store.ts";
import { S3_KEYS } from "../support/s3-stub.ts";

export interface Bucket {
  readonly settings: S3Settings;
  close(): Promise<void>;
}

const signal = new AbortController().signal;

function clip(text: string): {
  readonly object: RemoteObject;
  readonly bytes: Buffer;
  readonly content: Content;
} {
  const bytes = Buffer.from(text);
  const object = { digest: digestOf(bytes), format: "mp4", bytes: bytes.length };
  return { object, bytes, content: contentOf(bytes) };
}

/** In two pieces, as a file is read. */
export function contentOf(bytes: Uint8Array): Content {
  return {
    *chunks() {
      yield bytes.subarray(0, 3);
      yield bytes.subarray(3);
    },
  };
}

async function textOf(store: RemoteStore, object: RemoteObject): Promise<string> {
  const got = await store.get(object, signal);
  if (got.kind !== "open") return got.kind;
  const chunks: Uint8Array[] = [];
  for await (const chunk of got.body) chunks.push(chunk);
  return Buffer.concat(chunks).toString();
}

/** What every S3-compatible server must do for us, the stub of the other tests included. */
export function describeBucket(server: string, start: () => Promise<Bucket>): void {
  let bucket: Bucket;
  let store: RemoteStore;
  beforeAll(async () => {
    bucket = await start();
    store = openS3Store(bucket.settings);
  });
  afterAll(async () => {
    await store.close();
    await bucket.close();
  });

  /** The same bucket with other settings, for one call. */
  async function otherwise<T>(
    more: Partial<S3Settings>,
    work: (store: RemoteStore) => Promise<T>,
  ): Promise<T> {
    const other = openS3Store({ ...bucket.settings, ...more });
    return work(other).finally(() => other.close());
  }

  describe(server, () => {
    test("takes bytes under their digest, tells what it has, and gives them back", async () => {
      const { object, bytes, content } = clip("first");
      expect(await store.has(object, signal)).toEqual({ kind: "absent" });
      expect(await textOf(store, object)).toBe("absent");
      expect(await store.putIfAbsent(object, content, signal)).toEqual({ kind: "put" });
      expect(await store.has(object, signal)).toEqual({ kind: "there" });
      expect(await store.has({ ...object, bytes: 1 }, signal)).toEqual({ kind: "other" });
      expect(await textOf(store, object)).toBe(String(bytes));
    });

    test("is written once: of eight at the same time one comes first", async () => {
      const { object, content, bytes } = clip("of all");
      const puts = await Promise.all(
        Array.from({ length: 8 }, () => store.putIfAbsent(object, content, signal)),
      );
      expect(puts.map(({ kind }) => kind).sort()).toEqual(["put", ...Array<string>(7).fill("there")]);
      expect(await textOf(store, object)).toBe(String(bytes));
    });

    test("refuses bytes that are not those of the name", async () => {
      const { object } = clip("the bytes of a clip");
      const put = await store.putIfAbsent(object, contentOf(Buffer.from("the bytes of a clap")), signal);
      expect(put).toMatchObject({ kind: "failed", mayPass: false });
      expect(await store.has(object, signal)).toEqual({ kind: "absent" });
    });

    test("is probed without naming an object", async () => {
      expect(await store.probe(signal)).toEqual({ kind: "answers", note: "" });
    });

    test("gives its bytes to whoever has the link, also in parts", async () => {
      const { object, content, bytes } = clip("0123456789");
      await store.putIfAbsent(object, content, signal);
      const link = await store.presign(object, 60);
      const whole = await fetch(link);
      expect([await whole.text(), whole.headers.get("content-type")]).toEqual([String(bytes), "video/mp4"]);
      const part = await fetch(link, { headers: { range: "bytes=4-6" } });
      expect([part.status, await part.text()]).toEqual([206, "456"]);
    });

    test("answers a link's GET alone: a HEAD on it is refused, and a PUT", async () => {
      const { object, content } = clip("for reading");
      await store.putIfAbsent(object, content, signal);
      const link = await store.presign(object, 60);
      expect((await fetch(link, { method: "HEAD" })).status).toBe(403);
      expect((await fetch(link, { method: "PUT", body: "x" })).status).toBe(403);
      expect((await fetch(link.replace(/\?.*/, ""))).status).toBe(403);
    });

    test("refuses a link whose time is over", async () => {
      const { object, content } = clip("for a minute");
      await store.putIfAbsent(object, content, signal);
      const linkOf = (age: number): Promise<string> =>
        otherwise({ now: () => Date.now() - age }, (earlier) => earlier.presign(object, 60));
      expect((await fetch(await linkOf(40_000))).status).toBe(200);
      expect((await fetch(await linkOf(62_000))).status).toBe(403);
    });

    test.each([
      ["for another object", (link: string) => link.replace(/[0-9a-f]{64}/, digestOf("of all"))],
      ["for a longer time", (link: string) => link.replace("X-Amz-Expires=60", "X-Amz-Expires=600")],
      ["with another signature", (link: string) => link.replace(/.$/, (end) => (end === "0" ? "1" : "0"))],
    ])("refuses a link that was changed to be one %s", async (_, change) => {
      const { object, content } = clip("as signed");
      await store.putIfAbsent(object, content, signal);
      const link = await store.presign(object, 60);
      expect(change(link)).not.toBe(link);
      expect((await fetch(change(link))).status).toBe(403);
    });

    test.each([
      [{ keys: { ...S3_KEYS, secretAccessKey: "wrong" } }, /SignatureDoesNotMatch: the secret key is wrong/],
      [{ keys: { ...S3_KEYS, accessKeyId: "WRONG" } }, /InvalidAccessKeyId: the access key is not known/],
      [{ now: () => Date.now() - 3_600_000 }, /RequestTimeTooSkewed: the clock of this machine/],
      [{ bucket: "none" }, /NoSuchBucket: create it, or correct/],
    ])("says what is wrong with %j", async (more, words) => {
      const { object, content } = clip("never there");
      const answers = await otherwise(more, async (wrong) => [
        await wrong.putIfAbsent(object, content, signal),
        await wrong.get(object, signal),
        await wrong.probe(signal),
      ]);
      for (const one of answers)
        expect(one).toEqual({ kind: "failed", message: expect.stringMatching(words), mayPass: false });
    });
  });
}
