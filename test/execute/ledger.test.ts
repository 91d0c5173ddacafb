import { expect, test } from "vitest";
import type { JournalEntry } from "../../src/execute/journal-entry.ts";
import { Ledger, replayJournal } from "../../src/execute/ledger.ts";
import type { Observation } from "../../src/execute/protocol.ts";
import { EMPTY_LOCK, type Lock } from "../../src/plan/lock.ts";
import { formatLock } from "../../src/plan/lock-format.ts";
import { parseLock } from "../../src/plan/lock-read.ts";
import { clip, doneTake, intent } from "../support/takes.ts";

const error = { code: "Bad", message: "no" };
const sends = (prompt = "a lamp"): Observation => ({ kind: "intent", intent: intent(prompt) });
const STORED: Observation = { kind: "stored", clip: clip(), differences: [] };

function open(lock: Lock = EMPTY_LOCK): { ledger: Ledger; journal: JournalEntry[] } {
  const journal: JournalEntry[] = [];
  // What the disk would give back: nothing in it may be shared with the ledger.
  const ledger = new Ledger(lock, (entry) => journal.push(JSON.parse(JSON.stringify(entry)) as JournalEntry));
  return { ledger, journal };
}

/** A run in which all kinds of things happen. */
function eventfulRun(
  lock: Lock = EMPTY_LOCK,
  after: (ledger: Ledger) => void = () => undefined,
): JournalEntry[] {
  const { ledger, journal } = open(lock);
  const steps: (() => void)[] = [
    () => ledger.observe("dawn", 1, sends("dawn")),
    () => ledger.observe("dawn", 1, { kind: "not-created", error }),
    () => ledger.observe("climb", 1, sends("climb")),
    () => ledger.observe("climb", 1, { kind: "refused", error }),
    () => ledger.observe("dawn", 1, sends("dawn")),
    () => ledger.observe("dawn", 1, { kind: "accepted", task: "t1" }),
    () => ledger.observe("lamp", 1, sends("lamp")),
    () => ledger.observe("lamp", 1, { kind: "outcome-unknown", error }),
    () => ledger.observe("dawn", 1, { kind: "succeeded", tokens: 5 }),
    () => ledger.observe("dawn", 1, STORED),
    () => ledger.select("dawn", 1),
    () => void ledger.recall("storm", doneTake(7, "old", "storm")),
    () => ledger.select("storm", 1),
    () => ledger.observe("radio", 1, sends("radio")),
    () => ledger.observe("radio", 1, { kind: "accepted", task: "t2" }),
    () => ledger.observe("radio", 1, { kind: "task-failed", error }),
    () => ledger.keep("storm", intent("storm").fingerprint),
    () => ledger.observe("dawn", 2, { kind: "intent", intent: { ...intent("dawn again"), selects: "main" } }),
    () => ledger.observe("dawn", 2, { kind: "accepted", task: "t3" }),
    () => ledger.observe("dawn", 2, { kind: "stored", clip: clip("again"), differences: [] }),
    () => ledger.observe("lamp", 1, { kind: "abandoned" }),
    () =>
      ledger.recordLibrary("anyfast", clip().sha256, { state: "intended", at: "2026-01-01T00:00:00.000Z" }),
    () => ledger.observe("radio", 2, sends("radio")),
  ];
  for (const step of steps) {
    step();
    after(ledger);
  }
  return journal;
}

test("when the disk does not take an entry, nothing has changed", () => {
  const { ledger: sure, journal } = open();
  sure.observe("dawn", 1, sends());
  let full = false;
  const ledger = new Ledger(EMPTY_LOCK, () => {
    if (full) throw new Error("ENOSPC");
  });
  ledger.replay(journal);
  full = true;
  const before = formatLock(ledger.lock());
  const changes: (() => void)[] = [
    () => ledger.observe("dawn", 1, { kind: "accepted", task: "t1" }),
    () => ledger.observe("climb", 1, sends("climb")),
    () => void ledger.recall("lamp", doneTake(1)),
    () => ledger.select("dawn", 1),
  ];
  for (const change of changes) {
    expect(change).toThrow("ENOSPC");
    expect(formatLock(ledger.lock())).toBe(before);
    expect(ledger.selected("dawn")).toBeUndefined();
    expect(ledger.takes("climb")).toEqual([]);
    expect(ledger.nextTake("climb")).toBe(1);
  }
});

test("each entry is on disk before the ledger says so", () => {
  const states: (string | undefined)[] = [];
  const ledger: Ledger = new Ledger(EMPTY_LOCK, () => states.push(ledger.takes("dawn")[0]?.state));
  ledger.observe("dawn", 1, sends());
  ledger.observe("dawn", 1, { kind: "accepted", task: "t1" });
  ledger.observe("dawn", 1, STORED);
  expect(states).toEqual([undefined, "unknown", "submitted"]);
});

test("what changes nothing is not written", () => {
  const { ledger, journal } = open();
  ledger.observe("dawn", 1, sends());
  ledger.observe("dawn", 1, { kind: "accepted", task: "t1" });
  ledger.observe("dawn", 1, { kind: "accepted", task: "t2" });
  ledger.observe("dawn", 1, sends());
  ledger.observe("dawn", 2, { kind: "accepted", task: "t3" });
  ledger.select("dawn", 1);
  ledger.select("dawn", 1);
  expect(journal).toHaveLength(3);
  expect(ledger.takes("dawn")).toMatchObject([{ take: 1, task: "t1" }]);
});

