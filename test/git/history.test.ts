import { existsSync, rmSync } from "node:fs";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { startCopyingService } from "../support/copying-service.ts";
import { statsOf, until } from "../support/program.ts";
import { GitProject, storyboard } from "./git-project.ts";

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
  { id: "climb", prompt: "He climbs.", more: ["extend: dawn"] },
  { id: "lamp", prompt: "A lamp burns." },
);

/** Rendered and committed. */
async function begin(text = FILM, url = service.url): Promise<GitProject> {
  const project = GitProject.begin(url, text);
  projects.push(project);
  await project.render();
  project.commit("rendered");
  return project;
}

async function created(): Promise<number> {
  return (await statsOf(service.url)).created;
}

const actions = (lines: readonly string[]): string[] => lines.map((line) => line.split(":")[1]?.trim() ?? "");

test("going back to an old commit renders nothing, and going forth again neither", async () => {
  const project = await begin();
  project.edit("The sun rises.", "The sun climbs.");
  await project.render();
  project.commit("another sun");
  const paid = await created();
  for (const commit of ["HEAD~1", "main"]) {
    project.git("checkout", "-q", commit);
    expect(actions(await project.plan())).toEqual(["reuse", "reuse", "reuse"]);
    expect(await project.render()).toMatchObject({ sent: [] });
    expect(project.git("status", "--porcelain")).toBe("");
  }
  expect(await created()).toBe(paid);
});

describe("a clone without the store", () => {
  test("fetches the clips from the provider, pays nothing, and leaves the lockfile as it is", async () => {
    const project = await begin();
    const clone = project.clone();
    projects.push(clone);
    const paid = await created();
    const missing =
      /^\w+: fetch: the clip of take 1 is not in the store; fetched again if anyfast still has it \(made \d{4}-\d\d-\d\d\)$/;
    const planned = await clone.plan();
    expect(planned).toHaveLength(3);
    for (const line of planned) expect(line).toMatch(missing);
    const { stdout } = await clone.storyc("status", "--provider", "anyfast");
    expect(stdout).toContain("dawn   bytes missing");
    expect(await clone.render()).toMatchObject({ sent: [], states: { dawn: "done" } });
    expect(actions(await clone.plan())).toEqual(["reuse", "reuse", "reuse"]);
    expect(await created()).toBe(paid);
    expect(clone.git("status", "--porcelain")).toBe("");
  });

  test("is told exactly where the provider has them no more, and pays nothing", async () => {
    const gone = await startCopyingService();
    const project = await begin(FILM, gone.url).finally(() => gone.close());
    const clone = project.clone();
    projects.push(clone);
    const elsewhere = new GitProject(service.url, clone.folder);
    const paid = await created();
    expect(await elsewhere.render()).toMatchObject({ sent: [], states: { dawn: "gone", climb: "gone" } });
    const told = await elsewhere.storyc(
      "render",
      "--provider",
      "anyfast",
      "--yes",
      "--poll-first",
      "0.01",
      "--poll-every",
      "0.01",
    );
    const { sha256 } = JSON.parse(clone.read("film.lock.json")).scenes.dawn.takes[0].clip;
    expect(told).toMatchObject({ exit: 3 });
    expect(told.stdout).toContain(
      "! dawn: the clip of take 1 is paid, but its bytes are not in the store, and anyfast does not deliver them: ",
    );
    expect(told.stdout).toContain(
      `copy .storyc/objects/${sha256.slice(0, 2)}/${sha256}.mp4 from where it was made, or pay for another one: \`storyc render --retake dawn\``,
    );
    expect(await created()).toBe(paid);
    expect(clone.git("status", "--porcelain")).toBe("");
  });
});

describe("a storyboard that is renamed", () => {
  test("keeps everything when its lockfile is renamed with it", async () => {
    const project = await begin();
    const paid = await created();
    project.git("mv", "film.yaml", "lighthouse.yaml");
    project.git("mv", "film.lock.json", "lighthouse.lock.json");
    expect(actions(await project.plan())).toEqual(["reuse", "reuse", "reuse"]);
    expect(await project.render()).toMatchObject({ sent: [] });
    expect(project.git("status", "--porcelain")).toBe(
      "R  film.lock.json -> lighthouse.lock.json\nR  film.yaml -> lighthouse.yaml\n",
    );
    expect(existsSync(join(project.folder, "renders/lighthouse/lighthouse.mp4"))).toBe(true);
    expect(await created()).toBe(paid);
  });

  test("is told of the lockfile that stayed behind, before anything is paid", async () => {
    const project = await begin();
    project.git("mv", "film.yaml", "lighthouse.yaml");
    // Without the record of all takes, as in a clone, everything would be paid for once more.
    rmSync(join(project.folder, ".storyc"), { recursive: true });
    const paid = await created();
    expect(await project.plan()).toEqual([
      "lock/left-behind: film.lock.json knows 3 scenes of this storyboard, which has no lockfile; its own storyboard is gone",
    ]);
    await expect(project.render()).rejects.toThrow("git mv film.lock.json lighthouse.lock.json");
    expect(await created()).toBe(paid);
    // The other way out.
    rmSync(join(project.folder, "film.lock.json"));
    expect(actions(await project.plan())).toEqual(["render", "render", "render"]);
  });
});

