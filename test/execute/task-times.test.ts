import { expect, test } from "vitest";
import { TaskTimes } from "../../src/execute/task-times.ts";
import type { Lock, Take } from "../../src/plan/lock.ts";
import { doneTake } from "../support/takes.ts";

const KIND = { model: "seedance-2.0-mini", resolution: "480p", duration: 4 };

function lockOf(...takes: Partial<Take>[]): Lock {
  const whole = takes.map((take, i) => ({ ...doneTake(i + 1), ...take }));
  return { scenes: new Map([["dawn", { selected: { main: 1 }, takes: whole }]]) };
}

test("what is known of a kind is what the lock has of this provider, and what ends in this run", () => {
  const lock = lockOf({ took: 90 }, {}, { took: 120 }, { took: 7, provider: "ark" });
  const times = new TaskTimes(lock, "anyfast");
  times.note(KIND, 60);
  expect(times.of(KIND)).toEqual([90, 120, 60]);
  expect(times.typical(KIND)).toBe(90);
});

test("another length or size is another kind", () => {
  const times = new TaskTimes(lockOf({ took: 90 }), "anyfast");
  for (const other of [{ duration: 5 }, { resolution: "720p" }, { model: "seedance-2.0" }]) {
    expect(times.of({ ...KIND, ...other })).toEqual([]);
    expect(times.typical({ ...KIND, ...other })).toBeUndefined();
  }
});

test("only the last fifty count, in the order in which they were sent", () => {
  const takes = Array.from({ length: 60 }, (_, i) => ({
    took: i,
    at: new Date(Date.UTC(2026, 0, 61 - i)).toISOString(),
  }));
  expect(new TaskTimes(lockOf(...takes), "anyfast").of(KIND)).toEqual(
    Array.from({ length: 50 }, (_, i) => 49 - i),
  );
});
