import { expect, test } from "vitest";
import { schedule, type StepEnd } from "../../src/execute/schedule.ts";
import type { Step, StepGraph } from "../../src/plan/graph.ts";
import { hold, settle, type Held } from "../support/held.ts";

/** `{ climb: ["dawn"] }`: climb needs dawn. Steps in the order of the keys. */
function graphOf(needs: Readonly<Record<string, readonly string[]>>): StepGraph {
  const ids = Object.keys(needs);
  const steps = ids.map((id): Step => ({ kind: "frame", id, scene: id, which: "last" }));
  const feeds = new Map<string, string[]>(ids.map((id) => [id, []]));
  for (const id of ids) for (const need of needs[id] ?? []) feeds.get(need)?.push(id);
  return { steps, needs: new Map(Object.entries(needs)), feeds };
}

function start(needs: Readonly<Record<string, readonly string[]>>) {
  const held = new Map<string, Held<StepEnd>>();
  const skipped: string[] = [];
  const run = (step: Step): Promise<StepEnd> => {
    const one = hold<StepEnd>();
    held.set(step.id, one);
    return one.promise;
  };
  const ends = schedule(graphOf(needs), run, (step, missing) => skipped.push(`${step.id} for ${missing}`));
  const end = async (id: string, result: StepEnd = "ready"): Promise<void> => {
    held.get(id)?.release(result);
    await settle();
  };
  return { ends, end, skipped, running: () => [...held.keys()] };
}

test("everything that is ready starts at once", () => {
  const { running } = start({ a: [], b: [], c: ["a"], d: [] });
  expect(running()).toEqual(["a", "b", "d"]);
});

test("a step starts when the last that it needs is ready, and not before", async () => {
  const { running, end } = start({ a: [], b: [], c: ["a", "b"] });
  await end("a");
  expect(running()).toEqual(["a", "b"]);
  await end("b");
  expect(running()).toEqual(["a", "b", "c"]);
});

test("a step that is not ready stops what depends on it, and nothing else", async () => {
  const { ends, running, end, skipped } = start({
    a: [],
    b: ["a"],
    c: ["b"],
    d: [],
    e: ["d"],
    f: ["c", "e"],
  });
  await end("a", "not-ready");
  await end("d");
  await end("e");
  expect(running()).toEqual(["a", "d", "e"]);
  expect(skipped).toEqual(["b for a", "c for b", "f for c"]);
  expect(Object.fromEntries(await ends)).toEqual({
    a: "not-ready",
    b: "not-ready",
    c: "not-ready",
    d: "ready",
    e: "ready",
    f: "not-ready",
  });
});

test("each step is run once, also when much leads to it", async () => {
  const { ends, running, end } = start({ a: [], b: ["a"], c: ["a"], d: ["b", "c"] });
  for (const id of ["a", "b", "c", "d"]) await end(id);
  await ends;
  expect(running()).toEqual(["a", "b", "c", "d"]);
});

test("a graph without steps has ended", async () => {
  expect((await start({}).ends).size).toBe(0);
});

test("a chain may be longer than the call stack is deep, whether it is run or skipped", async () => {
  const ids = Array.from({ length: 30_000 }, (_, i) => `s${i}`);
  const chain = graphOf(Object.fromEntries(ids.map((id, i) => [id, i === 0 ? [] : [`s${i - 1}`]])));
  let skipped = 0;
  const failing = await schedule(
    chain,
    () => Promise.resolve("not-ready"),
    () => skipped++,
  );
  expect([failing.size, skipped]).toEqual([30_000, 29_999]);
  const running = await schedule(
    chain,
    () => Promise.resolve("ready"),
    () => skipped++,
  );
  expect([running.size, skipped]).toEqual([30_000, 29_999]);
});

test("a failure of the run itself is not swallowed", async () => {
  await expect(
    schedule(
      graphOf({ a: [] }),
      () => Promise.reject(new Error("bug")),
      () => undefined,
    ),
  ).rejects.toThrow("bug");
});
