import { expect, test } from "vitest";
import type { Checked } from "../../src/driver/check.ts";
import type { Machine } from "../../src/driver/machine.ts";
import { planChecked } from "../../src/driver/plan.ts";
import { renderOn, type RenderResult } from "../../src/driver/render.ts";
import type { RenderOptions } from "../../src/driver/rendering.ts";
import type { Take } from "../../src/plan/lock.ts";
import { mostRetries } from "../../src/plan/retries.ts";
import type { Files } from "../../src/store/files.ts";
import { checkLockShape } from "../../src/syntax/lock-schema.ts";
import type { CreateOutcome } from "../../src/seedance/outcome.ts";
import { serviceError } from "../support/fake-service.ts";
import { diskError, watched } from "../support/memory-files.ts";
import { checkedText, memoryMachine, PROJECT } from "../support/memory-machine.ts";

const OPTIONS: RenderOptions = { environment: { ANYFAST_API_KEY: "x" }, yes: true, cwd: PROJECT.folder };
const MODERATED = "OutputVideoSensitiveContentDetected";

function storyboard(moderation: number, takes = 1): Checked {
  return checkedText(`version: 1
provider: anyfast
defaults: { duration: 4, resolution: 480p }
scenes:
  - { id: dawn, prompt: At dawn., takes: ${takes}, retry: { moderation: ${moderation} } }
`);
}

type MemoryMachine = ReturnType<typeof memoryMachine>;

/** A machine whose service fails the tasks of these takes; of all, where none is named. */
function failing(code: string, ...takes: number[]): MemoryMachine {
  const machine = memoryMachine();
  machine.service.onPoll = (task) => {
    const take = Number(task.split("#")[1] ?? 1);
    return takes.length === 0 || takes.includes(take)
      ? { kind: "failed", error: serviceError(code) }
      : { kind: "succeeded", url: `https://files/${task}`, tokens: 1000 };
  };
  return machine;
}

function render(
  machine: MemoryMachine,
  checked: Checked,
  more: RenderOptions = {},
  files: Files = machine.files,
): Promise<RenderResult> {
  const check = (): Promise<Checked> => Promise.resolve(checked);
  return machine.clock.until(renderOn({ ...machine, files }, check, { ...OPTIONS, ...more }));
}

function takes({ files }: Pick<Machine, "files">): Take[] {
  const lock = JSON.parse(files.readFileSync("/project/film.lock.json", "utf8") as string) as {
    scenes: { dawn?: { takes: Take[] } };
  };
  expect(checkLockShape(lock)).toEqual([]);
  return lock.scenes.dawn?.takes ?? [];
}

const outline = (machine: MemoryMachine): string[] =>
  takes(machine).map(({ state, retries = 0 }) => `${state}, ${retries} more`);

/** How many requests the next run may send: those that are wanted, and those that may follow. */
function planned(machine: Machine, checked: Checked): [renders: number, retries: number] {
  const [plan] = planChecked(checked, OPTIONS, machine).films[0]?.scenes ?? [];
  return plan ? [plan.renders, mostRetries(plan)] : [0, 0];
}

test("a take whose output was moderated is made again in the same run, each try a take of its own", async () => {
  const machine = failing(MODERATED, 1, 2);
  expect(planned(machine, storyboard(2))).toEqual([1, 2]);
  await render(machine, storyboard(2));
  expect(outline(machine)).toEqual(["failed, 2 more", "failed, 1 more", "done, 0 more"]);
  const [first, second, third] = takes(machine);
  expect(new Set([first?.fingerprint, second?.fingerprint, third?.fingerprint]).size).toBe(1);
  expect(machine.service.creates.map(({ label }) => label)).toEqual(["dawn", "dawn#2", "dawn#3"]);
});

test("no more tries are made than the storyboard says, and a later run begins anew", async () => {
  const machine = failing(MODERATED);
  await render(machine, storyboard(2));
  expect(outline(machine)).toEqual(["failed, 2 more", "failed, 1 more", "failed, 0 more"]);
  expect(planned(machine, storyboard(2))).toEqual([1, 2]);
  await render(machine, storyboard(2));
  expect(machine.service.creates).toHaveLength(6);
});

const ENDS: readonly [what: string, onCreate: () => CreateOutcome][] = [
  ["a refused input", () => ({ kind: "refused", error: serviceError("InputTextSensitiveContentDetected") })],
  ["the code of an output in a refusal", () => ({ kind: "refused", error: serviceError(MODERATED) })],
  ["an unknown outcome", () => ({ kind: "unknown", error: serviceError("X") })],
];

test.each(ENDS)("%s is not tried again", async (_, onCreate) => {
  const machine = memoryMachine();
  machine.service.onCreate = onCreate;
  await render(machine, storyboard(5));
  await render(machine, storyboard(5));
  expect(machine.service.creates).toHaveLength(1);
});

test.each(["InternalServiceError", "InvalidParameter", "InputImageSensitiveContentDetected", ""])(
  "a task that fails with the code `%s` is not tried again",
  async (code) => {
    const machine = failing(code);
    await render(machine, storyboard(5));
    expect(machine.service.creates).toHaveLength(1);
  },
);

