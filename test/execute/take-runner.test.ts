import { expect, test } from "vitest";
import { sendTake, collectTake } from "../../src/execute/take-runner.ts";
import type { CreateOutcome } from "../../src/seedance/outcome.ts";
import { inTurn, serviceError } from "../support/fake-service.ts";
import { hold, settle } from "../support/held.ts";
import { openRig } from "../support/rig.ts";
import { loweredOf, takeToSend } from "../support/scenes.ts";

const ACCEPTED: CreateOutcome = { kind: "accepted", taskId: "t1" };
const BUSY: CreateOutcome = { kind: "busy", error: serviceError("RateLimitExceeded") };
const NOT_SENT: CreateOutcome = { kind: "not-sent", error: serviceError("", "connection refused") };
const UNKNOWN: CreateOutcome = { kind: "unknown", error: serviceError("", "reset after sending") };

test("the intent is in the journal before the request leaves, the answer before anything else happens", async () => {
  const rig = openRig();
  const seen: unknown[] = [];
  const note = (): void =>
    void seen.push(rig.journal().map((entry) => ("seen" in entry ? entry.seen.kind : entry.kind)));
  rig.service.onCreate = () => (note(), ACCEPTED);
  rig.service.onPoll = () => (note(), { kind: "succeeded", url: "https://files/t1", tokens: 7 });
  await rig.clock.until(sendTake(rig, takeToSend("dawn")));
  note();
  expect(seen).toEqual([["intent"], ["intent", "accepted"], ["intent", "accepted", "succeeded", "stored"]]);
});

test("a take comes home: its clip is in the store, its task, tokens and bytes in the lock", async () => {
  const rig = openRig();
  const result = await rig.clock.until(sendTake(rig, takeToSend("dawn")));
  expect(result).toMatchObject({ kind: "done", take: 1, differences: [] });
  const [take] = rig.nextLock().scenes.get("dawn")?.takes ?? [];
  expect(take).toMatchObject({ state: "done", task: "task-dawn", provider: "anyfast", tokens: 1000 });
  const bytes = rig.files.readFileSync(rig.store.pathOf(take?.clip?.sha256 ?? ""));
  expect(String(bytes)).toBe("clip of https://files/task-dawn");
  expect(rig.service.creates).toHaveLength(1);
});

test("a request names its scene, and its take from the second on", async () => {
  const rig = openRig();
  await rig.clock.until(sendTake(rig, takeToSend("dawn")));
  await rig.clock.until(sendTake(rig, takeToSend("dawn")));
  expect(rig.service.creates.map(({ label }) => label)).toEqual(["dawn", "dawn#2"]);
});

test("a request of unknown outcome is never sent again", async () => {
  const rig = openRig();
  rig.service.onCreate = () => UNKNOWN;
  const result = await rig.clock.until(sendTake(rig, takeToSend("dawn")));
  expect(result).toEqual({ kind: "unknown", take: 1, error: UNKNOWN.error });
  expect(rig.service.creates).toHaveLength(1);
  expect(rig.nextLock().scenes.get("dawn")?.takes).toMatchObject([{ state: "unknown" }]);
});

test("a busy service is waited for as long as it asks, and the same take is sent again", async () => {
  const rig = openRig();
  rig.service.onCreate = inTurn<CreateOutcome>(
    { ...BUSY, retryAfterMs: 7000 } as CreateOutcome,
    BUSY,
    BUSY,
    ACCEPTED,
  );
  const result = await rig.clock.until(sendTake(rig, takeToSend("dawn")));
  expect(result).toMatchObject({ kind: "done", take: 1 });
  expect(rig.clock.slept.slice(0, 3)).toEqual([7000, 4000, 8000]);
  expect(new Set(rig.service.creates.map(({ body }) => body)).size).toBe(1);
  expect(rig.nextLock().scenes.get("dawn")?.takes).toMatchObject([{ take: 1, state: "done" }]);
});

test("a take that is sent again after 429 is paid once, and counts once against the cap", async () => {
  let spent = 0;
  const rig = openRig({ spendProblem: () => (++spent > 1 ? "too dear" : undefined) });
  rig.service.onCreate = inTurn<CreateOutcome>(BUSY, NOT_SENT, ACCEPTED);
  expect(await rig.clock.until(sendTake(rig, takeToSend("dawn")))).toMatchObject({ kind: "done" });
  expect(spent).toBe(1);
});

