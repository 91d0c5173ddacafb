import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { formatLock } from "../../src/plan/lock-format.ts";
import { mergeLocks } from "../../src/plan/lock-merge.ts";
import { EMPTY_LOCK, type Lock } from "../../src/plan/lock.ts";
import { after, steps } from "../plan/locks.ts";
import { startCopyingService } from "../support/copying-service.ts";
import { statsOf } from "../support/program.ts";
import { DRIVER_PROGRAM, GitProject, storyboard } from "./git-project.ts";

let service: Awaited<ReturnType<typeof startCopyingService>>;
const projects: GitProject[] = [];

beforeAll(async () => {
  service = await startCopyingService();
});
afterAll(() => service.close());
afterEach(() => {
  for (const project of projects.splice(0)) project.remove();
});

const FILM = storyboard(
  { id: "dawn", prompt: "The sun rises." },
  { id: "lamp", prompt: "A lamp burns." },
  { id: "storm", prompt: "A storm comes." },
);

function begin(text = FILM): GitProject {
  const project = GitProject.begin(service.url, text);
  projects.push(project);
  return project;
}

async function created(): Promise<number> {
  return (await statsOf(service.url)).created;
}

/** Two branches of what is committed now, each with its edit, rendered and committed; the second one is checked out. */
async function forked(
  project: GitProject,
  one: readonly [from: string, to: string],
  other: readonly [from: string, to: string],
): Promise<void> {
  for (const [branch, [from, to]] of [
    ["one", one],
    ["other", other],
  ] as const) {
    project.git("checkout", "-q", "-B", branch, "main");
    project.edit(from, to);
    await project.render();
    project.commit(branch);
  }
}

describe("plain git, without a driver", () => {
  test("joins what two branches have rendered of different scenes, neighbours too", async () => {
    const project = begin();
    await project.render();
    project.commit("rendered");
    await forked(project, ["sun rises", "sun climbs"], ["lamp burns", "lamp glows"]);
    const paid = await created();
    expect(project.tryGit("merge", "one", "-m", "joined")).toMatchObject({ exit: 0 });
    expect(project.takes()).toEqual([
      "dawn#1 done",
      "dawn#2 done *",
      "lamp#1 done",
      "lamp#2 done *",
      "storm#1 done *",
    ]);
    expect((await project.plan()).map((line) => line.split(":")[1])).toEqual([" reuse", " reuse", " reuse"]);
    expect(await project.render()).toMatchObject({ sent: [] });
    expect(await created()).toBe(paid);
    expect(project.git("status", "--porcelain")).toBe("");
  });

  const OLD = ["b", "d", "f", "h"] as const;
  const folder = mkdtempSync(join(tmpdir(), "storyc-merge-file-"));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  function mergeFile(base: Lock, ours: Lock, theirs: Lock): { status: number | null; stdout: string } {
    for (const [name, lock] of [
      ["base", base],
      ["ours", ours],
      ["theirs", theirs],
    ] as const)
      writeFileSync(join(folder, name), formatLock(lock));
    return spawnSync("git", ["merge-file", "-p", "ours", "base", "theirs"], {
      cwd: folder,
      encoding: "utf8",
    });
  }

  test("joins any work on different scenes, and gives what the driver gives", () => {
    const history = steps(OLD, 20);
    fc.assert(
      fc.property(fc.nat(15), history, history, fc.boolean(), (mask, common, work, isFirstNew) => {
        const made = OLD.map((scene) => ({ kind: "send", scene, prompt: "sea", state: "done" }) as const);
        const base = after(
          after(EMPTY_LOCK, made, "made"),
          common.filter(({ kind }) => kind !== "upload"),
          "base",
        );
        const isOurs = (scene: string): boolean => (mask & (1 << OLD.indexOf(scene as "b"))) !== 0;
        const of = (ours: boolean) =>
          work.filter((step) => step.kind !== "upload" && isOurs(step.scene) === ours);
        // A new scene on each side, not in the same gap between the old ones.
        const [before, behind] = isFirstNew ? ["a", "z"] : ["e", "c"];
        const add = (scene: string) => ({ kind: "send", scene, prompt: "new", state: "done" }) as const;
        const ours = after(base, [...of(true), add(before ?? "")], "ours");
        const theirs = after(base, [...of(false), add(behind ?? "")], "theirs");
        const { status, stdout } = mergeFile(base, ours, theirs);
        expect(status, stdout).toBe(0);
        expect(stdout).toBe(formatLock(mergeLocks({ base, ours, theirs }).lock));
      }),
      { numRuns: 150 },
    );
  });
});

