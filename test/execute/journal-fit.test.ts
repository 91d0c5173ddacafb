import fc from "fast-check";
import { expect, test } from "vitest";
import { isEntry, type JournalEntry } from "../../src/execute/journal-entry.ts";
import { Ledger, replayJournal } from "../../src/execute/ledger.ts";
import type { Intent } from "../../src/execute/protocol.ts";
import { formatLock } from "../../src/plan/lock-format.ts";
import { mergeLocks } from "../../src/plan/lock-merge.ts";
import { parseLock } from "../../src/plan/lock-read.ts";
import { EMPTY_LOCK, type Lock } from "../../src/plan/lock.ts";
import { after, steps } from "../plan/locks.ts";
import { clip, intent } from "../support/takes.ts";

let clock = 0;
/** Each is sent at a moment of its own. */
function sent(prompt: string): Intent {
  return { ...intent(prompt), at: new Date(Date.UTC(2026, 5, 1) + ++clock).toISOString() };
}

/** The journal of a run that began with this lock. */
function journalOf(lock: Lock, run: (ledger: Ledger) => void): JournalEntry[] {
  const journal: JournalEntry[] = [];
  run(new Ledger(lock, (entry) => journal.push(JSON.parse(JSON.stringify(entry)) as JournalEntry)));
  expect(journal.every(isEntry)).toBe(true);
  return journal;
}

const shown = (lock: Lock): string =>
  [...lock.scenes]
    .flatMap(([id, { takes, selected }]) =>
      takes.map(
        ({ take, state, task }) =>
          `${id}#${take} ${task ?? "-"} ${state}${selected["main"] === take ? " *" : ""}`,
      ),
    )
    .join(", ");

const made = (task: string): Lock => {
  const ledger = new Ledger(EMPTY_LOCK, () => undefined);
  ledger.observe("dawn", 1, { kind: "intent", intent: sent(task) });
  ledger.observe("dawn", 1, { kind: "accepted", task });
  ledger.observe("dawn", 1, { kind: "stored", clip: clip(task), differences: [] });
  ledger.select("dawn", 1);
  return ledger.lock();
};

test("a take that was sent before a checkout gets a number of its own on the other branch", () => {
  const journal = journalOf(EMPTY_LOCK, (ledger) => {
    ledger.observe("dawn", 1, { kind: "intent", intent: sent("dawn") });
    ledger.observe("dawn", 1, { kind: "accepted", task: "mine" });
    ledger.observe("dawn", 1, { kind: "succeeded" });
    ledger.observe("dawn", 1, { kind: "stored", clip: clip("mine"), differences: [] });
    ledger.select("dawn", 1);
  });
  expect(shown(replayJournal(made("theirs"), journal))).toBe("dawn#1 theirs done, dawn#2 mine done *");
  const [half] = [journal.slice(0, 2)];
  expect(shown(replayJournal(made("theirs"), half))).toBe("dawn#1 theirs done *, dawn#2 mine submitted");
});

test("what came of a take that the other branch does not know is not said of its take of that number", () => {
  const before = replayJournal(
    EMPTY_LOCK,
    journalOf(EMPTY_LOCK, (ledger) => {
      ledger.observe("dawn", 1, { kind: "intent", intent: sent("dawn") });
      ledger.observe("dawn", 1, { kind: "accepted", task: "mine" });
    }),
  );
  const journal = journalOf(before, (ledger) => {
    ledger.observe("dawn", 1, { kind: "stored", clip: clip("mine"), differences: [] });
    ledger.select("dawn", 1);
  });
  const theirs = replayJournal(
    EMPTY_LOCK,
    journalOf(EMPTY_LOCK, (ledger) => {
      ledger.observe("dawn", 1, { kind: "intent", intent: sent("dawn") });
      ledger.observe("dawn", 1, { kind: "accepted", task: "theirs" });
    }),
  );
  expect(shown(replayJournal(before, journal))).toBe("dawn#1 mine done *");
  expect(shown(replayJournal(theirs, journal))).toBe("dawn#1 theirs submitted");
  expect(shown(replayJournal(EMPTY_LOCK, journal))).toBe("");
});

test("a take that a merge has given another number is found by the moment of its request", () => {
  const mine = replayJournal(
    EMPTY_LOCK,
    journalOf(EMPTY_LOCK, (ledger) => {
      ledger.observe("dawn", 1, { kind: "intent", intent: sent("dawn") });
      ledger.observe("dawn", 1, { kind: "accepted", task: "mine" });
    }),
  );
  const journal = journalOf(mine, (ledger) => {
    ledger.observe("dawn", 1, { kind: "stored", clip: clip("mine"), differences: [] });
    ledger.select("dawn", 1);
  });
  const { lock } = mergeLocks({ base: EMPTY_LOCK, ours: made("theirs"), theirs: mine });
  expect(shown(lock)).toBe("dawn#1 theirs done *, dawn#2 mine submitted");
  expect(shown(replayJournal(lock, journal))).toBe("dawn#1 theirs done, dawn#2 mine done *");
});

