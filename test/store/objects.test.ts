import { createHash } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { diskFiles, type Files } from "../../src/store/files.ts";
import { ObjectStore } from "../../src/store/objects.ts";
import {
  breakable,
  diskError,
  failingOnce,
  listFiles,
  memoryFiles,
  watched,
  type Operation,
} from "../support/memory-files.ts";
import { PowerLossDisk } from "../support/power-loss.ts";

const HIDDEN = "/project/.storyc";
const BYTES = Buffer.from("the bytes of a clip");
const DIGEST = createHash("sha256").update(BYTES).digest("hex");
const OBJECT = `objects/${DIGEST.slice(0, 2)}/${DIGEST}.mp4`;

const real = mkdtempSync(join(tmpdir(), "storyc-objects-"));
afterAll(() => rmSync(real, { recursive: true, force: true }));

function put(store: ObjectStore, bytes: Uint8Array = BYTES): string {
  const incoming = store.receive();
  incoming.write(bytes);
  const { digest } = incoming.finish();
  incoming.keep(digest);
  incoming.discard();
  return digest;
}

let count = 0;
const DISKS: readonly [string, () => { files: Files; folder: string }][] = [
  ["in memory", () => ({ files: memoryFiles(), folder: HIDDEN })],
  ["on the disk", () => ({ files: diskFiles, folder: join(real, String(count++)) })],
];

describe.each(DISKS)("%s", (_, open) => {
  test("bytes that came in pieces stand under their SHA-256, and nowhere else", () => {
    const { files, folder } = open();
    const store = new ObjectStore(files, folder);
    expect(store.has(DIGEST)).toBe(false);
    const incoming = store.receive();
    incoming.write(BYTES.subarray(0, 5));
    incoming.write(BYTES.subarray(5));
    expect(incoming.received).toBe(BYTES.length);
    expect(incoming.finish()).toEqual({ digest: DIGEST, bytes: BYTES.length });
    expect(store.has(DIGEST)).toBe(false);
    expect(files.readFileSync(incoming.path)).toEqual(BYTES);
    incoming.keep(DIGEST);
    incoming.discard();
    expect(listFiles(files, folder)).toEqual([OBJECT]);
    expect(files.readFileSync(store.pathOf(DIGEST))).toEqual(BYTES);
  });

  test("bytes that are discarded leave nothing, whenever that is", () => {
    const { files, folder } = open();
    const store = new ObjectStore(files, folder);
    store.receive().discard();
    const begun = store.receive();
    begun.write(BYTES);
    begun.discard();
    const finished = store.receive();
    finished.write(BYTES);
    finished.finish();
    finished.discard();
    finished.discard();
    expect(listFiles(files, folder)).toEqual([]);
  });

  test("the same bytes twice are one object, which is not written again", () => {
    const { files, folder } = open();
    const store = new ObjectStore(files, folder);
    put(store);
    const before = files.statSync(store.pathOf(DIGEST)).ino;
    put(store);
    expect(files.statSync(store.pathOf(DIGEST)).ino).toBe(before);
    expect(listFiles(files, folder)).toEqual([OBJECT]);
  });

  test("bytes that begin anew count from the beginning", () => {
    const { files, folder } = open();
    const store = new ObjectStore(files, folder);
    const incoming = store.receive();
    incoming.write(Buffer.from("bytes of another place that are longer than the clip"));
    incoming.restart();
    incoming.write(BYTES);
    expect(incoming.finish()).toEqual({ digest: DIGEST, bytes: BYTES.length });
    expect(files.readFileSync(incoming.path)).toEqual(BYTES);
    incoming.discard();
  });

  test("a clip is shown under a name, again under the same, and in place of another", () => {
    const { files, folder } = open();
    const store = new ObjectStore(files, folder);
    const other = put(store, Buffer.from("another clip"));
    put(store);
    const shown = join(folder, "renders/dawn.mp4");
    store.expose(other, shown);
    store.expose(DIGEST, shown);
    store.expose(DIGEST, shown);
    expect(files.readFileSync(shown)).toEqual(BYTES);
    expect(listFiles(files, join(folder, "renders"))).toEqual(["dawn.mp4"]);
    expect(files.readFileSync(store.pathOf(other), "utf8")).toBe("another clip");
  });

  test("what a dead run has left half received is swept away, and nothing else", () => {
    const { files, folder } = open();
    const store = new ObjectStore(files, folder);
    store.sweepIncoming();
    put(store);
    store.receive().write(BYTES);
    store.sweepIncoming();
    expect(listFiles(files, folder)).toEqual([OBJECT]);
  });
});

