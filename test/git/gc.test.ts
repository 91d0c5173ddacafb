import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { digestOf } from "../../src/base/digest.ts";
import { collectGarbage, type Collected, type GcOptions } from "../../src/driver/gc.ts";
import { formatLock } from "../../src/plan/lock-format.ts";
import type { Take } from "../../src/plan/lock.ts";
import { doneTake } from "../support/takes.ts";
import { GitProject, storyboard } from "./git-project.ts";

let project: GitProject;

beforeEach(() => {
  project = GitProject.begin("http://127.0.0.1:9", storyboard({ id: "dawn", prompt: "The sun rises." }));
});
afterEach(() => project.remove());

function put(name: string, content: string): void {
  const path = join(project.folder, name);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, content);
}

/** A clip in the store; its content is its name. */
function store(name: string): string {
  const digest = digestOf(name);
  put(`.storyc/objects/${digest.slice(0, 2)}/${digest}.mp4`, name);
  return digest;
}

function take(name: string, number = 1): Take {
  return { ...doneTake(number, name, name), fingerprint: digestOf(`recipe of ${name}`) };
}

/** A lockfile that names these clips, which are in the store. */
function lock(...names: readonly string[]): string {
  names.forEach(store);
  const takes = names.map((name, i) => take(name, i + 1));
  return formatLock({ scenes: new Map([["dawn", { selected: { main: 1 }, takes }]]) });
}

function remember(kind: "paid" | "rehearsal", name: string): void {
  store(name);
  const one = take(name);
  put(`.storyc/takes/${kind}/${one.fingerprint.slice(0, 2)}/${one.fingerprint}.json`, JSON.stringify([one]));
}

function collect(options: GcOptions = {}): Collected {
  const result = collectGarbage({ cwd: project.folder, ...options });
  if (result.kind !== "collected") throw new Error(JSON.stringify(result));
  return result;
}

/** What is told, as the names of the clips; other files by their place. */
function garbage(options: GcOptions = {}): string[] {
  return collect(options).garbage.map(({ kind, path }) =>
    kind === "clip" && existsSync(path) ? readFileSync(path, "utf8") : path.slice(project.folder.length + 1),
  );
}

/** The names of the clips in the store. */
function stored(): string[] {
  const objects = join(project.folder, ".storyc/objects");
  return readdirSync(objects, { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".mp4"))
    .map((name) => readFileSync(join(objects, name), "utf8"))
    .sort();
}

function everything(): string[] {
  const all = readdirSync(project.folder, { recursive: true, encoding: "utf8" });
  return all.filter((name) => !name.startsWith(".git/") && name !== ".storyc/runs").sort();
}

