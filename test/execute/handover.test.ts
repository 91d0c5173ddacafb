import { expect, test } from "vitest";
import { openHandover, type Handed, type HandedMedium, type Way } from "../../src/execute/handover.ts";
import { ObjectStore } from "../../src/store/objects.ts";
import { memoryFiles } from "../support/memory-files.ts";
import { doneTake } from "../support/takes.ts";

const TAKE = doneTake(1);
const store = new ObjectStore(memoryFiles(), "/p/.storyc");

/** A way, and what it was asked for. */
function way(answer: Handed): Way & { readonly asked: [HandedMedium, boolean][] } {
  const asked: [HandedMedium, boolean][] = [];
  return {
    asked,
    urlOf: (medium, isHere) => {
      asked.push([medium, isHere]);
      return Promise.resolve(answer);
    },
  };
}

const link = (answer: Handed) => ({ linkOf: () => Promise.resolve(answer) });
const NO_LINK: Handed = { kind: "none", why: "no link" };
const BUCKET: Handed = { kind: "url", url: "https://bucket/clip" };

test("the provider's own link goes first: no other way is asked", async () => {
  const bucket = way(BUCKET);
  const own: Handed = { kind: "url", url: "https://files/1" };
  expect(await openHandover(link(own), [bucket], store).clipUrl(TAKE)).toEqual(own);
  expect(bucket.asked).toEqual([]);
});

test("then each way in turn, with the clip's digest and length, told whether its bytes are here", async () => {
  const [broken, bucket] = [way({ kind: "none", why: "the bucket is away" }), way(BUCKET)];
  expect(await openHandover(link(NO_LINK), [broken, bucket], store).clipUrl(TAKE)).toEqual(BUCKET);
  const [[medium, isHere] = []] = bucket.asked;
  expect(medium).toMatchObject({ format: "mp4", digest: TAKE.clip?.sha256, bytes: TAKE.clip?.bytes });
  expect(isHere).toBe(false);
});

test("where none leads there, why each one has failed is said", async () => {
  const broken = way({ kind: "none", why: "the bucket is away" });
  expect(await openHandover(link(NO_LINK), [broken], store).clipUrl(TAKE)).toEqual({
    kind: "none",
    why: "no link; the bucket is away",
  });
});
