import { describe, expect, test } from "vitest";
import { execute } from "../../src/execute/execute.ts";
import type { SceneResult } from "../../src/execute/events.ts";
import type { CreateOutcome } from "../../src/seedance/outcome.ts";
import type { Lock, Take } from "../../src/plan/lock.ts";
import { openBytes, serviceError } from "../support/fake-service.ts";
import { hold, settle } from "../support/held.ts";
import { fullFrom, openRig, type Rig, type RigOptions } from "../support/rig.ts";
import { executionOf, type SceneSketch } from "../support/scenes.ts";

type Results = Readonly<Record<string, SceneResult>>;

async function run(rig: Rig, ...scenes: SceneSketch[]): Promise<Results> {
  return Object.fromEntries(await rig.clock.until(execute(executionOf(rig, scenes))));
}

const kinds = (results: Results): Record<string, string> =>
  Object.fromEntries(Object.entries(results).map(([id, { kind }]) => [id, kind]));

const created = (rig: Rig): string[] => rig.service.creates.map(({ label }) => label);

/** The lock and the disk after a run in which the service answered so. */
async function afterRun(
  scenes: readonly SceneSketch[],
  answers: (rig: Rig) => void = () => undefined,
): Promise<{ lock: Lock; files: Rig["files"] }> {
  const rig = openRig();
  answers(rig);
  await run(rig, ...scenes);
  return { lock: rig.nextLock(), files: rig.files };
}

test("every scene is made, each after the clip that it needs, whose link it is given", async () => {
  const rig = openRig();
  const results = await run(rig, { id: "a" }, { id: "b", extend: "a" }, { id: "c", extend: "b" });
  expect(kinds(results)).toEqual({ a: "done", b: "done", c: "done" });
  expect(created(rig)).toEqual(["a", "b", "c"]);
  expect(rig.service.creates[1]?.body).toContain("https://files/task-a");
});

test("never more tasks than places are in flight, and the longest way to the end goes first", async () => {
  const rig = openRig({ concurrency: 2 });
  let now = 0;
  let most = 0;
  rig.service.onCreate = (_body, label) => {
    most = Math.max(most, ++now);
    return { kind: "accepted", taskId: label };
  };
  rig.service.onPoll = (task) => (now--, { kind: "succeeded", url: `https://files/${task}` });
  const tail = ["c", "d"].map((id) => ({ id, extend: "b" }));
  await run(rig, { id: "x" }, { id: "y" }, { id: "a" }, { id: "b", extend: "a" }, ...tail);
  expect(most).toBe(2);
  expect(created(rig).slice(0, 2)).toEqual(["a", "x"]);
});

test.each(["refused", "unknown"] as const)(
  "a scene that is %s stops its followers and nothing else",
  async (kind) => {
    const rig = openRig();
    rig.service.onCreate = (_body, label) =>
      label === "a" ? { kind, error: serviceError("X") } : { kind: "accepted", taskId: label };
    const results = await run(
      rig,
      { id: "a" },
      { id: "b", extend: "a" },
      { id: "c", extend: "b" },
      { id: "d" },
    );
    expect(kinds(results)).toEqual({ a: kind, b: "blocked", c: "blocked", d: "done" });
  },
);

test("a task that is known to the lock is collected, and its followers go on from it", async () => {
  const { lock } = await afterRun([{ id: "a" }], ({ service, interrupt }) => {
    service.onPoll = () => (interrupt.abort(), { kind: "pending" });
  });
  const rig = openRig({ lock });
  const results = await run(rig, { id: "a", action: "collect" }, { id: "b", extend: "a" });
  expect(kinds(results)).toEqual({ a: "done", b: "done" });
  expect(created(rig)).toEqual(["b"]);
});

describe("what the plan could not know, since an upstream clip was not there yet", () => {
  const scenes: SceneSketch[] = [{ id: "a" }, { id: "b", extend: "a" }];
  const onCreate =
    (kind: "unknown" | "refused") =>
    (rig: Rig): void => {
      rig.service.onCreate = (_body, label) =>
        label === "b" ? { kind, error: serviceError("X") } : { kind: "accepted", taskId: label };
    };

  test.each(["unknown", "refused"] as const)("a take that is %s is not sent again", async (kind) => {
    const rig = openRig(await afterRun(scenes, onCreate(kind)));
    // One more take of `a` was wanted, so `b` was planned as waiting for a change.
    const results = await run(rig, { id: "a", takes: 2 }, { id: "b", extend: "a" });
    expect(kinds(results)).toEqual({ a: "reused", b: "blocked" });
    expect(created(rig)).toEqual(["a#2"]);
  });

  test("a take that is made is reused", async () => {
    const rig = openRig(await afterRun(scenes));
    const results = await run(rig, { id: "a", takes: 2 }, { id: "b", extend: "a" });
    expect(kinds(results)).toEqual({ a: "reused", b: "reused" });
    expect(created(rig)).toEqual(["a#2"]);
  });
});

