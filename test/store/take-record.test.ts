import { expect, test } from "vitest";
import { TakeRecord } from "../../src/store/take-record.ts";
import { writeWhole } from "../../src/store/files.ts";
import { listFiles, memoryFiles } from "../support/memory-files.ts";
import { PowerLossDisk } from "../support/power-loss.ts";
import { doneTake, intent } from "../support/takes.ts";

const HIDDEN = "/project/.storyc";
const { fingerprint } = intent();

test("a take is recalled by its fingerprint, by every later run", () => {
  const files = memoryFiles();
  const take = doneTake(1);
  new TakeRecord(files, HIDDEN, "paid").remember(take);
  expect(new TakeRecord(files, HIDDEN, "paid").recall(fingerprint)).toEqual([take]);
  expect(new TakeRecord(files, HIDDEN, "paid").recall(intent("another").fingerprint)).toEqual([]);
});

test("takes of one recipe are all kept, the same clip once", () => {
  const record = new TakeRecord(memoryFiles(), HIDDEN, "paid");
  record.remember(doneTake(1, "first"));
  record.remember(doneTake(2, "second"));
  record.remember(doneTake(3, "first"));
  expect(record.recall(fingerprint).map(({ take }) => take)).toEqual([2, 3]);
});

test("a rehearsal never recalls what was paid, nor the other way round", () => {
  const files = memoryFiles();
  new TakeRecord(files, HIDDEN, "rehearsal").remember(doneTake(1));
  expect(new TakeRecord(files, HIDDEN, "paid").recall(fingerprint)).toEqual([]);
});

test("a record that is damaged is none, and is written anew by the next take", () => {
  for (const text of ["", "{", "{}", "null", '"x"']) {
    const files = memoryFiles();
    const record = new TakeRecord(files, HIDDEN, "paid");
    record.remember(doneTake(1));
    const [path] = listFiles(files, HIDDEN);
    writeWhole(files, `${HIDDEN}/${path}`, text);
    expect(record.recall(fingerprint), text).toEqual([]);
    record.remember(doneTake(2));
    expect(record.recall(fingerprint)).toHaveLength(1);
  }
});

test("a take that was remembered survives a loss of power", () => {
  const disk = new PowerLossDisk(memoryFiles());
  new TakeRecord(disk.files, HIDDEN, "paid").remember(doneTake(1));
  expect(new TakeRecord(disk.after(), HIDDEN, "paid").recall(fingerprint)).toHaveLength(1);
});