test("each of several wanted takes has its own tries", async () => {
  const machine = failing(MODERATED);
  expect(planned(machine, storyboard(1, 3))).toEqual([3, 3]);
  await render(machine, storyboard(1, 3));
  expect(machine.service.creates).toHaveLength(6);
});

test("a task that another run has sent is tried again when it is collected and was moderated", async () => {
  const machine = failing(MODERATED, 1);
  const moderated = machine.service.onPoll;
  machine.service.onPoll = () => ({ kind: "pending" });
  await render(machine, storyboard(2), { deadline: 1 });
  expect(planned(machine, storyboard(2))).toEqual([0, 2]);
  expect(planned(machine, storyboard(1))).toEqual([0, 1]);
  expect(planned(machine, storyboard(0))).toEqual([0, 0]);
  machine.service.onPoll = moderated;
  await render(machine, storyboard(2));
  expect(outline(machine)).toEqual(["failed, 2 more", "done, 0 more"]);
});

test("what may be sent after a collected task needs leave as any request does", async () => {
  const machine = failing(MODERATED);
  machine.service.onPoll = () => ({ kind: "pending" });
  await render(machine, storyboard(2), { deadline: 1 });
  const refused = await render(machine, storyboard(2), { yes: false });
  expect(refused).toMatchObject({ kind: "refused", reason: expect.stringContaining("--yes") });
});

test("the cap is asked before each try, and counts those before it", async () => {
  const machine = failing(MODERATED);
  const [plan] = planChecked(storyboard(5), OPTIONS, machine).films;
  const price = plan?.estimate.total.amount ?? 0;
  expect(plan?.estimate.retries).toMatchObject({ takes: 5, price: { amount: expect.closeTo(5 * price, 5) } });
  const ran = await render(machine, storyboard(5), { maxCost: 2.5 * price });
  expect(machine.service.creates).toHaveLength(2);
  const [result] = ran.kind === "ran" ? [...(ran.films[0]?.scenes.values() ?? [])] : [];
  expect(result).toMatchObject({
    kind: "failed",
    error: {
      code: MODERATED,
      message: expect.stringMatching(/not tried again: sending it would pass --max-cost/),
    },
  });
  // What was begun goes on, and is no longer for having been stopped.
  expect(planned(machine, storyboard(5))).toEqual([1, 3]);
});

test("nothing is tried again when the run was interrupted", async () => {
  const machine = failing(MODERATED);
  const interrupt = new AbortController();
  const moderated = machine.service.onPoll;
  machine.service.onPoll = (...args) => {
    interrupt.abort();
    return moderated(...args);
  };
  await render(machine, storyboard(5), { signal: interrupt.signal });
  expect(machine.service.creates).toHaveLength(1);
});

test("to change how often a scene is tried makes no clip stale", async () => {
  const machine = memoryMachine();
  await render(machine, storyboard(0));
  const before = machine.files.readFileSync("/project/film.lock.json", "utf8");
  expect(planned(machine, storyboard(5))).toEqual([0, 0]);
  await render(machine, storyboard(5));
  expect(machine.service.creates).toHaveLength(1);
  expect(machine.files.readFileSync("/project/film.lock.json", "utf8")).toBe(before);
});

/** From its nth operation on, the disk does nothing more for this process. */
function dyingAt(files: Files, nth: number): { readonly files: Files; isDead(): boolean } {
  let operations = 0;
  const dying = watched(files, () => {
    if (operations++ >= nth) throw diskError("EIO", "death");
  });
  return { files: dying, isDead: () => operations > nth };
}

test("a run that is killed at any line and goes on makes no more tries than one that is not", async () => {
  const checked = storyboard(2);
  let kills = 0;
  for (let nth = 0; ; nth++) {
    const machine = failing(MODERATED);
    const { files, isDead } = dyingAt(machine.files, nth);
    await render(machine, checked, {}, files).catch(() => undefined);
    const first = machine.service.creates.length;
    const next = { ...machine, self: { ...machine.self, pid: 2, isAlive: () => false } };
    const [renders, retries] = planned(next, checked);
    await render(next, checked);
    const second = machine.service.creates.length - first;
    const killed = `killed at operation ${nth}, after ${first} requests`;
    // What it sends is what its plan says.
    expect(second, killed).toBe(renders + retries);
    const isOver = takes(machine).length > 3;
    const isLost = takes(machine).some(({ state }) => state === "unknown");
    // A series that had come to its end in the first run is another one in the second.
    if (!isLost) expect(first + second, killed).toBe(isOver ? 6 : 3);
    else expect(first, killed).toBeLessThanOrEqual(3);
    if (isOver) expect(first, killed).toBe(3);
    expect(new Set(machine.service.creates.map(({ label }) => label)).size).toBe(first + second);
    if (!isDead()) break;
    kills++;
  }
  expect(kills).toBeGreaterThan(40);
});
