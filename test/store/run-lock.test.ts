import type * as nodeFs from "node:fs";
import { mkdtempSync, rmSync } from "node:fs";
import { hostname, tmpdir } from "node:os";
import { basename, join } from "node:path";
import { spawnSync } from "node:child_process";
import { afterAll, describe, expect, test } from "vitest";
import { diskFiles, writeWhole, type Files } from "../../src/store/files.ts";
import {
  takeRunLock,
  thisProcess,
  type Holder,
  type RunLockResult,
  type Self,
} from "../../src/store/run-lock.ts";
import { diskError, listFiles, memoryFiles, watched } from "../support/memory-files.ts";

const PATH = "/project/.storyc/runs/film.paid.lock";
const NOW = new Date("2026-01-01T12:00:00.000Z");
const seeing = (isAlive: (pid: number) => boolean): Self => ({
  pid: process.pid,
  host: hostname(),
  startedAt: () => NOW.getTime() - 60_000,
  bootedAt: () => 0,
  isAlive,
});
const ALIVE = seeing(() => true);
const DEAD = seeing(() => false);

const real = mkdtempSync(join(tmpdir(), "storyc-run-lock-"));
afterAll(() => rmSync(real, { recursive: true, force: true }));

let count = 0;
const DISKS: readonly [string, () => { files: Files; path: string }][] = [
  ["in memory", () => ({ files: memoryFiles(), path: PATH })],
  ["on the disk", () => ({ files: diskFiles, path: join(real, String(count++), "film.lock") })],
];

function holderFile(files: Files, path: string, holder: Partial<Holder>): void {
  const whole: Holder = { pid: 4711, host: hostname(), since: "2025-12-31T00:00:00.000Z", ...holder };
  writeWhole(files, path, JSON.stringify(whole));
}

/** As if nothing had been heard of the holder for so long. */
function age(files: Files, path: string, seconds: number): void {
  const at = Date.now() / 1000 - seconds;
  (files as unknown as typeof nodeFs).utimesSync(path, at, at);
}

function heldBy(result: RunLockResult): Holder | undefined {
  return result.kind === "busy" ? result.holder : undefined;
}

describe.each(DISKS)("%s", (_, open) => {
  test("a second run is told the process, the host and since when", () => {
    const { files, path } = open();
    expect(takeRunLock(files, path, NOW, ALIVE).kind).toBe("held");
    const second = takeRunLock(files, path, NOW, ALIVE);
    expect(heldBy(second)).toEqual({ pid: process.pid, host: hostname(), since: NOW.toISOString() });
  });

  test("a lock of this very process number from before it started is a dead one's", () => {
    const { files, path } = open();
    takeRunLock(files, path, NOW, ALIVE);
    const dayAfter = new Date(NOW.getTime() + 86_400_000);
    const restarted = { ...ALIVE, startedAt: () => dayAfter.getTime() - 1000 };
    expect(takeRunLock(files, path, dayAfter, restarted).kind).toBe("held");
  });

  test("a released lock can be taken again, and leaves nothing", () => {
    const { files, path } = open();
    for (let round = 0; round < 2; round++) {
      const held = takeRunLock(files, path, NOW, ALIVE);
      if (held.kind === "held") held.release();
      expect(listFiles(files, join(path, ".."))).toEqual([]);
    }
  });

  test("the lock of a dead process is taken over", () => {
    const { files, path } = open();
    holderFile(files, path, {});
    expect(
      takeRunLock(
        files,
        path,
        NOW,
        seeing((pid) => pid === process.pid),
      ).kind,
    ).toBe("held");
    expect(JSON.parse(files.readFileSync(path, "utf8"))).toMatchObject({ pid: process.pid });
    expect(listFiles(files, join(path, ".."))).toEqual([basename(path)]);
  });

  test("the lock of another host is believed, since its processes cannot be seen from here", () => {
    const { files, path } = open();
    holderFile(files, path, { host: "another-host" });
    expect(heldBy(takeRunLock(files, path, NOW, DEAD))).toMatchObject({ pid: 4711, host: "another-host" });
  });

  test("the lock of another host is taken over when it has given no sign of life for three minutes", () => {
    const { files, path } = open();
    holderFile(files, path, { host: "another-host" });
    age(files, path, 170);
    expect(takeRunLock(files, path, NOW, DEAD).kind).toBe("busy");
    age(files, path, 190);
    expect(takeRunLock(files, path, NOW, DEAD).kind).toBe("held");
  });

  test("a container with the same name of host is another one: it is believed as long as it gives signs of life", () => {
    const { files, path } = open();
    const here = { ...DEAD, namespace: "pid:[1]" };
    holderFile(files, path, { pid: process.pid, namespace: "pid:[2]" });
    expect(takeRunLock(files, path, NOW, here).kind).toBe("busy");
    age(files, path, 190);
    expect(takeRunLock(files, path, NOW, here).kind).toBe("held");
  });

  test("a holder gives signs of life, and is not taken for dead", () => {
    const { files, path } = open();
    const held = takeRunLock(files, path, NOW, ALIVE);
    age(files, path, 1000);
    if (held.kind === "held") held.renew();
    const elsewhere = { ...ALIVE, host: "another-host" };
    expect(heldBy(takeRunLock(files, path, NOW, elsewhere))).toMatchObject({ pid: process.pid });
    age(files, path, 1000);
    expect(takeRunLock(files, path, NOW, elsewhere).kind).toBe("held");
  });

  test("a number of before the machine was started is of another process by now", () => {
    const { files, path } = open();
    const self = { ...ALIVE, bootedAt: () => Date.parse("2025-12-31T06:00:00.000Z") };
    holderFile(files, path, { pid: 4711 });
    expect(takeRunLock(files, path, NOW, self).kind).toBe("busy");
    age(files, path, 190);
    expect(takeRunLock(files, path, NOW, ALIVE).kind).toBe("busy");
    expect(takeRunLock(files, path, NOW, self).kind).toBe("held");
  });

  test("who was taken for dead sees it, and leaves the lock of the other one alone", () => {
    const { files, path } = open();
    const mine = takeRunLock(files, path, NOW, ALIVE);
    if (mine.kind !== "held") throw new Error("not held");
    expect(mine.isMine()).toBe(true);
    age(files, path, 190);
    expect(takeRunLock(files, path, NOW, { ...ALIVE, host: "another-host" }).kind).toBe("held");
    expect(mine.isMine()).toBe(false);
    age(files, path, 190);
    mine.renew();
    mine.release();
    expect(takeRunLock(files, path, NOW, ALIVE).kind).toBe("held");
  });

  test("a lock that holds no words, as after a loss of power, is taken over", () => {
    const { files, path } = open();
    writeWhole(files, path, "");
    expect(takeRunLock(files, path, NOW, ALIVE).kind).toBe("held");
  });
});

