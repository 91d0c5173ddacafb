import { beforeEach, describe, expect, test } from "vitest";
import { cancelChecked, type CancelOptions, type CancelResult } from "../../src/driver/cancel.ts";
import { renderOn, type RenderResult } from "../../src/driver/render.ts";
import type { RenderOptions } from "../../src/driver/rendering.ts";
import { readLock } from "../../src/driver/state.ts";
import type { RunEvent } from "../../src/execute/events.ts";
import type { Take } from "../../src/plan/lock.ts";
import type { CancelOutcome, ListedTask } from "../../src/seedance/listing.ts";
import { serviceError } from "../support/fake-service.ts";
import { checkedText, memoryMachine, PROJECT } from "../support/memory-machine.ts";

const BOARD = `version: 1
provider: ark
scenes:
  - { id: dawn, prompt: At dawn. }
  - { id: climb, extend: dawn, prompt: He climbs. }
`;
const ENVIRONMENT = { ARK_API_KEY: "x", ANYFAST_API_KEY: "x" };
const OPTIONS = { environment: ENVIRONMENT, cwd: PROJECT.folder };

let machine: ReturnType<typeof memoryMachine>;
let events: RunEvent[];
let tasks: ListedTask[];

beforeEach(() => {
  machine = memoryMachine();
  events = [];
  tasks = [];
});

function render(options: RenderOptions = {}): Promise<RenderResult> {
  const all = { ...OPTIONS, yes: true, onEvent: (event: RunEvent) => events.push(event), ...options };
  const checked = checkedText(BOARD);
  return machine.clock.until(renderOn(machine, () => Promise.resolve(checked), all));
}

const takes = (scene = "dawn"): readonly Take[] =>
  readLock(PROJECT, "paid", PROJECT.folder, machine.files, []).lock.scenes.get(scene)?.takes ?? [];
const states = (scene?: string) => takes(scene).map(({ state, task }) => [state, task]);
const created = () => machine.service.creates.map(({ label }) => label);

/** A run whose first answer is lost, although the service has made a task of it. */
async function loseDawn(): Promise<void> {
  machine.service.onCreate = () => {
    tasks.push({ id: "cgt-7", createdAt: machine.clock.now() });
    return { kind: "unknown", error: serviceError("", "reset") };
  };
  await render();
  expect(states()).toEqual([["unknown", undefined]]);
  machine.service.onCreate = (_body, label) => ({ kind: "accepted", taskId: `task-${label}` });
}

const openList = (): void => {
  machine.service.list = () => Promise.resolve({ kind: "listed", tasks, isWhole: true });
};

describe("a take that was lost", () => {
  test("is found before the next run is planned: nothing is sent again, and what it blocked goes on", async () => {
    await loseDawn();
    openList();
    const plans: string[][] = [];
    const result = await render({
      onPlan: (films) => plans.push(films.flatMap((film) => film.scenes.map(({ action }) => action))),
    });
    expect(result).toMatchObject({ kind: "ran", films: [{ film: { kind: "made" } }] });
    expect(plans).toEqual([["collect", "render"]]);
    expect([states(), created()]).toEqual([[["done", "cgt-7"]], ["dawn", "climb"]]);
    expect(events).toContainEqual({ type: "take-found", scene: "dawn", take: 1, task: "cgt-7" });
  });

  test("stays lost, and its scene blocked, where two tasks could be it", async () => {
    await loseDawn();
    openList();
    tasks.push({ id: "cgt-8", createdAt: tasks[0]?.createdAt ?? 0 });
    await render();
    expect([states(), created()]).toEqual([[["unknown", undefined]], ["dawn"]]);
    expect(events).toContainEqual({
      type: "take-in-doubt",
      scene: "dawn",
      take: 1,
      tasks: ["cgt-7", "cgt-8"],
    });
  });

  test("is not looked for by a run that may fetch nothing", async () => {
    await loseDawn();
    openList();
    await render({ frozen: true });
    expect(states()).toEqual([["unknown", undefined]]);
  });

  test("is in the lockfile as found when the run is refused after that", async () => {
    await loseDawn();
    openList();
    expect(await render({ yes: false })).toMatchObject({ kind: "refused" });
    expect(states()).toEqual([["submitted", "cgt-7"]]);
  });

  test("is not looked for without a key, and at another provider's, where nobody would know it", async () => {
    await loseDawn();
    const lists: number[] = [];
    machine.service.list = (since) => (
      lists.push(since),
      Promise.resolve({ kind: "listed", tasks, isWhole: true })
    );
    expect(await render({ environment: {} })).toMatchObject({ kind: "ran" });
    expect(await render({ provider: "anyfast" })).toMatchObject({ kind: "ran" });
    expect(lists).toEqual([]);
  });

  test("of a provider without a list stays unknown", async () => {
    await loseDawn();
    await render();
    expect([states(), created()]).toEqual([[["unknown", undefined]], ["dawn"]]);
  });
});

