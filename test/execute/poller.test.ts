import { beforeEach, expect, test } from "vitest";
import { Poller, type Pace, type TaskEnd, type TaskToWatch } from "../../src/execute/poller.ts";
import { RequestBudget } from "../../src/execute/request-budget.ts";
import type { PollOutcome } from "../../src/seedance/outcome.ts";
import { nextLook } from "../../src/service/pace.ts";
import { FakeClock } from "../support/fake-clock.ts";
import { FakeService, inTurn, serviceError } from "../support/fake-service.ts";
import { hold, settle } from "../support/held.ts";

const PENDING: PollOutcome = { kind: "pending", progress: 0.5 };
const DONE: PollOutcome = { kind: "succeeded", url: "https://files/1", tokens: 7 };
const MISSING: PollOutcome = { kind: "missing", error: serviceError("task_not_exist") };
const UNREADABLE: PollOutcome = { kind: "unreadable", error: serviceError("", "HTTP 502") };
const EVERY_SECOND: Pace = () => 1000;
const HOUR = 3_600_000;

let clock: FakeClock;
let service: FakeService;
let interrupt: AbortController;
const ignore = (): void => undefined;

function watch(
  watcher: Poller,
  task: string,
  since: number,
  patience: number,
  onProgress: TaskToWatch["onProgress"] = ignore,
): Promise<TaskEnd> {
  return watcher.watch({ task, since, patience, known: [], onProgress });
}

beforeEach(() => {
  clock = new FakeClock();
  service = new FakeService();
  interrupt = new AbortController();
});

function poller(pace: Pace = EVERY_SECOND, perMinute = 60_000): Poller {
  return new Poller(service, clock, pace, new RequestBudget(perMinute, clock), interrupt.signal);
}

test("a task is looked at until it has succeeded, and its progress is told", async () => {
  service.onPoll = inTurn<PollOutcome>(PENDING, PENDING, DONE);
  const progress: (number | undefined)[] = [];
  const end = watch(poller(), "t", clock.now(), HOUR, (part) => progress.push(part));
  expect(await clock.until(end)).toMatchObject(DONE);
  expect(progress).toEqual([0.5, 0.5]);
  expect(service.polls).toEqual(["t", "t", "t"]);
});

test("a look that fails never ends a task, however often it fails", async () => {
  service.onPoll = inTurn<PollOutcome>(...Array.from({ length: 50 }, () => UNREADABLE), DONE);
  expect(await clock.until(watch(poller(), "t", clock.now(), HOUR))).toMatchObject(DONE);
});

test.each(["failed", "halt"] as const)("a task that is %s has ended", async (kind) => {
  const outcome = { kind, reason: "bad-key", error: serviceError("X") } as PollOutcome;
  service.onPoll = inTurn<PollOutcome>(PENDING, outcome);
  expect(await clock.until(watch(poller(), "t", clock.now(), HOUR))).toMatchObject({ kind });
});

test("a task is missing after three looks in a row that do not find it", async () => {
  service.onPoll = inTurn<PollOutcome>(
    MISSING,
    MISSING,
    UNREADABLE,
    MISSING,
    MISSING,
    PENDING,
    MISSING,
    MISSING,
    MISSING,
  );
  expect(await clock.until(watch(poller(), "t", clock.now(), HOUR))).toEqual(MISSING);
  expect(service.polls).toHaveLength(9);
});

test("a new task that is not found at once is not given up", async () => {
  service.onPoll = inTurn<PollOutcome>(MISSING, MISSING, DONE);
  expect(await clock.until(watch(poller(), "t", clock.now(), HOUR))).toMatchObject(DONE);
});

test("after our patience a task is left alone, with a last look at that moment", async () => {
  service.onPoll = () => PENDING;
  const begun = clock.now();
  const end = await clock.until(
    watch(
      poller(() => 7000),
      "t",
      begun,
      20_000,
    ),
  );
  expect(end).toEqual({ kind: "deadline" });
  expect(clock.now() - begun).toBe(20_000);
  expect(service.polls).toHaveLength(3);
});

