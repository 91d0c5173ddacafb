import { expect, test } from "vitest";
import { execute } from "../../src/execute/execute.ts";
import { sendTake } from "../../src/execute/take-runner.ts";
import type { CreateOutcome } from "../../src/seedance/outcome.ts";
import { inTurn, serviceError } from "../support/fake-service.ts";
import { settle } from "../support/held.ts";
import { openRig, type Rig } from "../support/rig.ts";
import { executionOf, takeToSend } from "../support/scenes.ts";

const BUSY: CreateOutcome = { kind: "busy", error: serviceError("RateLimitExceeded") };
const LOST: CreateOutcome = { kind: "unknown", error: serviceError("", "reset after sending") };

const sent = (rig: Rig): string[] => rig.service.creates.map(({ label }) => label);
/** Tasks that go on until the test ends. */
const runForEver = (rig: Rig): void => void (rig.service.onPoll = () => ({ kind: "pending" }));

test("a service that takes two tasks where ten were asked for gets all of them in the end, each paid once", async () => {
  const rig = openRig({ concurrency: 10 });
  let running = 0;
  let most = 0;
  let refused = 0;
  const ends = new Map<string, number>();
  rig.service.onCreate = (_body, label) => {
    if (running >= 2) return (refused++, BUSY);
    most = Math.max(most, ++running);
    ends.set(label, rig.clock.now() + 90_000);
    return { kind: "accepted", taskId: label };
  };
  rig.service.onPoll = (task) => {
    if (rig.clock.now() < (ends.get(task) ?? 0)) return { kind: "pending" };
    running--;
    return { kind: "succeeded", url: `https://files/${task}` };
  };
  const names = Array.from({ length: 12 }, (_, i) => `s${i}`);
  const results = await rig.clock.until(Promise.all(names.map((name) => sendTake(rig, takeToSend(name)))));
  expect(results.map(({ kind }) => kind)).toEqual(names.map(() => "done"));
  expect([most, ends.size]).toEqual([2, 12]);
  expect(refused).toBeLessThan(40);
});

test("while one is refused, the others are not sent after it", async () => {
  const rig = openRig({ concurrency: 2 });
  runForEver(rig);
  const begun = rig.clock.now();
  rig.service.onCreate = (_body, label) =>
    rig.clock.now() < begun + 30_000
      ? ({ ...BUSY, retryAfterMs: 30_000 } as CreateOutcome)
      : { kind: "accepted", taskId: label };
  for (const name of ["a", "b", "c"]) void sendTake(rig, takeToSend(name));
  await settle();
  expect(sent(rig)).toEqual(["a", "b"]);
  await rig.clock.advance(29_999);
  expect(sent(rig)).toEqual(["a", "b"]);
  await rig.clock.advance(1);
  expect(sent(rig)).toEqual(["a", "b", "c"]);
  await rig.clock.advance(30_000);
  expect(sent(rig)).toEqual(["a", "b", "c", "a"]);
});

test("a service that wants to be left alone for longer than we wait is told, and nothing is recorded", async () => {
  const rig = openRig({ patience: 60_000 });
  rig.service.onCreate = () => ({ ...BUSY, retryAfterMs: 7_200_000 }) as CreateOutcome;
  const result = await rig.clock.until(sendTake(rig, takeToSend("dawn")));
  expect(result).toMatchObject({ kind: "stopped", message: /120 minutes/ });
  expect([sent(rig).length, rig.nextLock().scenes.size]).toEqual([1, 0]);
});

test("a request whose answer was lost counts as in flight for as long as such tasks last", async () => {
  const rig = openRig({ concurrency: 2 });
  runForEver(rig);
  rig.service.onCreate = inTurn<CreateOutcome>(LOST, { kind: "accepted", taskId: "t" });
  expect(await rig.clock.until(sendTake(rig, takeToSend("a")))).toMatchObject({ kind: "unknown" });
  for (const name of ["b", "c"]) void sendTake(rig, takeToSend(name));
  await rig.clock.advance(9999);
  expect(sent(rig)).toEqual(["a", "b"]);
  await rig.clock.advance(1);
  expect(sent(rig)).toEqual(["a", "b", "c"]);
});

test("also one that the run before has lost, for what is left of that time", async () => {
  const first = openRig();
  first.service.onCreate = () => LOST;
  await first.clock.until(sendTake(first, takeToSend("a")));
  const rig = openRig({ concurrency: 2, lock: first.nextLock() });
  runForEver(rig);
  await rig.clock.advance(4000);
  void execute(executionOf(rig, [{ id: "b" }, { id: "c" }]));
  await rig.clock.advance(5999);
  expect(sent(rig)).toEqual(["b"]);
  await rig.clock.advance(1);
  expect(sent(rig)).toEqual(["b", "c"]);
});