describe("a scene that is renamed", () => {
  test("keeps its takes where it says what it was, and its followers theirs", async () => {
    const project = await begin();
    const paid = await created();
    project.edit("- id: dawn\n", "- id: sunrise\n    was: dawn\n");
    expect(await project.plan()).toEqual([
      expect.stringMatching(/^resolve\/unknown-name: nothing is named `dawn` any more$/),
    ]);
    project.edit("extend: dawn", "extend: sunrise");
    expect(actions(await project.plan())).toEqual(["reuse", "reuse", "reuse"]);
    expect(project.git("status", "--porcelain")).toBe(" M film.yaml\n");
    expect(await project.render()).toMatchObject({ sent: [] });
    expect(project.takes()).toEqual(["climb#1 done *", "lamp#1 done *", "sunrise#1 done *"]);
    project.edit("    was: dawn\n", "");
    expect(await project.render()).toMatchObject({ sent: [] });
    expect(existsSync(join(project.folder, "renders/film/sunrise.mp4"))).toBe(true);
    expect(await created()).toBe(paid);
  });
});

test("a task that ran when the run was killed is collected on whatever branch is checked out then", async () => {
  const slow = await startCopyingService(1);
  try {
    const project = await begin(storyboard({ id: "dawn", prompt: "The sun rises." }), slow.url);
    project.git("checkout", "-q", "-b", "other");
    project.edit("The sun rises.", "The sun climbs.");
    await project.render();
    project.commit("another sun");
    project.git("checkout", "-q", "main");
    project.edit("The sun rises.", "The sun sets.");
    const running = project.start("render", "--provider", "anyfast", "--yes", "--json");
    const journal = join(project.folder, ".storyc/journal/film.paid.jsonl");
    await until(
      () => existsSync(journal) && project.read(".storyc/journal/film.paid.jsonl").includes('"accepted"'),
    );
    running.child.kill("SIGKILL");
    await running.ended;
    project.git("checkout", "-q", "--", "film.yaml");
    project.git("checkout", "-q", "other");
    expect(await project.plan()).toEqual(["dawn: reuse: take 2 is current"]);
    const { stdout } = await project.storyc("status", "--provider", "anyfast");
    expect(stdout).toContain("dawn");
    await project.render();
    expect(project.takes()).toEqual(["dawn#1 done", "dawn#2 done *", "dawn#3 done"]);
    expect((await statsOf(slow.url)).labels).toEqual({ dawn: 1, "dawn#2": 2 });
  } finally {
    await slow.close();
  }
});

test("a journal goes with a storyboard that is renamed after a kill", async () => {
  const slow = await startCopyingService(1);
  try {
    const project = GitProject.begin(slow.url, storyboard({ id: "dawn", prompt: "The sun rises." }));
    projects.push(project);
    const running = project.start("render", "--provider", "anyfast", "--yes", "--json");
    const journal = join(project.folder, ".storyc/journal/film.paid.jsonl");
    await until(
      () => existsSync(journal) && project.read(".storyc/journal/film.paid.jsonl").includes('"accepted"'),
    );
    running.child.kill("SIGKILL");
    await running.ended;
    project.git("mv", "film.yaml", "lighthouse.yaml");
    const { stdout } = await project.storyc("status", "--provider", "anyfast");
    expect(stdout).toContain("A run has ended without writing its lockfile");
    expect(await project.render()).toMatchObject({ sent: [], states: { dawn: "done" } });
    expect(project.takes("lighthouse.lock.json")).toEqual(["dawn#1 done *"]);
    expect(existsSync(journal)).toBe(false);
    expect((await statsOf(slow.url)).created).toBe(1);
  } finally {
    await slow.close();
  }
});

test("a damaged line of the journal stands in the way, with its place", async () => {
  const project = await begin();
  project.write(".storyc/journal/film.paid.jsonl", '{"v":1,"kind":"selec\n{"v":2,"kind":"x"}\n');
  const paid = await created();
  expect(await project.plan()).toEqual([expect.stringMatching(/^journal\/unreadable: this line/)]);
  project.write(".storyc/journal/film.paid.jsonl", '{"v":2,"kind":"x"}\n');
  expect(await project.plan()).toEqual([
    "journal/unreadable: a newer storyc has written this line of the journal",
  ]);
  await expect(project.render()).rejects.toThrow("journal/unreadable");
  expect(await created()).toBe(paid);
});
