import { expect, test } from "vitest";
import { digestOf } from "../../src/base/digest.ts";
import type { Checked } from "../../src/driver/check.ts";
import { renderOn, type RenderResult } from "../../src/driver/render.ts";
import { parseLock } from "../../src/plan/lock-read.ts";
import type { Files } from "../../src/store/files.ts";
import { diskError, listFiles, watched, WRITING, type Operation } from "../support/memory-files.ts";
import { checkedText, memoryMachine, PROJECT } from "../support/memory-machine.ts";

const OPTIONS = { environment: { ANYFAST_API_KEY: "x" }, yes: true, cwd: PROJECT.folder };
const STORYBOARD = `version: 1
provider: anyfast
scenes:
  - { id: dawn, prompt: At dawn. }
  - { id: climb, extend: dawn, prompt: He climbs. }
  - { id: lamp, first_frame: climb.last_frame, prompt: The lamp ignites. }
`;
const FAULTS = ["ENOSPC", "EIO", "EACCES"] as const;
/** Removing and linking fail too, on a disk that is read-only by then. */
const OPERATIONS: readonly Operation[] = [...WRITING, "rmSync", "linkSync", "copyFileSync", "readFileSync"];

/** The next run is another process: that of a run whose lock could not be removed is gone. */
const LATER = { pid: 2, isAlive: (pid: number): boolean => pid === 2 };

type MemoryMachine = ReturnType<typeof memoryMachine>;

function render(machine: MemoryMachine): Promise<RenderResult> {
  const check = (): Promise<Checked> => Promise.resolve(checkedText(STORYBOARD));
  return machine.clock.until(renderOn(machine, check, OPTIONS));
}

/** How many operations of the disk a whole run takes. */
async function operationsOfARun(): Promise<number> {
  const machine = memoryMachine();
  let count = 0;
  const files = watched(machine.files, (operation) => {
    if (OPERATIONS.includes(operation)) count++;
  });
  await render({ ...machine, files });
  return count;
}

/** What a run has to tell: its result, or the error that it ends with. */
async function told(machine: MemoryMachine): Promise<string> {
  try {
    return JSON.stringify(await render(machine), (_, value: unknown) =>
      value instanceof Map ? [...value] : value,
    );
  } catch (error) {
    return (error as Error).message;
  }
}

function expectNothingHalf(files: Files, when: string): void {
  for (const name of listFiles(files, "/project/.storyc/objects")) {
    const bytes = files.readFileSync(`/project/.storyc/objects/${name}`) as Buffer;
    expect(`${digestOf(bytes)}.mp4`, when).toBe(name.split("/").at(-1));
  }
  if (!files.existsSync("/project/film.lock.json")) return;
  const lock = files.readFileSync("/project/film.lock.json", "utf8") as string;
  expect(parseLock("lock", "/lock", lock).diagnostics, when).toEqual([]);
}

test.each(FAULTS)(
  "whichever operation of the disk fails with %s: it is told, nothing is half, and the next run goes on unpaid",
  async (code) => {
    const operations = await operationsOfARun();
    expect(operations).toBeGreaterThan(100);
    let stopped = 0;
    for (let nth = 0; nth < operations; nth++) {
      const machine = memoryMachine();
      let at = 0;
      let failed: Operation | undefined;
      const files = watched(machine.files, (operation) => {
        if (!OPERATIONS.includes(operation) || at++ !== nth) return;
        failed = operation;
        throw diskError(code, operation);
      });
      const when = `${code} at operation ${nth}`;
      const said = await told({ ...machine, files });
      expectNothingHalf(machine.files, `${when} (${failed})`);
      if (said.includes(code)) stopped++;
      const next = await told({ ...machine, self: { ...machine.self, ...LATER } });
      expectNothingHalf(machine.files, `${when}, then a healthy run`);
      const sent = machine.service.creates.map(({ label }) => label);
      expect(new Set(sent).size, `${when} (${failed}): ${sent.join(" ")}; ${said}`).toBe(sent.length);
      expect(
        sent.filter((label) => label.includes("#")),
        `${when} (${failed}): ${said}`,
      ).toEqual([]);
      // A request whose answer could not be written down is unknown, and waits for a person.
      const isLost = next.includes("outcome-unknown") || said.includes("could not be written down");
      if (!isLost) expect(next, `${when} (${failed}): ${said}`).toContain('"kind":"ran"');
      if (!isLost) expect(sent.sort(), `${when} (${failed})`).toEqual(["climb", "dawn", "lamp"]);
    }
    expect(stopped).toBeGreaterThan(operations / 3);
  },
);
