import { expect, test } from "vitest";
import { RequestBudget } from "../../src/execute/request-budget.ts";
import { FakeClock } from "../support/fake-clock.ts";

const { signal } = new AbortController();

/** When each of so many requests that are all wanted at once is sent, in seconds. */
async function times(budget: RequestBudget, clock: FakeClock, count: number): Promise<number[]> {
  const begun = clock.now();
  const sent: number[] = [];
  const each = async (): Promise<void> => {
    await budget.turn(signal);
    sent.push((clock.now() - begun) / 1000);
  };
  await clock.until(Promise.all(Array.from({ length: count }, each)));
  return sent;
}

test("a burst goes at once, what is more is spread evenly", async () => {
  const clock = new FakeClock();
  const budget = new RequestBudget(60, clock);
  expect(await times(budget, clock, 14)).toEqual([0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 2, 3]);
});

test("what was not used is not saved up beyond a burst", async () => {
  const clock = new FakeClock();
  const budget = new RequestBudget(60, clock);
  await times(budget, clock, 11);
  await clock.advance(3_600_000);
  expect((await times(budget, clock, 12)).filter((at) => at === 0)).toHaveLength(11);
});

test("a pause holds everything back", async () => {
  const clock = new FakeClock();
  const budget = new RequestBudget(60, clock);
  budget.pause(20_000);
  budget.pause(5000);
  expect(await times(budget, clock, 2)).toEqual([20, 20]);
});

test("nobody waits after the run is interrupted", async () => {
  const clock = new FakeClock();
  const budget = new RequestBudget(60, clock);
  budget.pause(60_000);
  const stop = new AbortController();
  const waiting = budget.turn(stop.signal);
  stop.abort();
  await waiting;
});
