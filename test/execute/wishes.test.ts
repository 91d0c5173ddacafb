import { expect, test } from "vitest";
import { execute } from "../../src/execute/execute.ts";
import type { SceneResult } from "../../src/execute/events.ts";
import type { Lock, Take } from "../../src/plan/lock.ts";
import { NO_WISHES, type Wishes } from "../../src/plan/wishes.ts";
import { serviceError } from "../support/fake-service.ts";
import { openRig, type Rig } from "../support/rig.ts";
import { executionOf, type SceneSketch } from "../support/scenes.ts";

async function run(
  rig: Rig,
  scenes: readonly SceneSketch[],
  wishes: Partial<Wishes> = {},
): Promise<Record<string, SceneResult>> {
  const execution = { ...executionOf(rig, scenes), wishes: { ...NO_WISHES, ...wishes } };
  return Object.fromEntries(await rig.clock.until(execute(execution)));
}

async function afterRun(
  scenes: readonly SceneSketch[],
  answers: (rig: Rig) => void = () => undefined,
): Promise<{ lock: Lock; files: Rig["files"] }> {
  const rig = openRig();
  answers(rig);
  await run(rig, scenes);
  return { lock: rig.nextLock(), files: rig.files };
}

const created = (rig: Rig): string[] => rig.service.creates.map(({ label }) => label);
const firstTake = (lock: Lock): Take => {
  const [take] = lock.scenes.get("a")?.takes ?? [];
  if (!take) throw new Error("no take");
  return take;
};
const lose = ({ service }: Rig): void => {
  service.onCreate = () => ({ kind: "unknown", error: serviceError("X") });
};

test("a retake is sent once and becomes the selected take", async () => {
  const rig = openRig(await afterRun([{ id: "a" }]));
  const results = await run(rig, [{ id: "a" }], { retake: new Set(["a"]) });
  expect(created(rig)).toEqual(["a#2"]);
  expect(results["a"]).toMatchObject({ kind: "done", take: 2 });
  expect(rig.nextLock().scenes.get("a")).toMatchObject({ selected: { main: 2 }, takes: [{}, { take: 2 }] });
});

test("a retake that a run leaves behind is selected by the run that collects it", async () => {
  const first = await afterRun([{ id: "a" }]);
  const rig = openRig(first);
  rig.service.onPoll = () => (rig.interrupt.abort(), { kind: "pending" });
  await run(rig, [{ id: "a" }], { retake: new Set(["a"]) });
  expect(rig.nextLock().scenes.get("a")?.selected).toEqual({ main: 1 });
  const next = openRig({ lock: rig.nextLock(), files: rig.files });
  expect(await run(next, [{ id: "a", action: "collect" }])).toMatchObject({ a: { kind: "done", take: 2 } });
  expect(created(next)).toEqual([]);
  expect(next.nextLock().scenes.get("a")?.selected).toEqual({ main: 2 });
});

test("an unknown take is given up on disk before another is sent", async () => {
  const rig = openRig(await afterRun([{ id: "a" }], lose));
  await run(rig, [{ id: "a" }], { resubmit: new Set(["a"]) });
  expect(created(rig)).toEqual(["a#2"]);
  const seen = rig.journal().map((entry) => (entry.kind === "observed" ? entry.seen.kind : entry.kind));
  expect(seen.indexOf("abandoned")).toBeLessThan(seen.lastIndexOf("intent"));
  expect(
    rig
      .nextLock()
      .scenes.get("a")
      ?.takes.map(({ state }) => state),
  ).toEqual(["abandoned", "done"]);
});

test("without the wish, an unknown take stays as it is and nothing is sent", async () => {
  const rig = openRig(await afterRun([{ id: "a" }], lose));
  expect(await run(rig, [{ id: "a" }])).toMatchObject({ a: { kind: "blocked" } });
  expect(created(rig)).toEqual([]);
});

test("what is left as it is lets others build on the take that it has", async () => {
  const { lock, files } = await afterRun([{ id: "a" }]);
  const rig = openRig({ lock, files });
  const results = await run(rig, [
    { id: "a", prompt: "changed", action: "left", take: firstTake(lock) },
    { id: "b", extend: "a" },
    { id: "c", action: "left" },
  ]);
  expect(created(rig)).toEqual(["b"]);
  expect(results).toMatchObject({ a: { kind: "left", take: 1 }, b: { kind: "done" }, c: { kind: "left" } });
});

test("what follows a clip whose bytes cannot be fetched today is as current as before", async () => {
  const scenes: SceneSketch[] = [{ id: "a" }, { id: "b", extend: "a" }];
  const { lock, files } = await afterRun(scenes);
  const rig = openRig({ lock, files });
  const take = firstTake(lock);
  files.rmSync(rig.store.pathOf(take.clip?.sha256 ?? ""));
  rig.service.onPoll = () => ({ kind: "failed", error: serviceError("Gone") });
  const results = await run(rig, [
    { id: "a", action: "fetch", take },
    { id: "b", extend: "a", action: "reuse" },
  ]);
  expect(results["a"]?.kind).not.toBe("done");
  expect(results["b"]).toMatchObject({ kind: "reused", take: 1 });
  expect(created(rig)).toEqual([]);
  expect(rig.nextLock().scenes.get("a")?.takes).toMatchObject([{ state: "done", clip: take.clip }]);
});