test("where the disk has no links, a clip is shown as a copy", () => {
  const files = memoryFiles();
  const store = new ObjectStore(
    watched(files, (operation) => {
      if (operation === "linkSync") throw diskError("ENOTSUP", operation);
    }),
    HIDDEN,
  );
  put(store);
  store.expose(DIGEST, "/project/renders/dawn.mp4");
  expect(files.readFileSync("/project/renders/dawn.mp4")).toEqual(BYTES);
});

test("an object that was kept survives a loss of power, its new folder included", () => {
  const disk = new PowerLossDisk(memoryFiles());
  const store = new ObjectStore(disk.files, HIDDEN);
  put(store);
  expect(new ObjectStore(disk.after(), HIDDEN).has(DIGEST)).toBe(true);
  expect(disk.after().readFileSync(store.pathOf(DIGEST))).toEqual(BYTES);
});

test("an object survives a loss of power also where a killed run made its folders and did not flush them", () => {
  const disk = new PowerLossDisk(memoryFiles());
  const store = new ObjectStore(disk.files, HIDDEN);
  disk.files.mkdirSync(store.pathOf(DIGEST).replace(/\/[^/]*$/, ""), { recursive: true });
  put(store);
  // The journal flushes the project's folder.
  const fd = disk.files.openSync("/project", "r");
  disk.files.fsyncSync(fd);
  expect(disk.after().readFileSync(store.pathOf(DIGEST))).toEqual(BYTES);
});

const OPERATIONS: readonly Operation[] = [
  "mkdirSync",
  "openSync",
  "writeSync",
  "fsyncSync",
  "closeSync",
  "renameSync",
];
test.each(OPERATIONS)(
  "when %s fails, nothing false stands under a digest, and the next try succeeds",
  (operation) => {
    for (let nth = 0; ; nth++) {
      const files = memoryFiles();
      const fault = failingOnce(files, operation, nth, "ENOSPC");
      const store = new ObjectStore(fault.files, HIDDEN);
      let incoming: ReturnType<ObjectStore["receive"]> | undefined;
      let thrown: unknown;
      try {
        incoming = store.receive();
        incoming.write(BYTES);
        incoming.keep(incoming.finish().digest);
      } catch (error) {
        thrown = error;
      } finally {
        incoming?.discard();
      }
      if (!fault.happened()) {
        expect(nth).toBeGreaterThan(0);
        break;
      }
      expect(thrown).toMatchObject({ code: "ENOSPC" });
      if (store.has(DIGEST)) expect(files.readFileSync(store.pathOf(DIGEST))).toEqual(BYTES);
      put(store);
      expect(listFiles(files, `${HIDDEN}/objects`)).toHaveLength(1);
      expect(listFiles(files, HIDDEN).filter((name) => name.startsWith("incoming"))).toEqual([]);
    }
  },
);

test("a restart that meets a full disk tells of the full disk", () => {
  const files = memoryFiles();
  const disk = breakable(files);
  const incoming = new ObjectStore(disk.files, HIDDEN).receive();
  disk.broken.now = "ENOSPC";
  expect(() => incoming.restart()).toThrow("ENOSPC");
  incoming.discard();
  expect(listFiles(files, HIDDEN)).toEqual([]);
});
