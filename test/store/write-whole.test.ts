import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { diskFiles, readText, writeWhole, type Files } from "../../src/store/files.ts";
import { diskError, failingOnce, listFiles, memoryFiles, watched, WRITING } from "../support/memory-files.ts";
import { PowerLossDisk } from "../support/power-loss.ts";

const real = mkdtempSync(join(tmpdir(), "storyc-store-"));
afterAll(() => rmSync(real, { recursive: true, force: true }));

let folders = 0;
const DISKS: readonly [string, () => { files: Files; folder: string }][] = [
  ["in memory", () => ({ files: memoryFiles(), folder: "/project" })],
  ["on the disk", () => ({ files: diskFiles, folder: join(real, String(folders++)) })],
];

describe.each(DISKS)("%s", (_, open) => {
  test("a file that is written whole has the new content, and nothing else stands beside it", () => {
    const { files, folder } = open();
    writeWhole(files, join(folder, "deep/er/lock.json"), "one");
    writeWhole(files, join(folder, "deep/er/lock.json"), new Uint8Array([50]));
    expect(listFiles(files, folder)).toEqual(["deep/er/lock.json"]);
    expect(readText(files, join(folder, "deep/er/lock.json"))).toBe("2");
  });

  const faults = WRITING.filter((operation) => operation !== "mkdirSync").flatMap((operation) =>
    ["ENOSPC", "EIO", "EACCES"].map((code) => ({ operation, code })),
  );
  test.each(faults)(
    "when $operation fails with $code, the file is the old one or the new one, and the error is told",
    ({ operation, code }) => {
      for (let nth = 0; ; nth++) {
        const { files, folder } = open();
        const path = join(folder, "lock.json");
        writeWhole(files, path, "old content");
        const fault = failingOnce(files, operation, nth, code);
        const write = (): void => writeWhole(fault.files, path, "new content");
        let thrown: unknown;
        try {
          write();
        } catch (error) {
          thrown = error;
        }
        if (!fault.happened()) {
          expect(thrown).toBeUndefined();
          expect(nth).toBeGreaterThan(0);
          break;
        }
        expect(thrown).toMatchObject({ code });
        expect(["old content", "new content"]).toContain(readText(files, path));
        expect(listFiles(files, folder)).toEqual(["lock.json"]);
        writeWhole(files, path, "after");
        expect(readText(files, path)).toBe("after");
      }
    },
  );
});

test("a folder that cannot be made is told, and nothing is there", () => {
  const files = memoryFiles();
  const fault = failingOnce(files, "mkdirSync", 0, "EACCES");
  expect(() => writeWhole(fault.files, "/project/new/lock.json", "x")).toThrow("EACCES");
  expect(listFiles(files, "/project")).toEqual([]);
});

test("a file that was never there stays away when it cannot be written", () => {
  const files = memoryFiles();
  const fault = failingOnce(files, "writeSync", 0, "ENOSPC");
  expect(() => writeWhole(fault.files, "/project/lock.json", "x")).toThrow("ENOSPC");
  expect(listFiles(files, "/project")).toEqual([]);
});

test("a disk that takes a few bytes at a time gets all of them", () => {
  const files = memoryFiles();
  const slow = Object.assign(Object.create(files) as Files, {
    writeSync: (fd: number, bytes: Uint8Array, at: number) => files.writeSync(fd, bytes, at, 1),
  });
  writeWhole(slow, "/project/lock.json", "many bytes, 灯塔");
  expect(readText(files, "/project/lock.json")).toBe("many bytes, 灯塔");
});

test("the content is flushed before the name, and the name before the return", () => {
  const files = memoryFiles();
  const seen: string[] = [];
  writeWhole(
    watched(files, (operation) => seen.push(operation)),
    "/project/lock.json",
    "x",
  );
  const order = seen.filter((operation) => ["writeSync", "fsyncSync", "renameSync"].includes(operation));
  expect(order).toEqual(["writeSync", "fsyncSync", "renameSync", "fsyncSync"]);
});

test("what was written whole survives a loss of power, in a folder that is new as well", () => {
  const disk = new PowerLossDisk(memoryFiles());
  writeWhole(disk.files, "/project/a/b/lock.json", "kept");
  expect(readText(disk.after(), "/project/a/b/lock.json")).toBe("kept");
});

test("a file that is missing is undefined, and one that cannot be read is an error", () => {
  const files = memoryFiles();
  expect(readText(files, "/project/none")).toBeUndefined();
  const unreadable = watched(files, (operation) => {
    if (operation === "readFileSync") throw diskError("EIO", operation);
  });
  expect(() => readText(unreadable, "/project/none")).toThrow("EIO");
});