test("any prefix of the journal replays to what the ledger said at that moment", () => {
  const said: string[] = [formatLock(EMPTY_LOCK)];
  const journal = eventfulRun(EMPTY_LOCK, (ledger) => said.push(formatLock(ledger.lock())));
  expect(said).toHaveLength(journal.length + 1);
  for (let length = 0; length <= journal.length; length++) {
    expect(formatLock(replayJournal(EMPTY_LOCK, journal.slice(0, length)))).toBe(said[length]);
  }
});

test("a journal that is in the lockfile already adds nothing, whatever of it is replayed", () => {
  const journal = eventfulRun();
  for (let length = 0; length <= journal.length; length++) {
    const entries = journal.slice(0, length);
    const folded = formatLock(replayJournal(EMPTY_LOCK, entries));
    const { lock } = parseLock("lock", "/lock", folded);
    expect(formatLock(replayJournal(lock, entries))).toBe(folded);
  }
});

test("what was on its way when the run died is unknown afterwards, and keeps its number", () => {
  const lock = replayJournal(EMPTY_LOCK, eventfulRun());
  expect(lock.scenes.get("radio")?.takes.map(({ take, state }) => [take, state])).toEqual([
    [1, "failed"],
    [2, "unknown"],
  ]);
  const { ledger, journal } = open(lock);
  ledger.settle();
  ledger.observe("radio", 2, sends("radio"));
  expect(journal).toEqual([]);
  expect(ledger.nextTake("radio")).toBe(3);
});

test("an answer that arrives for an unknown take is taken", () => {
  const { ledger } = open(replayJournal(EMPTY_LOCK, eventfulRun()));
  ledger.observe("lamp", 1, { kind: "accepted", task: "t9" });
  expect(ledger.takes("lamp")).toMatchObject([{ state: "submitted", task: "t9" }]);
});

test("a take that a person asked for is selected by the entry that brings its clip", () => {
  const { ledger, journal } = open();
  ledger.observe("dawn", 1, sends());
  ledger.observe("dawn", 1, { kind: "accepted", task: "t1" });
  ledger.observe("dawn", 1, STORED);
  ledger.select("dawn", 1);
  ledger.observe("dawn", 2, { kind: "intent", intent: { ...intent(), selects: "main" } });
  ledger.observe("dawn", 2, { kind: "accepted", task: "t2" });
  expect(ledger.selected("dawn")?.take).toBe(1);
  ledger.observe("dawn", 2, { kind: "stored", clip: clip("again"), differences: [] });
  expect(ledger.selected("dawn")?.take).toBe(2);
  const lock = replayJournal(EMPTY_LOCK, journal);
  expect(lock.scenes.get("dawn")?.selected).toEqual({ main: 2 });
  // Once it has come true, a later choice stands.
  const later = open(lock).ledger;
  later.select("dawn", 1);
  later.observe("dawn", 2, { kind: "stored", clip: clip("again"), differences: [] });
  expect(later.selected("dawn")?.take).toBe(1);
});

test("the asset library is remembered by provider and digest", () => {
  const { ledger } = open();
  const entry = { state: "active" as const, id: "asset-1", at: "2026-01-01T00:00:00.000Z" };
  ledger.recordLibrary("anyfast", clip().sha256, entry);
  const { lock } = parseLock("lock", "/lock", formatLock(ledger.lock()));
  expect(open(lock).ledger.library("anyfast", clip().sha256)).toEqual(entry);
  expect(open(lock).ledger.library("ark", clip().sha256)).toBeUndefined();
});

test("numbers of takes are never used twice", () => {
  const { ledger } = open();
  ledger.observe("dawn", 1, sends());
  ledger.observe("dawn", 1, { kind: "refused", error });
  ledger.observe("dawn", ledger.nextTake("dawn"), sends());
  const recalled = ledger.recall("dawn", doneTake(1));
  expect(recalled.take).toBe(3);
  expect(ledger.nextTake("dawn")).toBe(4);
});

test("takes of a newer storyc keep the fields that this one does not know", () => {
  const take = { ...doneTake(1), mood: "grey" };
  const first = open().ledger;
  first.recall("dawn", take);
  const { ledger } = open(first.lock());
  ledger.settle();
  ledger.observe("dawn", 1, { kind: "task-failed", error });
  expect(ledger.takes("dawn")).toEqual([take]);
});

test("entries of another version are not guessed at", () => {
  const known = eventfulRun();
  const foreign = [{ v: 2, kind: "observed", scene: "dawn", take: 1, seen: STORED }, null, "text", 4];
  expect(formatLock(replayJournal(EMPTY_LOCK, [...foreign, ...known]))).toBe(
    formatLock(replayJournal(EMPTY_LOCK, known)),
  );
});

test("a scene without a take that the service had is not in the lock", () => {
  const { ledger } = open();
  ledger.observe("dawn", 1, sends());
  ledger.observe("dawn", 1, { kind: "not-created", error });
  expect(ledger.lock().scenes.size).toBe(0);
});