describe("no clip is removed that a lockfile in git's reach names", () => {
  const commit = (name: string, text = lock(name), file = "film.lock.json"): void => {
    put(file, text);
    project.commit(name);
  };
  const hidden: Readonly<Record<string, () => void>> = {
    "the working tree": () => put("film.lock.json", lock("the working tree")),
    "another storyboard of the folder": () =>
      put("other.lock.json", lock("another storyboard of the folder")),
    "a rehearsal": () => put("film.rehearsal.lock.json", lock("a rehearsal")),
    "the index": () => {
      put("film.lock.json", lock("the index"));
      project.git("add", "film.lock.json");
      rmSync(join(project.folder, "film.lock.json"));
    },
    "an old commit": () => {
      commit("an old commit");
      project.git("rm", "-q", "film.lock.json");
      project.commit("away");
    },
    "the first commit": () => {
      project.git("checkout", "-q", "--orphan", "fresh");
      commit("the first commit");
      project.git("rm", "-q", "--cached", "film.lock.json");
      project.git("commit", "-q", "-m", "away");
      project.git("clean", "-fdq", "-e", ".storyc");
    },
    "another branch": () => {
      project.git("checkout", "-q", "-b", "branch");
      commit("another branch");
      project.git("checkout", "-q", "main");
    },
    "a branch whose merge took nothing of it": () => {
      commit("ours");
      project.git("checkout", "-q", "-b", "branch", "HEAD~1");
      commit("a branch whose merge took nothing of it");
      project.git("checkout", "-q", "main");
      project.git("merge", "-q", "-s", "ours", "branch", "-m", "merged");
      project.git("branch", "-q", "-D", "branch");
      project.git("reflog", "expire", "--expire=all", "--all");
    },
    "a merge itself": () => {
      commit("ours");
      project.git("checkout", "-q", "-b", "branch", "HEAD~1");
      commit("theirs");
      project.tryGit("merge", "main");
      commit("a merge itself");
      commit("ours");
      project.git("reflog", "expire", "--expire=all", "--all");
    },
    "a tag": () => {
      project.git("checkout", "-q", "--detach");
      commit("a tag");
      project.git("tag", "kept");
      project.git("checkout", "-q", "main");
      project.git("reflog", "expire", "--expire=all", "--all");
    },
    "a stash under another stash": () => {
      commit("ours");
      for (const name of ["a stash under another stash", "a stash"]) {
        put("film.lock.json", lock(name));
        project.git("stash", "-q");
      }
    },
    "a commit that was undone": () => {
      commit("a commit that was undone");
      project.git("reset", "-q", "--hard", "HEAD~1");
    },
    "a commit without a branch": () => {
      project.git("checkout", "-q", "--detach");
      commit("a commit without a branch");
      project.git("checkout", "-q", "main");
    },
    "a folder that was moved since": () => {
      commit("a folder that was moved since", undefined, "old/deep/film.lock.json");
      project.git("rm", "-q", "-r", "old");
      project.commit("away");
    },
    "marks of a conflict": () =>
      commit("marks of a conflict", `<<<<<<< HEAD\n${lock("marks of a conflict")}=======\n`),
    "a newer storyc": () =>
      commit("a newer storyc", lock("a newer storyc").replace('"version": 1', '"version": 9')),
    "a side of a conflict": () => {
      commit("ours");
      project.git("checkout", "-q", "-b", "branch", "HEAD~1");
      commit("a side of a conflict");
      project.git("checkout", "-q", "main");
      project.tryGit("merge", "branch");
      project.git("branch", "-q", "-D", "branch");
      project.git("reflog", "expire", "--expire=all", "--all");
      put("film.lock.json", "");
    },
    "the journal of a run that was killed": () => {
      const clip = take("the journal of a run that was killed").clip;
      store("the journal of a run that was killed");
      const entry = {
        v: 1,
        kind: "observed",
        scene: "dawn",
        take: 1,
        seen: { kind: "stored", clip, differences: [] },
      };
      put(".storyc/journal/film.paid.jsonl", `${JSON.stringify(entry)}\n`);
    },
    "the record of all takes": () => remember("paid", "the record of all takes"),
  };

  test.each(Object.keys(hidden))("%s", (name) => {
    hidden[name]?.();
    store("an orphan");
    expect(stored()).toContain(name);
    expect(garbage()).toEqual(["an orphan"]);
    collect({ remove: true });
    expect(stored()).toContain(name);
    expect(stored()).not.toContain("an orphan");
  });

  test("of the whole checkout, wherever in it the storyboard lies", () => {
    commit("above");
    project.git("rm", "-q", "film.lock.json");
    project.commit("away");
    const acts = join(project.folder, "acts");
    mkdirSync(acts);
    execFileSync("mv", [join(project.folder, ".storyc"), acts]);
    expect(collect({ cwd: acts }).garbage).toEqual([]);
  });

  test("where git cannot say what it needs, nothing is removed", () => {
    commit("ours");
    store("an orphan");
    const blob = project.git("rev-parse", "HEAD:film.lock.json").trim();
    rmSync(join(project.folder, ".git/objects", blob.slice(0, 2), blob.slice(2)), { force: true });
    const result = collectGarbage({ cwd: project.folder, remove: true });
    expect(result).toMatchObject({
      kind: "git-unreadable",
      complaint: expect.stringContaining(blob) as string,
    });
    expect(stored()).toContain("an orphan");
  });

  test("a checkout that git does not recognize is not taken for none", () => {
    store("an orphan");
    rmSync(join(project.folder, ".git/HEAD"));
    expect(collectGarbage({ cwd: project.folder, remove: true }).kind).toBe("git-unreadable");
    expect(stored()).toEqual(["an orphan"]);
  });

  test("outside of a checkout the lockfiles that lie there count", () => {
    rmSync(join(project.folder, ".git"), { recursive: true });
    put("film.lock.json", lock("named"));
    store("an orphan");
    expect([garbage(), collect().versions]).toEqual([["an orphan"], undefined]);
  });
});