test("a take that the cap does not allow is not sent, and not recorded", async () => {
  const rig = openRig({ spendProblem: () => "it would pass the cap" });
  const result = await rig.clock.until(sendTake(rig, takeToSend("dawn")));
  expect(result).toEqual({ kind: "stopped", message: "it would pass the cap" });
  expect([rig.service.creates, rig.journal()]).toEqual([[], []]);
});

test("a service that stays busy is given up, and nothing of it is in the lock", async () => {
  const rig = openRig();
  rig.service.onCreate = () => BUSY;
  const result = await rig.clock.until(sendTake(rig, takeToSend("dawn")));
  expect(result).toMatchObject({ kind: "stopped", message: /stays busy/ });
  expect(rig.nextLock().scenes.size).toBe(0);
});

test("a request that does not reach the service is tried four times, then told", async () => {
  const rig = openRig();
  rig.service.onCreate = () => NOT_SENT;
  const result = await rig.clock.until(sendTake(rig, takeToSend("dawn")));
  expect(result).toEqual({ kind: "stopped", message: "the service cannot be reached: connection refused" });
  expect(rig.service.creates).toHaveLength(4);
  expect(rig.nextLock().scenes.size).toBe(0);
});

test("a refusal is kept with its code and message", async () => {
  const rig = openRig();
  const error = serviceError("InputTextSensitiveContentDetected", "no such words");
  rig.service.onCreate = () => ({ kind: "refused", error });
  expect(await rig.clock.until(sendTake(rig, takeToSend("dawn")))).toEqual({
    kind: "refused",
    take: 1,
    error,
  });
  expect(rig.nextLock().scenes.get("dawn")?.takes).toMatchObject([{ state: "refused", error }]);
});

test.each(["bad-key", "no-access", "no-credit"] as const)(
  "%s stops the whole run, and what it turned away may be sent another time",
  async (reason) => {
    const rig = openRig({ concurrency: 1 });
    rig.service.onCreate = () => ({ kind: "halt", reason, error: serviceError("", "no") });
    const results = await rig.clock.until(
      Promise.all([sendTake(rig, takeToSend("dawn")), sendTake(rig, takeToSend("climb"))]),
    );
    expect(results.map(({ kind }) => kind)).toEqual(["stopped", "stopped"]);
    expect(rig.service.creates).toHaveLength(1);
    expect([rig.stop.halted, rig.nextLock().scenes.size]).toEqual([true, 0]);
  },
);

test("a halt gives up no request that is on the wire: its answer is waited for", async () => {
  const rig = openRig();
  const slow = hold<CreateOutcome>();
  rig.service.onCreate = (_body, label) =>
    label === "slow" ? slow.promise : { kind: "halt", reason: "no-credit", error: serviceError("") };
  const waiting = sendTake(rig, takeToSend("slow"));
  await settle();
  await rig.clock.until(sendTake(rig, takeToSend("dawn")));
  rig.grace.release(undefined);
  await settle();
  expect(rig.service.creates[0]?.signal.aborted).toBe(false);
  slow.release(ACCEPTED);
  expect(await rig.clock.until(waiting)).toMatchObject({ kind: "unfinished", task: "t1" });
  expect(rig.nextLock().scenes.get("slow")?.takes).toMatchObject([{ state: "submitted", task: "t1" }]);
});

test("an interrupt sends nothing new, and gives what is on the wire a moment to be answered", async () => {
  const rig = openRig({ concurrency: 1 });
  const answer = hold<CreateOutcome>();
  rig.service.onCreate = () => answer.promise;
  const both = Promise.all([sendTake(rig, takeToSend("dawn")), sendTake(rig, takeToSend("climb"))]);
  await settle();
  rig.interrupt.abort();
  await settle();
  expect(rig.service.creates[0]?.signal.aborted).toBe(false);
  answer.release(ACCEPTED);
  expect(await rig.clock.until(both)).toMatchObject([
    { kind: "unfinished", take: 1, task: "t1" },
    { kind: "stopped", message: "the run was interrupted" },
  ]);
  expect(rig.service.creates).toHaveLength(1);
});

test("when the moment after an interrupt is over, the request is given up and its outcome unknown", async () => {
  const rig = openRig();
  rig.service.onCreate = (_body, _label, signal) =>
    new Promise((resolve) => signal.addEventListener("abort", () => resolve(UNKNOWN)));
  const sent = sendTake(rig, takeToSend("dawn"));
  await settle();
  rig.interrupt.abort();
  await settle();
  rig.grace.release(undefined);
  expect(await sent).toMatchObject({ kind: "unknown" });
});

