import { beforeEach, expect, test } from "vitest";
import { Poller, type Pace } from "../../src/execute/poller.ts";
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

beforeEach(() => {
  clock = new FakeClock();
  service = new FakeService();
  interrupt = new AbortController();
});

function poller(pace: Pace = EVERY_SECOND): Poller {
  return new Poller(service, clock, pace, interrupt.signal);
}

test("a task is looked at until it has succeeded, and its progress is told", async () => {
  service.onPoll = inTurn<PollOutcome>(PENDING, PENDING, DONE);
  const progress: (number | undefined)[] = [];
  const end = poller().watch("t", clock.now(), HOUR, (part) => progress.push(part));
  expect(await clock.until(end)).toEqual(DONE);
  expect(progress).toEqual([0.5, 0.5]);
  expect(service.polls).toEqual(["t", "t", "t"]);
});

test("a look that fails never ends a task, however often it fails", async () => {
  service.onPoll = inTurn<PollOutcome>(...Array.from({ length: 50 }, () => UNREADABLE), DONE);
  expect(await clock.until(poller().watch("t", clock.now(), HOUR, ignore))).toEqual(DONE);
});

test.each(["failed", "halt"] as const)("a task that is %s has ended", async (kind) => {
  const outcome = { kind, reason: "bad-key", error: serviceError("X") } as PollOutcome;
  service.onPoll = inTurn<PollOutcome>(PENDING, outcome);
  expect(await clock.until(poller().watch("t", clock.now(), HOUR, ignore))).toMatchObject({ kind });
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
  expect(await clock.until(poller().watch("t", clock.now(), HOUR, ignore))).toEqual(MISSING);
  expect(service.polls).toHaveLength(9);
});

test("a new task that is not found at once is not given up", async () => {
  service.onPoll = inTurn<PollOutcome>(MISSING, MISSING, DONE);
  expect(await clock.until(poller().watch("t", clock.now(), HOUR, ignore))).toEqual(DONE);
});

test("after our patience a task is left alone, with a last look at that moment", async () => {
  service.onPoll = () => PENDING;
  const begun = clock.now();
  const end = await clock.until(poller(() => 7000).watch("t", begun, 20_000, ignore));
  expect(end).toEqual({ kind: "deadline" });
  expect(clock.now() - begun).toBe(20_000);
  expect(service.polls).toHaveLength(3);
});

test("a patience that is shorter than the way to the first look is kept as well", async () => {
  service.onPoll = () => PENDING;
  const begun = clock.now();
  expect(await clock.until(poller(() => 20_000).watch("t", begun, 5000, ignore))).toEqual({
    kind: "deadline",
  });
  expect([clock.now() - begun, service.polls.length]).toEqual([5000, 1]);
});

test("a task that ends by the last look is not left behind", async () => {
  service.onPoll = inTurn<PollOutcome>(PENDING, DONE);
  expect(await clock.until(poller(() => 20_000).watch("t", clock.now(), 25_000, ignore))).toEqual(DONE);
});

test("the pace is told the age, the looks, the failures and what the service asked for", async () => {
  service.onPoll = inTurn<PollOutcome>({ ...UNREADABLE, retryAfterMs: 9000 }, UNREADABLE, PENDING, DONE);
  const told: Parameters<Pace>[0][] = [];
  const since = clock.now() - 5000;
  const pace: Pace = (looks) => {
    told.push(looks);
    return 1000;
  };
  await clock.until(poller(pace).watch("t", since, HOUR, ignore));
  expect(told).toEqual([
    { ageSeconds: 5, made: 0, failed: 0 },
    { ageSeconds: 6, made: 1, failed: 1, retryAfterMs: 9000 },
    { ageSeconds: 7, made: 2, failed: 2 },
    { ageSeconds: 8, made: 3, failed: 0 },
  ]);
});

test("what the service asks to wait is waited", async () => {
  service.onPoll = inTurn<PollOutcome>({ ...UNREADABLE, retryAfterMs: 90_000 }, DONE);
  const begun = clock.now();
  const pace: Pace = (looks) => nextLook(looks, { pollFirst: 20, pollEvery: 15 });
  await clock.until(poller(pace).watch("t", begun, HOUR, ignore));
  expect(clock.now() - begun).toBe(110_000);
});

test("a task that is older than its first look is looked at at once", async () => {
  service.onPoll = () => DONE;
  const pace: Pace = (looks) => nextLook(looks, { pollFirst: 20, pollEvery: 15 });
  const end = poller(pace).watch("t", clock.now() - 600_000, HOUR, ignore);
  await settle();
  expect(await end).toEqual(DONE);
});

test("many tasks end each in its own time", async () => {
  const begun = clock.now();
  service.onPoll = (task) => (clock.now() - begun >= Number(task) ? DONE : PENDING);
  const watcher = poller();
  const ends = ["9000", "3000", "6000"].map(async (task) => {
    await watcher.watch(task, begun, HOUR, ignore);
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
  void watcher.watch("early", clock.now(), HOUR, ignore);
  await clock.advance(2000);
  const late = watcher.watch("late", clock.now(), HOUR, ignore);
  await clock.advance(1000);
  expect(await late).toEqual(DONE);
});

test("the loop ends with the last task, and begins again with the next", async () => {
  service.onPoll = () => DONE;
  const watcher = poller();
  await clock.until(watcher.watch("one", clock.now(), HOUR, ignore));
  const looks = service.polls.length;
  await clock.advance(HOUR);
  expect(service.polls).toHaveLength(looks);
  expect(await clock.until(watcher.watch("two", clock.now(), HOUR, ignore))).toEqual(DONE);
});

test("an interrupt ends every watch at once, also one in the middle of a look", async () => {
  const answer = hold<PollOutcome>();
  service.onPoll = () => answer.promise;
  const watcher = poller(({ made }) => (made === 0 ? 0 : 1000));
  const ends = [watcher.watch("looked at", clock.now(), HOUR, ignore)];
  await settle();
  ends.push(watcher.watch("asleep", clock.now(), HOUR, ignore));
  interrupt.abort();
  expect(await Promise.all(ends)).toEqual([{ kind: "interrupted" }, { kind: "interrupted" }]);
  answer.release(DONE);
  expect(await watcher.watch("too late", clock.now(), HOUR, ignore)).toEqual({ kind: "interrupted" });
});

test("a look that hangs does not hold back the looks at other tasks", async () => {
  const never = hold<PollOutcome>();
  service.onPoll = (task) => (task === "hung" ? never.promise : DONE);
  const watching = poller();
  void watching.watch("hung", clock.now(), HOUR, ignore);
  expect(await clock.until(watching.watch("quick", clock.now(), HOUR, ignore))).toEqual(DONE);
  interrupt.abort();
});
