import { expect, test } from "vitest";
import { amendChecked, type Amended, type Amendment } from "../../src/driver/amend.ts";
import { adoptTask, keepTake, pickTake } from "../../src/driver/amendments.ts";
import { planChecked, type Plan, type PlanOptions } from "../../src/driver/plan.ts";
import { renderOn, type RenderResult } from "../../src/driver/render.ts";
import type { RenderOptions } from "../../src/driver/rendering.ts";
import { readSavedPlan, savePlan, type SavedPlan } from "../../src/driver/saved-plan.ts";
import { serviceError } from "../support/fake-service.ts";
import { checkedText, memoryMachine, PROJECT } from "../support/memory-machine.ts";

const board = (dawn: string, climb = "He climbs."): string => `version: 1
provider: anyfast
scenes:
  - { id: dawn, prompt: ${dawn} }
  - { id: climb, extend: dawn, prompt: ${climb} }
  - { id: radio, prompt: A radio. }
`;
const BEFORE = board("At dawn.");
const AFTER = board("At noon.");

class Desk {
  readonly machine = memoryMachine();

  render(text: string, options: RenderOptions = {}): Promise<RenderResult> {
    const checked = checkedText(text);
    return this.machine.clock.until(
      renderOn(this.machine, () => Promise.resolve(checked), { ...this.#options, yes: true, ...options }),
    );
  }

  plan(text: string, options: PlanOptions = {}): readonly Plan[] {
    return planChecked(checkedText(text), { ...this.#options, ...options }, this.machine).films;
  }

  actions(text: string, options: PlanOptions = {}): Record<string, string> {
    const [plan] = this.plan(text, options);
    return Object.fromEntries(plan?.scenes.map(({ scene, action }) => [scene.id, action]) ?? []);
  }

  decide(text: string, scene: string, amendment: Amendment): Promise<Amended> {
    return this.machine.clock.until(
      amendChecked(checkedText(text), this.#options, scene, amendment, this.machine),
    );
  }

  get sent(): string[] {
    return this.machine.service.creates.map(({ label }) => label);
  }

  readonly #options = { environment: { ANYFAST_API_KEY: "x" }, cwd: PROJECT.folder };
}

async function rendered(text = BEFORE): Promise<Desk> {
  const desk = new Desk();
  await desk.render(text);
  return desk;
}

test("a lost take of an older recipe is given up without anything being sent, and is not asked about again", async () => {
  const desk = new Desk();
  desk.machine.service.onCreate = (_, label) =>
    label === "dawn"
      ? { kind: "unknown", error: serviceError("") }
      : { kind: "accepted", taskId: `cgt-${label}` };
  await desk.render(BEFORE);
  desk.machine.service.onCreate = (_, label) => ({ kind: "accepted", taskId: `cgt-${label}` });
  await desk.render(AFTER);
  const sent = desk.sent.length;
  expect(await desk.render(AFTER, { resubmit: ["dawn"] })).toMatchObject({ kind: "ran" });
  expect(desk.sent).toHaveLength(sent);
  expect(await desk.render(AFTER, { resubmit: ["dawn"] })).toMatchObject({ kind: "wrong-call" });
});

test("a run whose storyboard another one has taken over stops within seconds, whatever it waits for", async () => {
  const desk = new Desk();
  const { clock, files, service } = desk.machine;
  service.onPoll = () => {
    const lock = files.openSync("/project/.storyc/runs/film.paid.lock", "w");
    files.writeSync(lock, Buffer.from('{ "pid": 2, "host": "other", "since": "2026-01-01T00:00:00.000Z" }'));
    files.closeSync(lock);
    return { kind: "pending" };
  };
  const began = clock.now();
  const ended = await desk.render(BEFORE, { pollEvery: 600 });
  expect(ended).toMatchObject({ kind: "ran", stopped: "another run has taken the storyboard over" });
  expect(clock.now() - began).toBeLessThan(60_000);
});

test("a kept take is not made again, and stands in the film, until something else changes", async () => {
  const desk = await rendered();
  expect(desk.actions(AFTER)).toEqual({ dawn: "render", climb: "render", radio: "reuse" });
  expect(await desk.decide(AFTER, "dawn", keepTake)).toMatchObject({ kind: "amended" });
  expect(desk.actions(AFTER)).toEqual({ dawn: "kept", climb: "reuse", radio: "reuse" });
  expect(await desk.render(AFTER)).toMatchObject({ kind: "ran", films: [{ film: { kind: "current" } }] });
  expect(desk.sent).toHaveLength(3);
  expect(desk.actions(board("At night."))["dawn"]).toBe("render");
});

test("what will change anyway cannot be kept, and the way out is told", async () => {
  const desk = await rendered();
  expect(await desk.decide(AFTER, "climb", keepTake)).toMatchObject({
    kind: "wrong-call",
    message: /storyc render --only dawn/,
  });
});

test("a picked take of an older recipe stays picked in the runs that follow", async () => {
  const desk = await rendered();
  await desk.render(AFTER);
  expect(await desk.decide(AFTER, "dawn", pickTake(1))).toMatchObject({ kind: "amended" });
  expect(desk.actions(AFTER)).toEqual({ dawn: "kept", climb: "reuse", radio: "reuse" });
  await desk.render(AFTER);
  expect(desk.plan(AFTER)[0]?.lock.scenes.get("dawn")?.selected).toEqual({ main: 1 });
  await desk.decide(AFTER, "dawn", pickTake(2));
  expect(desk.actions(AFTER)["dawn"]).toBe("reuse");
});

test("what has no clip cannot be picked", async () => {
  const desk = await rendered();
  for (const take of [0, 2])
    expect(await desk.decide(BEFORE, "dawn", pickTake(take))).toMatchObject({ message: /it has 1$/ });
  expect(await desk.decide(BEFORE, "dwan", pickTake(1))).toMatchObject({ message: /mean `dawn`/ });
});

test("an adopted task is collected by the next run, and nothing is sent for it", async () => {
  const desk = new Desk();
  desk.machine.service.onCreate = (_, label) =>
    label === "dawn"
      ? { kind: "unknown", error: serviceError("X") }
      : { kind: "accepted", taskId: `task-${label}` };
  await desk.render(BEFORE);
  expect(desk.actions(BEFORE)).toEqual({ dawn: "blocked", climb: "blocked", radio: "reuse" });
  const owned = await desk.decide(BEFORE, "dawn", adoptTask({ task: "task-radio" }));
  expect(owned).toMatchObject({ kind: "wrong-call", message: /take 1 of `radio`/ });
  await desk.decide(BEFORE, "dawn", adoptTask({ task: "task-77" }));
  expect(desk.actions(BEFORE)["dawn"]).toBe("collect");
  await desk.render(BEFORE);
  expect(desk.actions(BEFORE)).toEqual({ dawn: "reuse", climb: "reuse", radio: "reuse" });
  expect(desk.sent).toEqual(["dawn", "radio", "climb"]);
});

test("a task that belongs to no take is adopted only as a new one", async () => {
  const desk = await rendered();
  expect(await desk.decide(BEFORE, "dawn", adoptTask({ task: "t-9" }))).toMatchObject({ kind: "wrong-call" });
  await desk.decide(BEFORE, "dawn", adoptTask({ task: "t-9", asNewTake: true }));
  await desk.render(BEFORE);
  expect(desk.plan(BEFORE)[0]?.lock.scenes.get("dawn")?.takes).toMatchObject([
    { task: "task-dawn" },
    { task: "t-9", state: "done" },
  ]);
  expect(desk.sent).toHaveLength(3);
});

test("only what is asked for is sent, and no film is joined from what is stale", async () => {
  const desk = await rendered();
  const ran = await desk.render(AFTER, { only: ["dawn"] });
  expect(ran).toMatchObject({ kind: "ran", films: [{ film: { kind: "not-made" } }] });
  expect(desk.sent.slice(3)).toEqual(["dawn#2"]);
  expect(desk.actions(AFTER)).toEqual({ dawn: "reuse", climb: "render", radio: "reuse" });
  await desk.render(board("At night."), { only: ["daw?+"] });
  expect(desk.sent.slice(4)).toEqual(["dawn#3", "climb#2"]);
});

test("a name that no scene has is told before anything is sent", async () => {
  const desk = await rendered();
  for (const wish of ["only", "retake", "resubmit"] as const)
    expect(await desk.render(AFTER, { [wish]: ["dwan"] })).toMatchObject({
      kind: "wrong-call",
      message: /did you mean `dawn`/,
    });
  expect(await desk.render(BEFORE, { resubmit: ["dawn"] })).toMatchObject({ message: /--retake dawn/ });
  expect(desk.sent).toHaveLength(3);
});

test("frozen, a run sends nothing, and says what would have been", async () => {
  const desk = await rendered();
  expect(await desk.render(BEFORE, { frozen: true })).toMatchObject({ kind: "ran" });
  const refused = await desk.render(AFTER, { frozen: true });
  expect(refused).toMatchObject({ kind: "refused", reason: /`dawn` would be rendered, `climb`/ });
  expect(desk.sent).toHaveLength(3);
});

function saved(desk: Desk, text: string, options: PlanOptions = {}): SavedPlan {
  const plan = savePlan(checkedText(text), desk.plan(text, options), options);
  const read = readSavedPlan("plan.json", JSON.stringify(plan));
  if (read.kind === "wrong-call") throw new Error(read.message);
  return read.plan;
}

test("a saved plan is done as long as nothing has moved", async () => {
  const desk = await rendered();
  const plan = saved(desk, AFTER, { retake: ["radio"] });
  const ran = await desk.render(AFTER, { plan, ...plan.asked });
  expect(ran.kind).toBe("ran");
  expect(desk.sent.slice(3).sort()).toEqual(["climb#2", "dawn#2", "radio#2"]);
});

test("a saved plan is refused when anything that it rests on has moved, and each thing is named", async () => {
  const desk = await rendered();
  const plan = saved(desk, AFTER);
  const reason = async (text: string, options: RenderOptions = {}): Promise<string> => {
    const result = await desk.render(text, { plan, ...options });
    return result.kind === "refused" ? result.reason : result.kind;
  };
  expect(await reason(board("At noon.", "He runs."))).toContain("film.yaml has changed");
  expect(await reason(AFTER, { only: ["dawn"] })).toContain("other options are asked for");
  expect(await reason(AFTER, { provider: "ark", environment: { ARK_API_KEY: "x" } })).toContain(
    "provider anyfast → ark",
  );
  expect(desk.sent).toHaveLength(3);
  await desk.render(AFTER, { only: ["dawn"] });
  const moved = await reason(AFTER);
  expect(moved).toContain("the lockfile has changed");
  expect(moved).toContain("`dawn`: render → reuse");
});

const NONE = "0".repeat(64);

test.each<[string, (plan: SavedPlan) => unknown, string]>([
  ["another storyc", (plan) => ({ ...plan, storyc: "9.9.9" }), "it was made by storyc 9.9.9, this is "],
  ["another storyboard", (plan) => ({ ...plan, storyboard: "act.yaml" }), "it is the plan of act.yaml"],
  [
    "an included file",
    (plan) => rests(plan, { sources: { "film.yaml": NONE, "act.yaml": NONE } }),
    "act.yaml is not used any more",
  ],
  ["an asset", (plan) => rests(plan, { media: { "face.png": NONE } }), "face.png has changed"],
  ["a new asset", (plan) => rests(plan, { media: {} }), "face.png is new"],
  ["the prices", (plan) => rests(plan, { prices: NONE }), "the prices have changed"],
  ["the films", (plan) => ({ ...plan, films: [] }), "film `main` is not in it"],
])("a saved plan is refused when %s has moved", async (_, move, told) => {
  const text = BEFORE.replace("At dawn.", '"@face at dawn."').replace(
    "scenes:",
    "assets: { face: { image: ./face.png } }\nscenes:",
  );
  const desk = new Desk();
  const read = readSavedPlan("plan.json", JSON.stringify(move(saved(desk, text))));
  if (read.kind === "wrong-call") throw new Error(read.message);
  const result = await desk.render(text, { plan: read.plan });
  expect(result).toMatchObject({ kind: "refused", reason: expect.stringContaining(told) as string });
  expect(desk.sent).toEqual([]);
});

function rests(plan: SavedPlan, moved: Partial<SavedPlan["restsOn"]>): SavedPlan {
  return { ...plan, restsOn: { ...plan.restsOn, ...moved } };
}

test("a saved plan is refused when bytes that it builds on are gone from the store", async () => {
  const desk = await rendered();
  const plan = saved(desk, BEFORE);
  desk.machine.files.rmSync("/project/.storyc/objects", { recursive: true });
  const result = await desk.render(BEFORE, { plan });
  expect(result).toMatchObject({ kind: "refused", reason: /`dawn`: reuse → fetch/ });
});

test.each([
  ["", "is not JSON"],
  ["[]", "is no saved plan"],
  ["null", "is no saved plan"],
  ['{"version":2}', "is a plan of version 2"],
  [(plan: SavedPlan) => ({ ...plan, asked: { retake: 7 } }), "/asked/retake must be array"],
  [(plan: SavedPlan) => ({ ...plan, restsOn: undefined }), "must have required property 'restsOn'"],
  [(plan: SavedPlan) => ({ ...plan, provider: "nobody" }), "/provider must be equal to one of"],
])("what is no saved plan is told, and is no crash (%#)", async (written, told) => {
  const desk = await rendered();
  const text = typeof written === "string" ? written : JSON.stringify(written(saved(desk, AFTER)));
  const read = readSavedPlan("plan.json", text);
  expect(read).toMatchObject({ kind: "wrong-call", message: expect.stringContaining(told) as string });
});
