import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { diskFiles, readText, writeWhole, type Files } from "../../src/store/files.ts";
import { Journal, readJournal } from "../../src/store/journal.ts";
import { diskError, failingOnce, memoryFiles, watched } from "../support/memory-files.ts";
import { PowerLossDisk } from "../support/power-loss.ts";

const PATH = "/project/.storyc/journal/film.paid.jsonl";
const real = mkdtempSync(join(tmpdir(), "storyc-journal-"));
afterAll(() => rmSync(real, { recursive: true, force: true }));

let count = 0;
const DISKS: readonly [string, () => { files: Files; path: string }][] = [
  ["in memory", () => ({ files: memoryFiles(), path: PATH })],
  ["on the disk", () => ({ files: diskFiles, path: join(real, String(count++), "journal/film.jsonl") })],
];

describe.each(DISKS)("%s", (_, open) => {
  test("what was appended is read again in its order, also by another journal", () => {
    const { files, path } = open();
    const journal = new Journal(files, path);
    journal.append({ n: 1 });
    journal.append({ n: 2, text: "灯塔\n" });
    journal.close();
    const next = new Journal(files, path);
    next.append({ n: 3 });
    expect(next.read()).toEqual([{ n: 1 }, { n: 2, text: "灯塔\n" }, { n: 3 }]);
    next.close();
  });

  test("a torn last line is dropped, and the next line is not glued to it", () => {
    const { files, path } = open();
    const whole = '{"n":1}\n';
    for (const torn of ['{"n":', '{"n":2}', '{"name":"灯', "\0\0\0\0"]) {
      for (const lines of ["", whole]) {
        writeWhole(files, path, Buffer.from(lines + torn).subarray(0, -1));
        const before = lines === "" ? [] : [{ n: 1 }];
        expect(readJournal(files, path)).toEqual(before);
        const journal = new Journal(files, path);
        journal.append({ n: 3 });
        journal.close();
        expect(readJournal(files, path)).toEqual([...before, { n: 3 }]);
      }
    }
  });

  test("a cleared journal is gone, and can be written again", () => {
    const { files, path } = open();
    const journal = new Journal(files, path);
    journal.append({ n: 1 });
    journal.clear();
    expect(files.existsSync(path)).toBe(false);
    expect(journal.read()).toEqual([]);
    journal.append({ n: 2 });
    expect(journal.read()).toEqual([{ n: 2 }]);
    journal.clear();
    journal.clear();
    expect(files.existsSync(path)).toBe(false);
  });
});

test("a line is flushed before append returns", () => {
  const files = memoryFiles();
  const seen: string[] = [];
  const journal = new Journal(
    watched(files, (operation) => seen.push(operation)),
    PATH,
  );
  journal.append({ n: 1 });
  seen.length = 0;
  journal.append({ n: 2 });
  expect(seen).toEqual(["writeSync", "fsyncSync"]);
});

test("each line that was appended survives a loss of power", () => {
  const disk = new PowerLossDisk(memoryFiles());
  const journal = new Journal(disk.files, PATH);
  for (let n = 1; n < 4; n++) {
    journal.append({ n });
    expect(readJournal(disk.after(), PATH)).toHaveLength(n);
  }
});

test("folders that a killed run made and did not flush are flushed by the next one", () => {
  const disk = new PowerLossDisk(memoryFiles());
  disk.files.mkdirSync("/project/.storyc/journal", { recursive: true });
  new Journal(disk.files, PATH).append({ n: 1 });
  expect(readJournal(disk.after(), PATH)).toEqual([{ n: 1 }]);
});

test("an entry whose flush failed is not flushed with the next one", () => {
  const files = memoryFiles();
  let broken = false;
  const failing = watched(files, (operation) => {
    if (broken && operation === "fsyncSync") throw diskError("EIO", operation);
  });
  const journal = new Journal(failing, PATH);
  journal.append({ n: 1 });
  broken = true;
  expect(() => journal.append({ n: 2 })).toThrow("EIO");
  broken = false;
  journal.append({ n: 3 });
  expect(readJournal(files, PATH)).toEqual([{ n: 1 }, { n: 3 }]);
});

test("reading a journal changes nothing on the disk", () => {
  const files = memoryFiles();
  writeWhole(files, PATH, '{"n":1}\n{"n"');
  readJournal(files, PATH);
  expect(readText(files, PATH)).toBe('{"n":1}\n{"n"');
});

test.each(["ENOSPC", "EIO", "EACCES"])("an append that meets %s throws it", (code) => {
  for (const operation of ["mkdirSync", "openSync", "writeSync", "fsyncSync"] as const) {
    const files = memoryFiles();
    const fault = failingOnce(files, operation, 0, code);
    const journal = new Journal(fault.files, PATH);
    expect(() => journal.append({ n: 1 })).toThrow(code);
    expect(fault.happened()).toBe(true);
    journal.append({ n: 2 });
    expect(readJournal(files, PATH)).toEqual([{ n: 2 }]);
  }
});

test("a line that the disk took half of is dropped when the disk has room again", () => {
  const files = memoryFiles();
  let room = 1000;
  const small = Object.assign(Object.create(files) as Files, {
    writeSync: (fd: number, bytes: Uint8Array, at: number, length: number) => {
      if (room === 0) throw diskError("ENOSPC", "writeSync");
      const taken = files.writeSync(fd, bytes, at, Math.min(length, room));
      room -= taken;
      return taken;
    },
  });
  const journal = new Journal(small, PATH);
  journal.append({ n: 1 });
  room = 4;
  expect(() => journal.append({ n: 2 })).toThrow("ENOSPC");
  room = 1000;
  journal.append({ n: 3 });
  expect(journal.read()).toEqual([{ n: 1 }, { n: 3 }]);
});
