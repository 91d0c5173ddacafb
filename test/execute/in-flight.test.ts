import { beforeEach, expect, test } from "vitest";
import { InFlight } from "../../src/execute/in-flight.ts";
import { FakeClock } from "../support/fake-clock.ts";
import { hold, settle, type Held } from "../support/held.ts";

let clock: FakeClock;
let stop: AbortController;
let started: string[];
let held: Map<string, Held<undefined>>;

beforeEach(() => {
  clock = new FakeClock();
  stop = new AbortController();
  started = [];
  held = new Map();
});

const open = (ceiling: number): InFlight =>
  new InFlight({ ceiling, clock, random: () => 0, signal: stop.signal });

const work = (name: string) => (): Promise<undefined> => {
  started.push(name);
  const one = hold<undefined>();
  held.set(name, one);
  return one.promise;
};
const release = async (...names: string[]): Promise<void> => {
  for (const name of names) held.get(name)?.release(undefined);
  await settle();
};

async function begin(flight: InFlight, ...names: string[]): Promise<void> {
  for (const name of names) void flight.run(0, work(name));
  await settle();
}

test.each([1, 2, 3])("never more than %i at once, and all in the end", async (ceiling) => {
  const names = ["a", "b", "c", "d", "e"];
  await begin(open(ceiling), ...names);
  for (let done = 0; done < names.length; done++) {
    expect(started).toEqual(names.slice(0, done + ceiling));
    await release(names[done] ?? "");
  }
});

test("a free place goes to the best of those that wait then, the first of equals", async () => {
  const flight = open(1);
  for (const [name, priority] of [
    ["low", 1],
    ["middle", 5],
    ["high", 9],
    ["equal", 5],
  ] as const)
    void flight.run(priority, work(name));
  await settle();
  for (const name of ["high", "middle", "equal", "low"]) await release(name);
  expect(started).toEqual(["high", "middle", "equal", "low"]);
});

test("work that fails gives its place back and its error to whoever asked", async () => {
  const flight = open(1);
  const failing = flight.run(0, () => Promise.reject(new Error("full")));
  const next = flight.run(0, () => Promise.resolve("next"));
  await expect(failing).rejects.toThrow("full");
  expect(await next).toBe("next");
});

test("a task that is in flight already waits for no place, and takes one", async () => {
  const flight = open(1);
  void flight.occupy(work("old"));
  void flight.occupy(work("older"));
  await begin(flight, "new");
  expect(started).toEqual(["old", "older"]);
  await release("old", "older");
  expect(started).toEqual(["old", "older", "new"]);
});

test("after a refusal nothing begins in the pause, then half as many, one more each minute", async () => {
  const flight = open(4);
  expect(flight.refused(clock.now(), 5000)).toBe(5000);
  await begin(flight, "a", "b", "c", "d", "e");
  await clock.advance(4999);
  expect(started).toEqual([]);
  await clock.advance(1);
  expect(started).toEqual(["a", "b"]);
  await clock.advance(55_000);
  expect(started).toEqual(["a", "b", "c"]);
  await clock.advance(60_000);
  expect(started).toEqual(["a", "b", "c", "d"]);
  await clock.advance(3_600_000);
  expect(started).toHaveLength(4);
});

test("a place is kept for what may be in flight, until it will have ended or is found", async () => {
  const flight = open(3);
  const first = flight.keepPlace(60_000);
  flight.keepPlace(120_000);
  await begin(flight, "a", "b", "c");
  expect(started).toEqual(["a"]);
  first.free();
  await settle();
  expect(started).toEqual(["a", "b"]);
  await clock.advance(120_000);
  expect(started).toEqual(["a", "b", "c"]);
});

test("the last place is never kept", async () => {
  const flight = open(2);
  for (let i = 0; i < 5; i++) flight.keepPlace(60_000);
  await begin(flight, "a", "b");
  expect(started).toEqual(["a"]);
});

test("when the run ends, all that waits begins, to be told so", async () => {
  const flight = open(1);
  flight.refused(clock.now(), 60_000);
  await begin(flight, "a", "b");
  stop.abort();
  await settle();
  expect(started).toEqual(["a", "b"]);
});

test("nobody sleeps when nobody waits: a run that is over ends at once", async () => {
  const flight = open(2);
  flight.refused(clock.now(), 5000);
  flight.keepPlace(60_000);
  await begin(flight, "a");
  await clock.advance(5000);
  await release("a");
  await expect(clock.until(new Promise(() => undefined))).rejects.toThrow("not the clock");
});