describe("cancel", () => {
  const cancel = (scene = "dawn", options: CancelOptions = {}): Promise<CancelResult> =>
    machine.clock.until(cancelChecked(checkedText(BOARD), scene, { ...OPTIONS, ...options }, machine));
  const asked: string[] = [];
  const answering = (outcome: CancelOutcome): void => {
    asked.length = 0;
    machine.service.cancel = (task) => (asked.push(task), Promise.resolve(outcome));
  };

  /** A run that has left its task behind. */
  const leaveDawn = async (): Promise<void> => {
    machine.service.onPoll = () => ({ kind: "pending" });
    await render({ deadline: 5 });
    expect(states()).toEqual([["submitted", "task-dawn"]]);
  };

  test("records a task that was withdrawn, and the next run sends a new take", async () => {
    await leaveDawn();
    answering({ kind: "cancelled" });
    expect(await cancel()).toEqual({
      kind: "asked",
      takes: [{ take: 1, task: "task-dawn", isCancelled: true, said: "is cancelled, and costs nothing" }],
    });
    expect(takes()).toMatchObject([{ state: "failed", error: { code: "cancelled" } }]);
    expect(asked).toEqual(["task-dawn"]);
    machine.service.onPoll = (task) => ({ kind: "succeeded", url: `https://files/${task}` });
    await render();
    expect(states()).toEqual([
      ["failed", "task-dawn"],
      ["done", "task-dawn#2"],
    ]);
  });

  test.each<[string, CancelOutcome, RegExp]>([
    ["that runs", { kind: "too-late", state: "running" }, /past cancelling \(running\)/],
    [
      "that the service does not know",
      { kind: "missing", error: serviceError("", "no task") },
      /not known.*no task/,
    ],
    ["whose answer is lost", { kind: "unreadable", error: serviceError("", "reset") }, /or not.*reset/],
    ["with a wrong key", { kind: "halt", reason: "bad-key", error: serviceError("", "no") }, /as it was/],
  ])("a task %s stays as it is", async (_, outcome, said) => {
    await leaveDawn();
    answering(outcome);
    expect(await cancel()).toMatchObject({
      takes: [{ isCancelled: false, said: expect.stringMatching(said) }],
    });
    expect(states()).toEqual([["submitted", "task-dawn"]]);
  });

  test("a provider that cannot is said so, with what to do, and nothing changes", async () => {
    await leaveDawn();
    const before = machine.files.readFileSync("/project/film.lock.json").toString();
    expect(await cancel()).toMatchObject({
      kind: "wrong-call",
      message: "ark has no way to cancel a task; task-dawn goes on, and `storyc render` collects it",
    });
    expect(machine.files.readFileSync("/project/film.lock.json").toString()).toBe(before);
  });

  test.each<[string, CancelOptions, RegExp]>([
    ["climb", {}, /`climb` has no task under way/],
    ["dawn", { take: 7 }, /take 7 of `dawn` has no task under way/],
    ["dawn", { provider: "anyfast" }, /it is a task of `ark`.*--provider ark/],
    ["dawn", { provider: "emulator" }, /a rehearsal costs nothing/],
    ["down", {}, /did you mean `dawn`/],
  ])("%s %j: what is wrong is told", async (scene, options, message) => {
    await leaveDawn();
    answering({ kind: "cancelled" });
    expect(await cancel(scene, options)).toMatchObject({
      kind: "wrong-call",
      message: expect.stringMatching(message),
    });
    expect(asked).toEqual([]);
  });

  test("a lost request is named as what it is, and a missing key too", async () => {
    await loseDawn();
    answering({ kind: "cancelled" });
    expect(await cancel()).toMatchObject({
      message: expect.stringMatching(/nobody knows.*storyc adopt dawn/),
    });
    expect(await cancel("dawn", { environment: {} })).toEqual({ kind: "no-key", variable: "ARK_API_KEY" });
  });
});