test("an interrupt after a halt still ends the run", async () => {
  const rig = openRig();
  rig.stop.halt("bad-key", serviceError(""));
  rig.interrupt.abort();
  rig.grace.release(undefined);
  await settle();
  expect(rig.stop.giveUp.aborted).toBe(true);
});

test("an interrupt ends the wait for a busy service", async () => {
  const rig = openRig();
  rig.service.onCreate = () => BUSY;
  const sent = sendTake(rig, takeToSend("dawn"));
  await settle();
  rig.interrupt.abort();
  expect(await sent).toEqual({ kind: "stopped", message: "the run was interrupted" });
  expect(rig.service.creates).toHaveLength(1);
});

test("a video that cannot reach the service is told, and nothing is sent", async () => {
  const rig = openRig();
  const materialize = () =>
    Promise.resolve({ kind: "unreachable", message: "its link has expired" } as const);
  const result = await rig.clock.until(sendTake(rig, takeToSend("dawn", { materialize })));
  expect(result).toEqual({ kind: "stopped", message: "its link has expired" });
  expect([rig.service.creates, rig.journal()]).toEqual([[], []]);
});

test("a task that failed is recorded, and a free one that its service does not know as well", async () => {
  for (const [kind, provider] of [
    ["failed", "anyfast"],
    ["missing", "emulator"],
  ] as const) {
    const rig = openRig({ provider });
    rig.service.onPoll = () => ({ kind, error: serviceError("X") });
    expect(await rig.clock.until(sendTake(rig, takeToSend("dawn")))).toMatchObject({
      kind: "failed",
      take: 1,
    });
    expect(rig.nextLock().scenes.get("dawn")?.takes).toMatchObject([{ state: "failed", task: "task-dawn" }]);
  }
});

test("a paid task that its service does not know is not forgotten: it may have been done all the same", async () => {
  const rig = openRig();
  rig.service.onPoll = () => ({ kind: "missing", error: serviceError("task_not_exist") });
  const result = await rig.clock.until(sendTake(rig, takeToSend("dawn")));
  expect(result).toMatchObject({
    kind: "unfinished",
    task: "task-dawn",
    message: /does not know it.*--resubmit/,
  });
  const lock = rig.nextLock();
  const [take] = lock.scenes.get("dawn")?.takes ?? [];
  expect(take).toMatchObject({ state: "submitted", task: "task-dawn", error: { code: "task_not_exist" } });
  const later = openRig({ lock });
  const known = { take: 1, task: "task-dawn", provider: "anyfast", since: 0 };
  const { lowered } = takeToSend("dawn");
  expect(await later.clock.until(collectTake(later, lowered, known))).toMatchObject({ kind: "done" });
  expect(later.nextLock().scenes.get("dawn")?.takes[0]).not.toHaveProperty("error");
});

test("a task that outlasts our patience stays collectable", async () => {
  const rig = openRig({ patience: 5000 });
  rig.service.onPoll = () => ({ kind: "pending" });
  const result = await rig.clock.until(sendTake(rig, takeToSend("dawn")));
  expect(result).toMatchObject({ kind: "unfinished", task: "task-dawn", message: /deadline/ });
  expect(rig.nextLock().scenes.get("dawn")?.takes).toMatchObject([{ state: "submitted", task: "task-dawn" }]);
});

test("collecting a task sends nothing", async () => {
  const first = openRig();
  first.service.onPoll = () => ({ kind: "pending" });
  void sendTake(first, takeToSend("dawn"));
  await settle();
  const rig = openRig({ lock: first.nextLock() });
  const known = { take: 1, task: "task-dawn", provider: "anyfast", since: 0 };
  const result = await rig.clock.until(collectTake(rig, loweredOf({ id: "dawn" }), known));
  expect(result).toMatchObject({ kind: "done", take: 1 });
  expect(rig.service.creates).toEqual([]);
});

test("a task of another provider is not asked for at this one, where it would look lost", async () => {
  const rig = openRig({ provider: "ark" });
  const known = { take: 1, task: "t1", provider: "anyfast", since: 0 };
  const result = await collectTake(rig, loweredOf({ id: "dawn" }), known);
  expect(result).toMatchObject({ kind: "unfinished", task: "t1", message: /--provider anyfast/ });
  expect(rig.service.polls).toEqual([]);
});