test("a patience that is shorter than the way to the first look is kept as well", async () => {
  service.onPoll = () => PENDING;
  const begun = clock.now();
  expect(
    await clock.until(
      watch(
        poller(() => 20_000),
        "t",
        begun,
        5000,
      ),
    ),
  ).toEqual({
    kind: "deadline",
  });
  expect([clock.now() - begun, service.polls.length]).toEqual([5000, 1]);
});

test("a task that ends by the last look is not left behind", async () => {
  service.onPoll = inTurn<PollOutcome>(PENDING, DONE);
  expect(
    await clock.until(
      watch(
        poller(() => 20_000),
        "t",
        clock.now(),
        25_000,
      ),
    ),
  ).toMatchObject(DONE);
});

test("the pace is told the age, the looks, the failures and what the service asked for", async () => {
  service.onPoll = inTurn<PollOutcome>({ ...UNREADABLE, retryAfterMs: 9000 }, UNREADABLE, PENDING, DONE);
  const told: Parameters<Pace>[0][] = [];
  const since = clock.now() - 5000;
  const pace: Pace = (looks) => {
    told.push(looks);
    return 1000;
  };
  await clock.until(watch(poller(pace), "t", since, HOUR));
  expect(told).toEqual([
    { ageSeconds: 5, made: 0, failed: 0, known: [] },
    { ageSeconds: 6, made: 1, failed: 1, retryAfterMs: 9000, known: [] },
    { ageSeconds: 7, made: 2, failed: 2, known: [] },
    { ageSeconds: 8, made: 3, failed: 0, known: [] },
  ]);
});

test("what the service asks to wait is waited", async () => {
  service.onPoll = inTurn<PollOutcome>({ ...UNREADABLE, retryAfterMs: 90_000 }, DONE);
  const begun = clock.now();
  const pace: Pace = (looks) => nextLook(looks, { pollFirst: 20, pollEvery: 15 });
  await clock.until(watch(poller(pace), "t", begun, HOUR));
  expect(clock.now() - begun).toBe(110_000);
});

test("a task that is older than its first look is looked at at once", async () => {
  service.onPoll = () => DONE;
  const pace: Pace = (looks) => nextLook(looks, { pollFirst: 20, pollEvery: 15 });
  const end = watch(poller(pace), "t", clock.now() - 600_000, HOUR);
  await settle();
  expect(await end).toMatchObject(DONE);
});

test("many tasks end each in its own time", async () => {
  const begun = clock.now();
  service.onPoll = (task) => (clock.now() - begun >= Number(task) ? DONE : PENDING);
  const watcher = poller();
  const ends = ["9000", "3000", "6000"].map(async (task) => {
    await watch(watcher, task, begun, HOUR);
    return [task, clock.now() - begun];
  });
  expect(await clock.until(Promise.all(ends))).toEqual([
    ["9000", 9000],
    ["3000", 3000],
    ["6000", 6000],
  ]);
});

test("a task that is added while all sleep is looked at in its own time", async () => {
  service.onPoll = (task) => (task === "late" ? DONE : PENDING);
  const watcher = poller(({ made }) => (made === 0 ? 1000 : 100_000));
  void watch(watcher, "early", clock.now(), HOUR);
  await clock.advance(2000);
  const late = watch(watcher, "late", clock.now(), HOUR);
  await clock.advance(1000);
  expect(await late).toMatchObject(DONE);
});

test("the loop ends with the last task, and begins again with the next", async () => {
  service.onPoll = () => DONE;
  const watcher = poller();
  await clock.until(watch(watcher, "one", clock.now(), HOUR));
  const looks = service.polls.length;
  await clock.advance(HOUR);
  expect(service.polls).toHaveLength(looks);
  expect(await clock.until(watch(watcher, "two", clock.now(), HOUR))).toMatchObject(DONE);
});