describe("the same scene on both branches", () => {
  async function conflicted(prepare?: (project: GitProject) => Promise<unknown>): Promise<GitProject> {
    const project = begin();
    // The storyboard itself is settled by a person, here by taking one side.
    project.write(".git/info/attributes", "film.yaml merge=ours\n");
    project.git("config", "merge.ours.driver", "true");
    await project.render();
    await prepare?.(project);
    project.commit("rendered");
    await forked(project, ["lamp burns", "lamp glows"], ["lamp burns", "lamp gutters"]);
    return project;
  }
  const BOTH = ["dawn#1 done *", "lamp#1 done", "lamp#2 done *", "lamp#3 done", "storm#1 done *"];

  test("leaves marks, which are told with their lines; `lock merge` keeps both as takes", async () => {
    const project = await conflicted();
    const paid = await created();
    expect(project.tryGit("merge", "one")).toMatchObject({ exit: 1 });
    const told = await project.storyc("status", "--provider", "anyfast");
    expect(told.exit).toBe(1);
    const first =
      project
        .read("film.lock.json")
        .split("\n")
        .findIndex((line) => line.startsWith("<<<<<<<")) + 1;
    expect(told.stderr).toContain(`film.lock.json:${first}:1`);
    expect(told.stderr).toMatch(new RegExp(`marks of a merge conflict, in lines ${first}–\\d+`));
    expect(told.stderr).toContain("`storyc lock merge`");
    const settled = await project.storyc("lock", "merge");
    expect(settled).toMatchObject({ exit: 0, stderr: "" });
    expect(settled.stdout.split("\n")).toEqual([
      "film.lock.json: settled; the takes of both sides are in it.",
      "  `lamp`: take 2 of the other side is take 3 now",
      "  `lamp`: both sides have selected another take; yours, take 2, stays; theirs is take 3: `storyc pick lamp 3`",
      "Now: git add film.lock.json",
      "",
    ]);
    expect(project.takes()).toEqual(BOTH);
    project.commit("joined");
    expect(await project.render()).toMatchObject({ sent: [] });
    expect(await created()).toBe(paid);
    const again = await project.storyc("lock", "merge");
    expect(again).toMatchObject({ exit: 0, stdout: "film.lock.json: there is no conflict.\n" });
  });

  test("is settled from the marks alone after `git add`", async () => {
    const project = await conflicted();
    project.tryGit("merge", "one");
    project.git("add", "-A");
    expect(await project.storyc("lock", "merge", "film.lock.json")).toMatchObject({ exit: 0 });
    expect(project.takes()).toEqual(BOTH);
  });

  test("is joined by git itself with the driver, and what it did is told", async () => {
    const project = await conflicted((one) => one.storyc("lock", "install-merge-driver"));
    const merge = project.tryGit("merge", "one", "-m", "joined");
    expect(merge.exit, merge.text).toBe(0);
    expect(merge.text).toContain("film.lock.json:\n  `lamp`: take 2 of the other side is take 3 now\n");
    expect(project.takes()).toEqual(BOTH);
    expect(await project.render()).toMatchObject({ sent: [] });
    expect(project.git("status", "--porcelain")).toBe("");
  });

  test("is joined in a rebase as well", async () => {
    const project = await conflicted((one) => one.storyc("lock", "install-merge-driver"));
    const rebase = project.tryGit("rebase", "one");
    expect(rebase.exit, rebase.text).toBe(0);
    expect(project.takes()).toEqual(BOTH);
  });

  test("is joined where both sides have added the lockfile", async () => {
    const project = begin();
    await project.storyc("lock", "install-merge-driver");
    project.commit("attributes");
    project.write(".git/info/attributes", "film.yaml merge=union\n");
    await forked(project, ["lamp burns", "lamp glows"], ["sun rises", "sun climbs"]);
    const merge = project.tryGit("merge", "one", "-m", "joined");
    expect(merge.exit, merge.text).toBe(0);
    // The storm was made once: the second branch found it in the record of all takes.
    expect(project.takes().map((take) => take.split(" ")[0])).toEqual([
      ...["dawn#1", "dawn#2", "lamp#1", "lamp#2", "storm#1"],
    ]);
  });

  test("is a conflict for git to mark where one side cannot be read", async () => {
    const project = await conflicted((one) => one.storyc("lock", "install-merge-driver"));
    project.write("film.lock.json", project.read("film.lock.json").replace('"version": 1', '"version": 2'));
    project.commit("a newer one");
    const merge = project.tryGit("merge", "one", "-m", "joined");
    expect(merge.exit, merge.text).toBe(1);
    expect(merge.text).toContain(
      "error[lock/newer]: the lockfile has version 2; this storyc reads version 1",
    );
    expect(project.read("film.lock.json")).toContain("<<<<<<< ours");
    const settled = await project.storyc("lock", "merge");
    expect(settled.exit).toBe(1);
    expect(settled.stderr).toContain("film.lock.json (ours):2:14");
  });
});

