import { expect, test } from "vitest";
import { adoptTask, keepTake, pickTake } from "../../src/driver/amendments.ts";
import { amendChecked, type Amendment } from "../../src/driver/amend.ts";
import type { Checked } from "../../src/driver/check.ts";
import type { Machine } from "../../src/driver/machine.ts";
import { planChecked } from "../../src/driver/plan.ts";
import { renderOn } from "../../src/driver/render.ts";
import type { RenderOptions } from "../../src/driver/rendering.ts";
import type { Files } from "../../src/store/files.ts";
import { checkLockShape } from "../../src/syntax/lock-schema.ts";
import { serviceError } from "../support/fake-service.ts";
import { diskError, listFiles, memoryFiles, watched } from "../support/memory-files.ts";
import { checkedText, memoryMachine, PROJECT } from "../support/memory-machine.ts";

const OPTIONS: RenderOptions = { environment: { ANYFAST_API_KEY: "x" }, yes: true, cwd: PROJECT.folder };

function storyboard(dawn = "At dawn."): Checked {
  return checkedText(`version: 1
provider: anyfast
scenes:
  - { id: dawn, prompt: ${dawn} }
  - { id: climb, extend: dawn, prompt: He climbs. }
`);
}

type MemoryMachine = ReturnType<typeof memoryMachine>;

function render(machine: MemoryMachine, more: RenderOptions = {}): Promise<unknown> {
  const check = (): Promise<Checked> => Promise.resolve(storyboard());
  return machine.clock.until(renderOn(machine, check, { ...OPTIONS, ...more }));
}

/** A machine on which everything is rendered, `dawn` twice: the second take is selected. */
async function rendered(): Promise<MemoryMachine> {
  const machine = memoryMachine();
  await render(machine);
  await render(machine, { retake: ["dawn"] });
  return machine;
}

const lockOf = (files: Files): string => files.readFileSync("/project/film.lock.json", "utf8") as string;
const actions = (machine: Machine, checked = storyboard()): string[] =>
  planChecked(checked, OPTIONS, machine).films.flatMap(({ scenes }) =>
    scenes.map(({ scene, action, take }) => `${scene.id} ${action}${take ? ` ${take.take}` : ""}`),
  );

/** The decisions of a person, each with a machine on which it can be taken. */
const DECISIONS: readonly {
  readonly name: string;
  readonly scene: string;
  readonly checked: Checked;
  readonly decision: Amendment;
  open(): Promise<MemoryMachine>;
}[] = [
  { name: "pick", scene: "dawn", checked: storyboard(), decision: pickTake(1), open: rendered },
  {
    name: "pick of a stale take",
    scene: "dawn",
    checked: storyboard("Noon."),
    decision: pickTake(1),
    open: rendered,
  },
  { name: "keep", scene: "dawn", checked: storyboard("Noon."), decision: keepTake, open: rendered },
  {
    name: "adopt",
    scene: "dawn",
    checked: storyboard(),
    decision: adoptTask({ task: "task-7" }),
    open: async () => {
      const machine = memoryMachine();
      machine.service.onCreate = () => ({ kind: "unknown", error: serviceError("X") });
      await render(machine);
      return machine;
    },
  },
  {
    name: "adopt as a new take",
    scene: "dawn",
    checked: storyboard(),
    decision: adoptTask({ task: "task-7", asNewTake: true }),
    open: rendered,
  },
];

function copyOf(files: Files): Files {
  const copy = memoryFiles();
  for (const name of listFiles(files, "/")) {
    copy.mkdirSync(`/${name}`.slice(0, name.lastIndexOf("/") + 1), { recursive: true });
    const fd = copy.openSync(`/${name}`, "w");
    copy.writeSync(fd, files.readFileSync(`/${name}`) as Buffer);
    copy.closeSync(fd);
  }
  return copy;
}

/** From its nth operation on, the disk does nothing more for this process. */
function dyingAt(files: Files, nth: number): { readonly files: Files; isDead(): boolean } {
  let operations = 0;
  const dying = watched(files, () => {
    if (operations++ >= nth) throw diskError("EIO", "death");
  });
  return { files: dying, isDead: () => operations > nth };
}

/** The same storage with another process on it, to which the one before is dead. */
function nextProcess(machine: Machine, files: Files): Machine {
  return { ...machine, files, self: { ...machine.self, pid: machine.self.pid + 1, isAlive: () => false } };
}

test.each(DECISIONS)("$name, ended at any line, has happened as a whole or not at all", async (given) => {
  const { checked, decision, scene } = given;
  const machine = await given.open();
  const before = actions(machine, checked);
  const snapshot = copyOf(machine.files);
  const amended = await amendChecked(checked, OPTIONS, scene, decision, machine);
  expect(amended).toMatchObject({ kind: "amended" });
  const after = actions(machine, checked);
  expect(after).not.toEqual(before);
  const locked = lockOf(machine.files);
  expect(checkLockShape(JSON.parse(locked))).toEqual([]);
  let kills = 0;
  for (let nth = 0; ; nth++) {
    const disk = copyOf(snapshot);
    const { files, isDead } = dyingAt(disk, nth);
    await amendChecked(checked, OPTIONS, scene, decision, { ...machine, files }).catch(() => undefined);
    const next = nextProcess(machine, disk);
    expect([before, after], `killed at operation ${nth}`).toContainEqual(actions(next, checked));
    // Where it had not happened it can be done now; where it had, its being done again changes nothing.
    await amendChecked(checked, OPTIONS, scene, decision, next);
    expect(actions(next, checked)).toEqual(after);
    expect(lockOf(disk), `killed at operation ${nth}`).toBe(locked);
    if (!isDead()) break;
    kills++;
  }
  expect(kills).toBeGreaterThan(20);
});