test("a process that has ended is known to be dead, and this one to be alive", () => {
  const { pid } = spawnSync(process.execPath, ["-e", "0"]);
  const files = memoryFiles();
  const { namespace } = thisProcess;
  holderFile(files, PATH, { pid, ...(namespace !== undefined && { namespace }) });
  const held = takeRunLock(files, PATH, new Date());
  expect(held.kind).toBe("held");
  expect(takeRunLock(files, PATH, new Date()).kind).toBe("busy");
});

test("nobody ever sees a lock without its holder", () => {
  const files = memoryFiles();
  const seen: RunLockResult[] = [];
  let looking = false;
  const nosy = watched(files, () => {
    if (looking || !files.existsSync(PATH)) return;
    looking = true;
    seen.push(takeRunLock(files, PATH, NOW, ALIVE));
    looking = false;
  });
  const mine = takeRunLock(nosy, PATH, NOW, ALIVE);
  expect(mine.kind).toBe("held");
  expect(seen.map(({ kind }) => kind)).toEqual(seen.map(() => "busy"));
});

test("of two runs that find the lock of a dead process, only one takes it over", () => {
  for (let moment = 0; ; moment++) {
    const files = memoryFiles();
    holderFile(files, PATH, { pid: 4711 });
    const self = seeing((pid) => pid !== 4711);
    let operations = 0;
    let other: RunLockResult | undefined;
    const interleaved = watched(files, () => {
      if (operations++ === moment) other = takeRunLock(files, PATH, NOW, self);
    });
    const mine = takeRunLock(interleaved, PATH, NOW, self);
    if (!other) break;
    expect([mine.kind, other.kind].sort(), `at operation ${moment}`).toEqual(["busy", "held"]);
    expect(takeRunLock(files, PATH, NOW, self).kind).toBe("busy");
  }
});

test("while a run ends, only one of two others gets what it has held", () => {
  for (let ends = 0; ; ends++) {
    let operations = 0;
    for (let comes = ends; ; comes++) {
      const files = memoryFiles();
      const self = seeing(() => true);
      const first = takeRunLock(files, PATH, NOW, { ...self, pid: 1 });
      let third: RunLockResult | undefined;
      operations = 0;
      const interleaved = watched(files, () => {
        if (operations === ends && first.kind === "held") first.release();
        if (operations === comes) third = takeRunLock(files, PATH, NOW, { ...self, pid: 3 });
        operations++;
      });
      const second = takeRunLock(interleaved, PATH, NOW, { ...self, pid: 2 });
      if (!third) break;
      const kinds = [second.kind, third.kind];
      expect(
        kinds.filter((kind) => kind === "held").length,
        `${ends}, ${comes}: ${kinds.join()}`,
      ).toBeLessThan(2);
    }
    if (operations <= ends) break;
  }
});

test("where the disk has no links, a lock still holds", () => {
  const files = watched(memoryFiles(), (operation) => {
    if (operation === "linkSync") throw diskError("EPERM", operation);
  });
  const held = takeRunLock(files, PATH, NOW, ALIVE);
  expect(held.kind).toBe("held");
  expect(takeRunLock(files, PATH, NOW, ALIVE).kind).toBe("busy");
  if (held.kind === "held") held.release();
  expect(takeRunLock(files, PATH, NOW, ALIVE).kind).toBe("held");
});

test("a lock that cannot be written is an error, and not a second run", () => {
  const files = watched(memoryFiles(), (operation) => {
    if (operation === "openSync") throw diskError("EACCES", operation);
  });
  expect(() => takeRunLock(files, PATH, NOW, ALIVE)).toThrow("EACCES");
});
