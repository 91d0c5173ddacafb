import { expect, test } from "vitest";
import { digestOf } from "../../src/base/digest.ts";
import { BucketWay } from "../../src/execute/bucket-way.ts";
import type { HandedMedium } from "../../src/execute/handover.ts";
import type { RemoteFailure, RemoteStore } from "../../src/store/remote-store.ts";
import { FakeClock } from "../support/fake-clock.ts";
import { inTurn } from "../support/fake-service.ts";

const BYTES = Buffer.from("clip");
const CLIP: HandedMedium = {
  ...{ medium: "video", format: "mp4", digest: digestOf(BYTES), bytes: BYTES.length },
  chunks: () => [BYTES],
};
const BUSY: RemoteFailure = { kind: "failed", message: "the bucket is busy", mayPass: true };
const DENIED: RemoteFailure = { kind: "failed", message: "the bucket is closed", mayPass: false };

type Has = Awaited<ReturnType<RemoteStore["has"]>>;
type Put = Awaited<ReturnType<RemoteStore["putIfAbsent"]>>;

/** A bucket that answers as it is told; and what it was asked. */
function open(has: () => Has, put: () => Put = () => ({ kind: "put" })) {
  const clock = new FakeClock();
  const asked: string[] = [];
  let links = 0;
  const remote: RemoteStore = {
    name: "the bucket `films`",
    has: () => (asked.push("has"), Promise.resolve(has())),
    putIfAbsent: (_, { chunks }) => (
      asked.push(`put ${Buffer.concat([...chunks()]).toString()}`),
      Promise.resolve(put())
    ),
    presign: ({ digest }, seconds) => Promise.resolve(`https://b/${digest}?${seconds}#${++links}`),
    get: () => Promise.resolve({ kind: "absent" }),
    probe: () => Promise.resolve({ kind: "answers", note: "" }),
    close: () => Promise.resolve(),
  };
  const way = new BucketWay(remote, clock, new AbortController().signal);
  const urlOf = async (isHere = true): Promise<string> => {
    const handed = await clock.until(way.urlOf(CLIP, isHere));
    return handed.kind === "url" ? handed.url : handed.why;
  };
  return { asked, clock, urlOf };
}

test("what is not there is put there once, and each use of it gets a link of its own for a day", async () => {
  const { asked, urlOf } = open(() => ({ kind: "absent" }));
  const links = await Promise.all([urlOf(), urlOf()]);
  expect(links).toEqual([1, 2].map((n) => `https://b/${CLIP.digest}?86400#${n}`));
  expect(asked).toEqual(["has", "put clip"]);
});

test("what is there is not sent again, also when its bytes are not here any more", async () => {
  const { asked, urlOf } = open(() => ({ kind: "there" }));
  expect(await urlOf(false)).toMatch(/^https:/);
  expect(asked).toEqual(["has"]);
});

test("what the keys may not ask about is sent, under the condition that it is not there", async () => {
  const { asked, urlOf } = open(
    () => ({ kind: "unsure" }),
    () => ({ kind: "there" }),
  );
  expect(await urlOf()).toMatch(/^https:/);
  expect(asked).toEqual(["has", "put clip"]);
});

test("bytes that are neither here nor there have no way", async () => {
  const { asked, urlOf } = open(() => ({ kind: "absent" }));
  expect(await urlOf(false)).toBe("the bucket `films` does not have it, and its bytes are not here");
  expect(asked).toEqual(["has"]);
});

test("other bytes under the name are never written over, nor given out", async () => {
  const { asked, urlOf } = open(() => ({ kind: "other" }));
  expect(await urlOf()).toMatch(/holds other bytes under the name/);
  expect(asked).toEqual(["has"]);
});

test("what may pass is tried again with pauses, up to four times; what may not is told at once", async () => {
  const passing = open(inTurn<Has>(BUSY, { kind: "absent" }), inTurn<Put>(BUSY, BUSY, { kind: "put" }));
  expect(await passing.urlOf()).toMatch(/^https:/);
  const busy = open(() => BUSY);
  expect(await busy.urlOf()).toBe("the bucket is busy");
  expect(busy.asked).toHaveLength(4);
  expect(busy.clock.slept).toEqual([1000, 2000, 4000]);
  const denied = open(
    () => ({ kind: "absent" }),
    () => DENIED,
  );
  expect(await denied.urlOf()).toBe("the bucket is closed");
  expect(denied.asked).toEqual(["has", "put clip"]);
});

test("a failure is not remembered: a later use tries again", async () => {
  const { urlOf } = open(inTurn<Has>(DENIED, { kind: "there" }));
  expect(await urlOf()).toBe("the bucket is closed");
  expect(await urlOf()).toMatch(/^https:/);
});