test("an interrupt ends every watch at once, also one in the middle of a look", async () => {
  const answer = hold<PollOutcome>();
  service.onPoll = () => answer.promise;
  const watcher = poller(({ made }) => (made === 0 ? 0 : 1000));
  const ends = [watch(watcher, "looked at", clock.now(), HOUR)];
  await settle();
  ends.push(watch(watcher, "asleep", clock.now(), HOUR));
  interrupt.abort();
  expect(await Promise.all(ends)).toEqual([{ kind: "interrupted" }, { kind: "interrupted" }]);
  answer.release(DONE);
  expect(await watch(watcher, "too late", clock.now(), HOUR)).toEqual({ kind: "interrupted" });
});

test("a look that hangs does not hold back the looks at other tasks", async () => {
  const never = hold<PollOutcome>();
  service.onPoll = (task) => (task === "hung" ? never.promise : DONE);
  const watching = poller();
  void watch(watching, "hung", clock.now(), HOUR);
  expect(await clock.until(watch(watching, "quick", clock.now(), HOUR))).toMatchObject(DONE);
  interrupt.abort();
});

test("many tasks together ask no more than the budget allows, and none is forgotten", async () => {
  const begun = clock.now();
  const asked: number[] = [];
  service.onPoll = (task) => {
    asked.push(clock.now() - begun);
    return clock.now() - begun >= 240_000 + Number(task) * 100 ? DONE : PENDING;
  };
  const watcher = poller(EVERY_SECOND, 60);
  const ends = Array.from({ length: 30 }, (_, i) => watch(watcher, String(i), begun, HOUR));
  await clock.until(Promise.all(ends));
  for (let from = 0; from < asked.length; from++) {
    const within = asked.filter((at) => at >= (asked[from] ?? 0) && at < (asked[from] ?? 0) + 60_000);
    expect(within.length).toBeLessThanOrEqual(60 + 10 + 1);
  }
  expect(new Set(service.polls).size).toBe(30);
  expect(service.polls.length).toBeGreaterThan(200);
});

test("a service that is asked too often is left in peace by all tasks, as long as it wishes", async () => {
  const begun = clock.now();
  const asked: number[] = [];
  const busy: PollOutcome = {
    ...UNREADABLE,
    error: { ...UNREADABLE.error, status: 429 },
    retryAfterMs: 30_000,
  };
  service.onPoll = () => (asked.push(clock.now() - begun), asked.length === 1 ? busy : DONE);
  const watcher = poller(({ ageSeconds }) => 1000 * Math.max(0, 1 - ageSeconds));
  await clock.until(Promise.all([watch(watcher, "a", begun, HOUR), watch(watcher, "b", begun + 500, HOUR)]));
  expect(asked[1]).toBe(31_000);
});

const ended = async (
  outcomes: PollOutcome[],
  ages: { since?: number; pace?: Pace } = {},
): Promise<TaskEnd> => {
  service.onPoll = inTurn<PollOutcome>(...outcomes);
  return clock.until(watch(poller(ages.pace), "t", ages.since ?? clock.now(), HOUR));
};

test("how long a task took is measured where its end was seen soon after it came", async () => {
  expect(await ended([PENDING, PENDING, PENDING, DONE])).toEqual({ ...DONE, took: 4 });
  expect(await ended([DONE], { pace: () => 20_000 })).toEqual({ ...DONE, took: 20 });
  expect(await ended([DONE], { since: clock.now() - 86_400_000 })).toEqual(DONE);
  const late: Pace = ({ made }) => (made < 2 ? 1000 : 60_000);
  expect(await ended([PENDING, UNREADABLE, DONE], { pace: late })).toEqual(DONE);
});

test("the service's own figure goes before ours, unless it cannot be true", async () => {
  expect(await ended([DONE, { ...DONE, took: 91.26 }], { since: clock.now() - 86_400_000 })).toEqual(DONE);
  const told = { ...DONE, took: 91.26 };
  expect(await ended([told], { since: clock.now() - 86_400_000 })).toEqual({ ...DONE, took: 91.3 });
  expect(await ended([PENDING, PENDING, PENDING, PENDING, { ...DONE, took: 90_000 }])).toEqual({
    ...DONE,
    took: 5,
  });
});