describe("what is removed", () => {
  beforeEach(() => {
    put("film.lock.json", lock("named"));
    store("an orphan");
    put(".storyc/incoming/1234.part", "half");
    put(`.storyc/stills/${digestOf("named")}.last.png`, "still");
    put(`.storyc/stills/${digestOf("an orphan")}.last.png`, "still");
    put(".storyc/cache/media.json.77.tmp", "{");
    remember("paid", "remembered");
    remember("rehearsal", "rehearsed");
    const takes = [take("first rehearsal", 1), take("second rehearsal", 2)];
    for (const { clip } of takes) expect(clip).toBeDefined();
    ["first rehearsal", "second rehearsal"].forEach(store);
    const scenes = new Map([["dawn", { selected: { main: 2 }, takes }]]);
    put("film.rehearsal.lock.json", formatLock({ scenes }));
  });

  const ALWAYS = [
    "an orphan",
    `.storyc/stills/${digestOf("an orphan")}.last.png`,
    ".storyc/incoming/1234.part",
    ".storyc/cache/media.json.77.tmp",
  ];

  test("is told first, and nothing is written", () => {
    const before = everything();
    expect(garbage()).toEqual(ALWAYS);
    expect(everything()).toEqual(before);
    expect(collect().onlyRemembered).toHaveLength(2);
  });

  test("is removed when it is asked for, and a second time there is nothing", () => {
    const before = everything().filter((name) => !name.endsWith(".part"));
    collect({ remove: true });
    expect(stored()).toEqual(["first rehearsal", "named", "rehearsed", "remembered", "second rehearsal"]);
    expect(before.filter((name) => !everything().includes(name)).sort()).toEqual(
      [
        `.storyc/objects/${digestOf("an orphan").slice(0, 2)}/${digestOf("an orphan")}.mp4`,
        ALWAYS[1] ?? "",
        ALWAYS[3] ?? "",
      ].sort(),
    );
    expect(garbage({ remove: true })).toEqual([]);
  });

  test("takes that are only remembered, with --forget-unlocked", () => {
    const { fingerprint } = take("remembered");
    const record = `.storyc/takes/paid/${fingerprint.slice(0, 2)}/${fingerprint}.json`;
    expect(garbage({ forgetUnlocked: true })).toEqual([
      record,
      ...["an orphan", "remembered"].sort(byDigest),
      ...ALWAYS.slice(1),
    ]);
    collect({ forgetUnlocked: true, remove: true });
    expect(stored()).toEqual(["first rehearsal", "named", "rehearsed", "second rehearsal"]);
    expect(existsSync(join(project.folder, record))).toBe(false);
  });

  test("rehearsed takes that no film uses, with --rehearsals; their lockfile forgets them as well", () => {
    put(".storyc/emulator/film/tasks/1.json", "{}");
    const result = collect({ rehearsals: true });
    expect(result.rehearsedTakes).toBe(1);
    expect(result.garbage.filter(({ kind }) => kind === "emulator")).toHaveLength(1);
    collect({ rehearsals: true, remove: true });
    expect(stored()).toEqual(["named", "remembered", "second rehearsal"]);
    expect(project.takes("film.rehearsal.lock.json")).toEqual(["dawn#2 done *"]);
  });

  test("the tasks of a rehearsal that was killed stay, since the next run collects them", () => {
    put(".storyc/emulator/film/tasks/1.json", "{}");
    put(".storyc/journal/film.rehearsal.jsonl", "");
    expect(collect({ rehearsals: true }).garbage.filter(({ kind }) => kind === "emulator")).toEqual([]);
  });

  test("nothing, while a run holds a storyboard of the folder", async () => {
    const holder = execFileSync("sh", ["-c", "exec sleep 30 >/dev/null 2>&1 & echo $!"], {
      encoding: "utf8",
    }).trim();
    try {
      const { takeRunLock, thisProcess } = await import("../../src/store/run-lock.ts");
      const { diskFiles } = await import("../../src/store/files.ts");
      const path = join(project.folder, ".storyc/runs/film.rehearsal.lock");
      takeRunLock(diskFiles, path, new Date(), { ...thisProcess, pid: Number(holder) });
      expect(collectGarbage({ cwd: project.folder, remove: true })).toMatchObject({
        kind: "busy",
        name: "film",
      });
      expect(stored()).toContain("an orphan");
      const told = await project.storyc("gc", "--yes");
      expect(told).toMatchObject({ exit: 3 });
      expect(told.stderr).toContain(`a run of film goes on: process ${holder}`);
    } finally {
      process.kill(Number(holder));
    }
  });

  test("as a person reads it", async () => {
    const dry = await project.storyc("gc");
    expect(dry).toMatchObject({ exit: 0, stderr: "" });
    expect(dry.stdout.split("\n")).toEqual([
      "Not needed in .storyc:",
      "      1 clip that nothing names                                  0.0 MB",
      "      1 still of a clip that is gone                             0.0 MB",
      "      2 files that killed runs left half written                 0.0 MB",
      "Kept: 5 clips, 0.0 MB (0 versions of lockfiles in git, and those that lie here).",
      "Of these, 2 clips (0.0 MB) only the record of all takes names; --forget-unlocked removes them.",
      "Nothing was removed; `storyc gc --yes` removes 4 files, 0.0 MB.",
      "",
    ]);
    expect((await project.storyc("gc", "film.yaml", "--force")).stdout).toContain(
      "Removed: 4 files, 0.0 MB.",
    );
    const json = JSON.parse((await project.storyc("gc", "--json")).stdout) as Record<string, unknown>;
    expect(json).toMatchObject({ command: "gc", ok: true, removed: false, total: { files: 0, bytes: 0 } });
  });
});

const byDigest = (a: string, b: string): number => (digestOf(a) < digestOf(b) ? -1 : 1);