test("the driver is installed once, and says what it did", async () => {
  const project = begin();
  const first = await project.storyc("lock", "install-merge-driver");
  expect(first).toMatchObject({ exit: 0, stderr: "" });
  expect(first.stdout).toContain(
    "wrote .gitattributes: /film.lock.json merge=storyc\nset merge.storyc.driver in this clone: ",
  );
  project.commit("attributes");
  const second = await project.storyc("lock", "install-merge-driver");
  expect(second.stdout).toContain(
    "film.lock.json has `merge=storyc` already\nmerge.storyc.driver is set already\n",
  );
  expect(project.git("status", "--porcelain")).toBe("");
  expect(project.git("config", "merge.storyc.driver").trim()).toBe(
    `${DRIVER_PROGRAM.map((word) => `'${word}'`).join(" ")} lock merge %O %A %B %P`,
  );
});

test("a driver is not installed outside of a checkout, and nothing is written", async () => {
  const folder = mkdtempSync(join(tmpdir(), "storyc-git-"));
  const project = new GitProject(service.url, folder);
  projects.push(project);
  project.write("film.yaml", FILM);
  const told = await project.storyc("lock", "install-merge-driver");
  expect(told).toMatchObject({ exit: 2 });
  expect(told.stderr).toContain("is not in a git checkout");
  expect(project.tryGit("status").exit).not.toBe(0);
});

test.each(["my film [1].yaml", "it's 100% #1.yaml", "林晓.yaml"])(
  "a storyboard named %j has its own line",
  async (name) => {
    const project = begin();
    project.git("mv", "film.yaml", name);
    project.write("other.lock.json", "{}");
    expect(await project.storyc("lock", "install-merge-driver", name)).toMatchObject({ exit: 0, stderr: "" });
    const lock = name.replace(".yaml", ".lock.json");
    const attribute = (file: string): string =>
      project.git("-c", "core.quotePath=false", "check-attr", "merge", "--", file).trim();
    expect(attribute(lock)).toMatch(/ storyc$/);
    expect(attribute("other.lock.json")).toMatch(/ unspecified$/);
    await project.storyc("lock", "install-merge-driver", name);
    expect(project.read(".gitattributes").split("\n")).toHaveLength(2);
  },
);