test("a clip whose bytes are missing is fetched from its task, and nothing is sent", async () => {
  const { lock } = await afterRun([{ id: "a" }]);
  const [take] = lock.scenes.get("a")?.takes ?? [];
  if (!take) throw new Error("no take");
  const rig = openRig({ lock });
  rig.service.onDownload = () => openBytes(Buffer.from("clip of https://files/task-a"));
  expect(kinds(await run(rig, { id: "a", action: "fetch", take }))).toEqual({ a: "done" });
  const other = openRig({ lock });
  other.service.onDownload = () => openBytes(Buffer.from("other bytes"));
  expect(await run(other, { id: "a", action: "fetch", take })).toMatchObject({
    a: { kind: "gone", message: expect.stringContaining("other bytes") },
  });
  const lost: Take = { ...take };
  delete (lost as { task?: unknown }).task;
  const nowhere = openRig({ lock: { scenes: new Map([["a", { selected: { main: 1 }, takes: [lost] }]]) } });
  expect(await run(nowhere, { id: "a", action: "fetch", take: lost })).toMatchObject({
    a: { kind: "gone", message: expect.stringContaining("its task is not known") },
  });
  expect([...created(rig), ...created(other), ...created(nowhere)]).toEqual([]);
});

test("a take of the same recipe that was made before is brought into the lock, and nothing is sent", async () => {
  const { lock, files } = await afterRun([{ id: "a" }]);
  const rig = openRig({ files });
  const recalled = (): NonNullable<ReturnType<typeof lock.scenes.get>>["takes"] =>
    lock.scenes.get("a")?.takes ?? [];
  const results = await rig.clock.until(execute(executionOf(rig, [{ id: "a" }], recalled)));
  expect(results.get("a")).toMatchObject({ kind: "reused", take: 1 });
  expect(rig.ledger.selected("a")).toMatchObject({ state: "done", task: "task-a" });
  expect(created(rig)).toEqual([]);
});

test("several takes are sent each under its own number, and a scene is done with one of them", async () => {
  const rig = openRig();
  rig.service.onCreate = (_body, label) =>
    label === "a#2" ? { kind: "refused", error: serviceError("X") } : { kind: "accepted", taskId: label };
  const input = executionOf(rig, [{ id: "a", takes: 3 }]);
  expect((await rig.clock.until(execute(input))).get("a")).toMatchObject({ kind: "done" });
  expect(created(rig)).toEqual(["a", "a#2", "a#3"]);
  expect(rig.ledger.takes("a").map(({ state }) => state)).toEqual(["done", "refused", "done"]);
  expect(input.remembered.map(({ take }) => take)).toEqual([1, 3]);
});

describe("a disk that is full", () => {
  const scenes: SceneSketch[] = [{ id: "a" }, { id: "b" }, { id: "c", extend: "a" }, { id: "d", takes: 2 }];
  const full = (nth: number): RigOptions => ({ beforeEntry: fullFrom(nth), concurrency: 2 });

  test("from any entry of the journal on: nothing is sent that is not written, and no task is lost silently", async () => {
    const whole = openRig({ concurrency: 2 });
    await run(whole, ...scenes);
    const entries = whole.journal().length;
    for (let nth = 0; nth < entries; nth++) {
      const rig = openRig(full(nth));
      const results = await run(rig, ...scenes);
      expect(rig.stop.failure?.message, `entry ${nth}`).toContain("ENOSPC");
      const intents = rig.journal().filter((entry) => "seen" in entry && entry.seen.kind === "intent");
      expect(created(rig), `entry ${nth}`).toHaveLength(intents.length);
      const written = [...rig.nextLock().scenes.values()].flatMap(({ takes }) =>
        takes.map(({ task }) => task),
      );
      const told = JSON.stringify(results);
      for (const label of created(rig)) {
        const task = `task-${label}`;
        expect(written.includes(task) || told.includes(task), `${task}, entry ${nth}`).toBe(true);
      }
    }
  });

  test("at the first intent: the message tells of the disk, and no request has left", async () => {
    const rig = openRig(full(0));
    expect(await run(rig, { id: "a" }, { id: "b" })).toMatchObject({
      a: { kind: "stopped", message: /ENOSPC/ },
      b: { kind: "stopped" },
    });
    expect(created(rig)).toEqual([]);
  });

  test("while the answers to several takes are under way: all are waited for, and each task is named", async () => {
    const rig = openRig({ beforeEntry: fullFrom(2) });
    const answers = [hold<CreateOutcome>(), hold<CreateOutcome>()];
    rig.service.onCreate = (_body, label) =>
      answers[label === "a" ? 0 : 1]?.promise as Promise<CreateOutcome>;
    let ended = false;
    const running = execute(executionOf(rig, [{ id: "a", takes: 2 }])).finally(() => (ended = true));
    await settle();
    answers[0]?.release({ kind: "accepted", taskId: "t-one" });
    await rig.clock.advance(60_000);
    expect([ended, rig.stop.failure?.message]).toEqual([false, expect.stringContaining("t-one")]);
    answers[1]?.release({ kind: "accepted", taskId: "t-two" });
    expect((await rig.clock.until(running)).get("a")).toMatchObject({
      kind: "stopped",
      message: /t-one.*t-two/s,
    });
  });
});

test("nothing is sent beyond the plan, which is what was looked at and agreed to", async () => {
  const { lock, files } = await afterRun([{ id: "a" }, { id: "b", extend: "a" }]);
  const rig = openRig({ lock, files });
  // The plan thought that `b` would stay current, but `a` has become another clip.
  const results = await run(rig, { id: "a", prompt: "changed" }, { id: "b", extend: "a", action: "reuse" });
  expect(created(rig)).toEqual(["a#2"]);
  expect(results["b"]).toEqual({ kind: "blocked", message: "upstream `a` changed" });
});