test("a request that was repeated while the service was busy is one take, also where the lockfile has it", () => {
  const journal = journalOf(EMPTY_LOCK, (ledger) => {
    for (let i = 0; i < 3; i++) {
      ledger.observe("dawn", 1, { kind: "intent", intent: sent("dawn") });
      if (i < 2) ledger.observe("dawn", 1, { kind: "not-created", error: { code: "", message: "busy" } });
    }
    ledger.observe("dawn", 1, { kind: "accepted", task: "mine" });
  });
  const lock = replayJournal(EMPTY_LOCK, journal);
  expect(shown(lock)).toBe("dawn#1 mine submitted");
  expect(shown(replayJournal(lock, journal))).toBe("dawn#1 mine submitted");
});

test("takes that were sent in the same moment stay apart", () => {
  const at = sent("dawn");
  const journal = journalOf(EMPTY_LOCK, (ledger) => {
    for (const take of [1, 2, 3]) ledger.observe("dawn", take, { kind: "intent", intent: at });
    for (const take of [1, 2, 3]) ledger.observe("dawn", take, { kind: "accepted", task: `t${take}` });
  });
  const lock = replayJournal(made("theirs"), journal);
  const expected = "dawn#1 theirs done *, dawn#2 t1 submitted, dawn#3 t2 submitted, dawn#4 t3 submitted";
  expect(shown(lock)).toBe(expected);
  expect(shown(replayJournal(lock, journal))).toBe(expected);
});

test("whatever lock a journal is replayed over, no task of it is lost and no take of the lock is changed for another", () => {
  fc.assert(
    fc.property(steps(["a", "b"]), steps(["a", "b"]), steps(["a", "b"], 6), (mine, theirs, under) => {
      const began = after(EMPTY_LOCK, mine, "mine");
      const other = after(EMPTY_LOCK, theirs, "theirs");
      const tasks: string[] = [];
      const journal = journalOf(began, (ledger) => {
        for (const [i, step] of under.entries()) {
          if (step.kind !== "send") continue;
          const take = ledger.nextTake(step.scene);
          ledger.observe(step.scene, take, { kind: "intent", intent: sent(step.prompt) });
          ledger.observe(step.scene, take, { kind: "accepted", task: `run-${i}` });
          if (step.state === "done")
            ledger.observe(step.scene, take, { kind: "stored", clip: clip(`run-${i}`), differences: [] });
          tasks.push(`run-${i}`);
        }
        for (const { take, state } of ledger.takes("a"))
          if (state === "submitted")
            ledger.observe("a", take, { kind: "stored", clip: clip("late"), differences: [] });
      });
      for (const lock of [
        other,
        EMPTY_LOCK,
        mergeLocks({ base: EMPTY_LOCK, ours: other, theirs: began }).lock,
      ]) {
        const replayed = replayJournal(lock, journal);
        const text = formatLock(replayed);
        for (const task of tasks) expect(text).toContain(`"task": "${task}"`);
        for (const [id, { takes }] of lock.scenes)
          for (const take of takes) {
            const now = replayed.scenes.get(id)?.takes.find((one) => one.take === take.take);
            expect([now?.at, now?.fingerprint, take.task ?? now?.task]).toEqual([
              take.at,
              take.fingerprint,
              now?.task,
            ]);
          }
        expect(parseLock("", "", text).diagnostics).toEqual([]);
        expect(formatLock(replayJournal(replayed, journal))).toBe(text);
      }
    }),
    { numRuns: 300 },
  );
});

test("of takes that were sent in the same moment, one that came to nothing does not push the others to other numbers", () => {
  const same = sent("dawn");
  const journal = journalOf(EMPTY_LOCK, (ledger) => {
    for (const take of [1, 2, 3]) ledger.observe("dawn", take, { kind: "intent", intent: same });
    ledger.observe("dawn", 1, { kind: "not-created", error: { code: "", message: "busy" } });
    ledger.observe("dawn", 2, { kind: "accepted", task: "second" });
    ledger.observe("dawn", 3, { kind: "accepted", task: "third" });
  });
  const folded = replayJournal(EMPTY_LOCK, journal);
  expect(shown(folded)).toBe("dawn#2 second submitted, dawn#3 third submitted");
  expect(shown(replayJournal(folded, journal))).toBe(shown(folded));
});

test("of two takes that two runs have sent in the same moment, what was sent tells which is which", () => {
  const same = sent("dawn");
  const lock = replayJournal(
    EMPTY_LOCK,
    journalOf(EMPTY_LOCK, (ledger) => ledger.observe("dawn", 1, { kind: "intent", intent: same })),
  );
  const journal = journalOf(lock, (ledger) => {
    ledger.observe("dawn", 2, { kind: "intent", intent: { ...same, body: sent("dusk").body } });
  });
  expect(shown(replayJournal(lock, journal))).toBe("dawn#1 - unknown, dawn#2 - unknown");
});
