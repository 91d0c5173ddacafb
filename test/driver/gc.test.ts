import { expect, test } from "vitest";
import { digestOf } from "../../src/base/digest.ts";
import { collectGarbage } from "../../src/driver/gc.ts";
import { formatLock } from "../../src/plan/lock-format.ts";
import { parseLock } from "../../src/plan/lock-read.ts";
import type { Take } from "../../src/plan/lock.ts";
import { readText, writeWhole, type Files } from "../../src/store/files.ts";
import { doneTake } from "../support/takes.ts";
import { diskError, listFiles, watched } from "../support/memory-files.ts";
import { memoryMachine } from "../support/memory-machine.ts";

const REHEARSALS = "/project/film.rehearsal.lock.json";

const take = (name: string, number = 1): Take => ({
  ...doneTake(number, name, name),
  fingerprint: digestOf(`recipe of ${name}`),
});

function clipPath(name: string): string {
  const digest = digestOf(name);
  return `/project/.storyc/objects/${digest.slice(0, 2)}/${digest}.mp4`;
}

function fill(files: Files): void {
  const names = ["a", "b", "c", "d", "first", "second"];
  for (const name of [...names, "orphan"]) writeWhole(files, clipPath(name), name);
  for (const name of ["a", "b", "c", "d"]) {
    const one = take(name);
    const path = `/project/.storyc/takes/paid/${one.fingerprint.slice(0, 2)}/${one.fingerprint}.json`;
    writeWhole(files, path, JSON.stringify([one]));
  }
  const scenes = new Map([["dawn", { selected: { main: 2 }, takes: [take("first"), take("second", 2)] }]]);
  writeWhole(files, REHEARSALS, formatLock({ scenes }));
}

/** Clips that are named and not there. */
function dangling(files: Files): string[] {
  const { lock } = parseLock("", "", readText(files, REHEARSALS) ?? "");
  const records = listFiles(files, "/project/.storyc/takes/paid").map(
    (name) => JSON.parse(readText(files, `/project/.storyc/takes/paid/${name}`) ?? "") as Take[],
  );
  const named = [...records.flat(), ...(lock.scenes.get("dawn")?.takes ?? [])];
  return named.flatMap(({ clip }) => {
    const path = `/project/.storyc/objects/${clip?.sha256.slice(0, 2)}/${clip?.sha256}.mp4`;
    return files.existsSync(path) ? [] : [path];
  });
}

const OPTIONS = { cwd: "/project", remove: true, forgetUnlocked: true, rehearsals: true };

test("broken off at any file, it leaves no name of a clip that is gone, and the next one goes on", () => {
  let steps = 0;
  for (let nth = 0; nth <= steps; nth++) {
    const machine = memoryMachine();
    fill(machine.files);
    let done = 0;
    const failing = watched(machine.files, (operation, [path]) => {
      const isRemoval =
        operation === "rmSync" && String(path).includes(".storyc/") && !String(path).includes("/runs/");
      if (isRemoval && done++ === nth) throw diskError("EIO", operation);
    });
    try {
      collectGarbage(OPTIONS, { ...machine, files: failing });
      steps = 0;
    } catch {
      steps = nth + 1;
    }
    expect(dangling(machine.files)).toEqual([]);
    expect(collectGarbage(OPTIONS, machine).kind).toBe("collected");
    expect(listFiles(machine.files, "/project/.storyc/objects")).toHaveLength(1);
    expect(readText(machine.files, clipPath("second"))).toBe("second");
    if (nth > 0 && steps === 0) expect(nth).toBeGreaterThan(8);
  }
});

test("a folder without a store, and one that is not there", () => {
  const machine = memoryMachine();
  expect(collectGarbage({ cwd: "/project", remove: true }, machine)).toMatchObject({
    kind: "collected",
    garbage: [],
  });
  expect(listFiles(machine.files, "/project")).toEqual([]);
  expect(collectGarbage({ cwd: "/project", file: "nowhere" }, machine).kind).toBe("no-folder");
});
