import { expect, test } from "vitest";
import { downloadClip } from "../../src/execute/download.ts";
import type { DownloadOutcome } from "../../src/seedance/outcome.ts";
import { inTurn, openBytes, serviceError } from "../support/fake-service.ts";
import { settle } from "../support/held.ts";
import { breakable, listFiles, memoryFiles } from "../support/memory-files.ts";
import { HIDDEN, openRig, VIDEO, type Rig, type RigOptions } from "../support/rig.ts";
import { loweredOf } from "../support/scenes.ts";

const BYTES = Buffer.from("0123456789");
const GONE: DownloadOutcome = { kind: "gone", error: serviceError("", "HTTP 403") };
const UNREADABLE: DownloadOutcome = { kind: "unreadable", error: serviceError("", "HTTP 503") };

function start(options: RigOptions & { sound?: boolean } = {}): {
  rig: Rig;
  run(): ReturnType<typeof downloadClip>;
} {
  const rig = openRig(options);
  const lowered = { ...loweredOf({ id: "dawn" }), generate_audio: options.sound ?? true };
  return { rig, run: () => rig.clock.until(downloadClip(rig, lowered, "t1", "https://files/first")) };
}

function stored(rig: Rig): string[] {
  return listFiles(rig.files, HIDDEN);
}

test("a download that breaks off goes on where it broke off", async () => {
  const { rig, run } = start();
  rig.service.onDownload = (_url, from) => openBytes(BYTES, from, from < 8 ? 4 : undefined);
  expect(await run()).toMatchObject({ kind: "stored", clip: { bytes: 10 } });
  expect(rig.service.downloads.map(({ from }) => from)).toEqual([0, 4, 8]);
  expect(stored(rig)).toHaveLength(1);
});

test("a server that begins anew is heard from the beginning", async () => {
  const { rig, run } = start();
  rig.service.onDownload = (_url, from) => openBytes(BYTES, 0, from === 0 ? 4 : undefined);
  const done = await run();
  if (done.kind !== "stored") throw new Error(done.message);
  expect(rig.files.readFileSync(rig.store.pathOf(done.clip.sha256))).toEqual(BYTES);
});

test("bytes of another place than was asked for are not glued to those that are here", async () => {
  const { rig, run } = start();
  const elsewhere = openBytes(BYTES, 7);
  rig.service.onDownload = inTurn(openBytes(BYTES, 0, 4), elsewhere, openBytes(BYTES));
  const done = await run();
  if (done.kind !== "stored") throw new Error(done.message);
  expect(rig.files.readFileSync(rig.store.pathOf(done.clip.sha256))).toEqual(BYTES);
});

test("a link that is gone is asked for anew at the task", async () => {
  const { rig, run } = start();
  rig.service.onPoll = () => ({ kind: "succeeded", url: "https://files/fresh" });
  rig.service.onDownload = (url) => (url.endsWith("fresh") ? openBytes(BYTES) : GONE);
  expect(await run()).toMatchObject({ kind: "stored" });
  expect(rig.service.polls).toEqual(["t1"]);
});

test("bytes that end too early are never stored, and told", async () => {
  const { rig, run } = start();
  rig.service.onDownload = (_url, from) =>
    ({ ...(openBytes(BYTES, from) as object), bytes: 25 }) as DownloadOutcome;
  const done = await run();
  expect(done).toMatchObject({ kind: "failed", message: /of 25 bytes came/ });
  expect(stored(rig)).toEqual([]);
});

test("a service in trouble is tried five times, longer apart each time", async () => {
  const { rig, run } = start();
  rig.service.onDownload = () => UNREADABLE;
  expect(await run()).toEqual({ kind: "failed", message: "HTTP 503" });
  expect(rig.clock.slept).toEqual([1000, 2000, 4000, 8000]);
  expect(stored(rig)).toEqual([]);
});

test("what is no video is not kept", async () => {
  for (const facts of [
    { kind: "unreadable", bytes: 10, reason: "is HTML" },
    { kind: "image", format: "png", bytes: 10, width: 1, height: 1 },
  ] as const) {
    const { rig, run } = start({ facts });
    expect(await run()).toMatchObject({ kind: "failed", message: /not a playable clip/ });
    expect(stored(rig)).toEqual([]);
  }
});

test("what came otherwise than asked is kept, and told", async () => {
  const facts = { ...VIDEO, width: 640, height: 640 } as typeof VIDEO;
  expect(await start({ facts }).run()).toMatchObject({
    kind: "stored",
    differences: ["640×640 came, 864×496 was asked"],
  });
  expect(await start({ sound: false }).run()).toMatchObject({
    differences: ["no sound was asked, but some came"],
  });
});

