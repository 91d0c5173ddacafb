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
  ...thisProcess,
  startedAt: () => NOW.getTime() - 60_000,
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

  test("a lock that holds no words, as after a loss of power, is taken over", () => {
    const { files, path } = open();
    writeWhole(files, path, "");
    expect(takeRunLock(files, path, NOW, ALIVE).kind).toBe("held");
  });
});

test("a process that has ended is known to be dead, and this one to be alive", () => {
  const { pid } = spawnSync(process.execPath, ["-e", "0"]);
  const files = memoryFiles();
  holderFile(files, PATH, { pid });
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