test("the same clip twice is stored once", async () => {
  const { rig, run } = start();
  rig.service.onDownload = () => openBytes(BYTES);
  await run();
  await run();
  expect(stored(rig)).toHaveLength(1);
});

test("a full disk ends the download with its own words, and leaves nothing half", async () => {
  const disk = breakable(memoryFiles());
  const { rig, run } = start({ files: disk.files });
  rig.service.onDownload = () => {
    disk.broken.now = "ENOSPC";
    return openBytes(BYTES);
  };
  await expect(run()).rejects.toThrow("ENOSPC");
  expect(stored(rig)).toEqual([]);
});

test("a download under way may end within the moment after an interrupt, and is given up after it", async () => {
  const { rig, run } = start();
  rig.service.onDownload = () => {
    rig.interrupt.abort();
    return openBytes(BYTES);
  };
  expect(await run()).toMatchObject({ kind: "stored" });
  rig.grace.release(undefined);
  await settle();
  expect(await run()).toMatchObject({ kind: "failed" });
});

/** Bytes as a server sends them that says what it calls them. */
function named(bytes: Buffer, version: string, from = 0, breakAfter?: number): DownloadOutcome {
  return { ...openBytes(bytes, from, breakAfter), version } as DownloadOutcome;
}

test("what is here is named to the server, and another file is not glued to it", async () => {
  const { rig, run } = start();
  const other = Buffer.from("abcdefghij");
  rig.service.onDownload = inTurn(named(BYTES, '"1"', 0, 4), named(other, '"2"', 4), named(other, '"2"'));
  const done = await run();
  if (done.kind !== "stored") throw new Error(done.message);
  expect(rig.files.readFileSync(rig.store.pathOf(done.clip.sha256))).toEqual(other);
  expect(rig.service.downloads.map(({ from, version }) => [from, version])).toEqual([
    [0, undefined],
    [4, '"1"'],
    [0, undefined],
  ]);
});

test("neither is one of another length, where the server names nothing", async () => {
  const { rig, run } = start();
  const other = Buffer.from("abcdefghijkl");
  rig.service.onDownload = inTurn(openBytes(BYTES, 0, 4), openBytes(other, 4), openBytes(other));
  const done = await run();
  if (done.kind !== "stored") throw new Error(done.message);
  expect(rig.files.readFileSync(rig.store.pathOf(done.clip.sha256))).toEqual(other);
});

test("a line that breaks off often but brings something each time is used to the end", async () => {
  const { rig, run } = start();
  const long = Buffer.alloc(30, "x");
  rig.service.onDownload = (_url, from) => openBytes(long, from, from < 29 ? 1 : undefined);
  expect(await run()).toMatchObject({ kind: "stored", clip: { bytes: 30 } });
  expect(new Set(rig.clock.slept)).toEqual(new Set([1000]));
});

test("a flood is a failure of this clip alone: nothing of it is kept, and it is not tried again", async () => {
  const { rig, run } = start();
  let returned = 0;
  const body: AsyncIterable<Uint8Array> = {
    [Symbol.asyncIterator]: () => ({
      next: () => Promise.resolve({ done: false, value: Buffer.alloc(1) }),
      return: () => (returned++, Promise.resolve({ done: true, value: undefined })),
    }),
  };
  rig.service.onDownload = () => ({ kind: "open", body, from: 0, bytes: 2 ** 31 });
  expect(await run()).toEqual({
    kind: "failed",
    message: "the service delivers more than 1 GiB for one clip",
  });
  expect([rig.service.downloads.length, returned, stored(rig)]).toEqual([1, 1, []]);
  expect(rig.stop.reason).toBeUndefined();
});

test("a flood whose length nobody tells is noticed on the way", async () => {
  const block = Buffer.alloc(64 * 1024 * 1024);
  async function* body(): AsyncGenerator<Uint8Array> {
    await Promise.resolve();
    for (;;) yield block;
  }
  const disk = { ...memoryFiles(), writeSync: (_fd: number, chunk: Uint8Array) => chunk.length };
  const { rig, run } = start({ files: disk as Rig["files"] });
  rig.service.onDownload = () => ({ kind: "open", body: body(), from: 0 });
  expect(await run()).toMatchObject({ kind: "failed", message: /more than 1 GiB/ });
});
