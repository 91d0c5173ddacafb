import { readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { afterEach, expect, test } from "vitest";
import { startCopyingService } from "../support/copying-service.ts";
import { runProgram, statsOf, TestProject, until } from "../support/program.ts";

const cleanups: (() => unknown)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0)) await cleanup();
});

function storyboard(...scenes: string[]): string {
  const head = `version: 1\ndefaults: { resolution: 480p, ratio: "16:9", duration: 4 }\nscenes:\n`;
  return head + scenes.map((scene) => `  - ${scene}\n`).join("");
}

const DAWN = "{ id: dawn, prompt: A lamp. }";
const CHAIN = storyboard(
  DAWN,
  "{ id: climb, extend: dawn, prompt: Up the stairs. }",
  "{ id: radio, prompt: A radio. }",
);

async function open(text: string, taskSeconds = 0): Promise<TestProject> {
  const service = await startCopyingService(taskSeconds);
  const project = new TestProject(service.url);
  project.write(text);
  cleanups.push(
    () => service.close(),
    () => project.remove(),
  );
  return project;
}

/** What a command prints at the end of `--json`. */
async function resultOf(project: TestProject, ...args: string[]): Promise<Record<string, unknown>> {
  const { stdout } = await project.command(...args, "--json");
  return JSON.parse(stdout.trim().split("\n").at(-1) ?? "") as Record<string, unknown>;
}

const created = async (project: TestProject): Promise<number> => (await statsOf(project.service)).created;

test("a retake is shown with what follows from it, rendered in the same run, and can be taken back", async () => {
  const project = await open(CHAIN);
  await project.render();
  const plan = await project.command("plan", "--retake", "dawn");
  expect(plan.stdout).toContain("one more take was asked for");
  expect(plan.stdout).toContain("Ripple: dawn changes, so climb renders again: 2 clips, 0.31 USD.");
  expect(await project.render("--retake", "dawn")).toMatchObject({ exit: 0, sent: ["dawn", "climb"] });
  const picked = await project.command("pick", "dawn", "1");
  expect(picked.stdout).toBe("Take 1 of `dawn` is selected.\n");
  // The clip that was made from take 1 is there still.
  expect(await project.render()).toMatchObject({ exit: 0, sent: [], film: { state: "made" } });
  expect(await created(project)).toBe(5);
});

test("picking a take says what is stale by it and what making that anew costs", async () => {
  const project = await open(CHAIN);
  await project.render();
  await project.render("--retake", "dawn", "--only", "dawn");
  await project.command("pick", "dawn", "1");
  const picked = await project.command("pick", "dawn", "2");
  expect(picked.stdout).toContain("To be made after it: climb; `storyc render` makes one clip, 0.15 USD.");
  const shown = readFileSync(join(project.folder, "renders/film/dawn.mp4"));
  expect(shown.includes("dawn%232")).toBe(true);
});

test("a stale take is kept until something else changes, and every plan says so", async () => {
  const project = await open(CHAIN);
  await project.render();
  project.write(CHAIN.replace("A lamp.", "A bright lamp."));
  expect((await project.command("keep", "dawn")).exit).toBe(0);
  const kept = await project.render();
  expect(kept, kept.stderr).toMatchObject({ exit: 0, sent: [] });
  expect((await project.command("plan")).stdout).toMatch(/≈ kept +dawn .*take 1 is stale, and kept/);
  project.write(CHAIN.replace("A lamp.", "A brighter lamp."));
  expect(await project.render()).toMatchObject({ exit: 0, sent: ["dawn", "climb"] });
});

test("what is made from something that will change cannot be kept yet, and is told how it can", async () => {
  const project = await open(CHAIN);
  await project.render();
  project.write(CHAIN.replace("A lamp.", "A bright lamp."));
  const before = project.lockText;
  const refused = await project.command("keep", "climb");
  expect(refused.exit).toBe(2);
  expect(refused.stderr).toContain("`dawn`");
  expect(project.lockText).toBe(before);
});

const LOST = storyboard(
  '{ id: dawn, prompt: "[[lost]] A lamp." }',
  "{ id: climb, extend: dawn, prompt: Up. }",
);

test("a lost task is found, adopted and collected: nothing is sent for it again", async () => {
  const project = await open(LOST);
  expect(await project.render()).toMatchObject({ exit: 3, scenes: { dawn: "unknown", climb: "blocked" } });
  const status = await project.command("status");
  expect(status.stdout).toContain("storyc adopt dawn TASK-ID");
  expect(status.stdout).toContain("storyc render --resubmit dawn");
  const { byTask } = (await (await fetch(`${project.service}/__stats`)).json()) as { byTask: object };
  const [task = ""] = Object.keys(byTask);
  expect((await project.command("adopt", "dawn", task)).exit).toBe(0);
  expect((await project.command("adopt", "dawn", task)).exit).toBe(2);
  const found = await project.render();
  expect(found, found.stderr).toMatchObject({ exit: 0, sent: ["climb"], scenes: { dawn: "done" } });
  expect(await created(project)).toBe(2);
});

test("an unknown take is given up by --resubmit alone, once, and only where there is one", async () => {
  const project = await open(LOST);
  await project.render();
  expect((await project.render()).sent).toEqual([]);
  expect(await project.render("--resubmit", "climb")).toMatchObject({ exit: 2, sent: [] });
  // Lost once more: it is as unknown as the first was.
  expect(await project.render("--resubmit", "dawn")).toMatchObject({ exit: 3, sent: ["dawn"] });
  expect((await project.render()).sent).toEqual([]);
  expect(project.takes).toEqual(["dawn#1 abandoned", "dawn#2 unknown"]);
});

test("a scene that two films share is given up once, whatever becomes of it", async () => {
  const matrix = 'matrix: { ratio: ["16:9", "9:16"] }\nscenes:';
  const wide = '{ id: wide, ratio: "1:1", prompt: "[[lost x9]] A harbour." }';
  const project = await open(storyboard(wide).replace("scenes:", matrix));
  await project.render();
  expect(project.takes).toEqual(["wide#1 unknown"]);
  expect((await project.render("--resubmit", "wide")).sent).toEqual(["wide"]);
  expect(project.takes).toEqual(["wide#1 abandoned", "wide#2 unknown"]);
});

test("a retake whose run was killed is the selected take of the run that collects it", async () => {
  const project = await open(CHAIN, 0.4);
  await project.render();
  const { child, ended } = project.start("--retake", "dawn");
  await until(() => project.journal().includes("dawn accepted"));
  child.kill("SIGKILL");
  await ended;
  expect(await project.render()).toMatchObject({ exit: 0, sent: ["climb"] });
  const rows = (await resultOf(project, "takes", "dawn"))["takes"];
  expect(rows).toMatchObject([
    { take: 1, selected: false },
    { take: 2, selected: true },
  ]);
});

test("only what is asked for is rendered, the rest stays as it is, and no film is joined of it", async () => {
  const project = await open(CHAIN);
  await project.render();
  const film = readFileSync(join(project.folder, "renders/film/film.mp4"));
  project.write(CHAIN.replace("A lamp.", "A bright lamp.").replace("A radio.", "A loud radio."));
  const only = await project.render("--only", "dawn");
  expect(only, only.stderr).toMatchObject({ exit: 0, sent: ["dawn"], film: { state: "not-made" } });
  expect(only.scenes).toEqual({ dawn: "done", climb: "left", radio: "left" });
  expect(readFileSync(join(project.folder, "renders/film/film.mp4")).equals(film)).toBe(true);
  expect((await project.command("status")).stdout).toMatch(/climb +stale/);
  expect((await project.render("--only", "dawn+")).sent).toEqual(["climb"]);
  expect((await project.render("--only", "r*")).sent).toEqual(["radio"]);
});

test("a frozen run needs no key, joins what is there, and never meets the service", async () => {
  const project = await open(CHAIN);
  await project.render();
  rmSync(join(project.folder, "renders"), { recursive: true });
  const frozen = (): Promise<{ exit: number | null }> =>
    runProgram(["render", "--provider", "anyfast", "--frozen"], project.folder).then(({ exit }) => ({
      exit,
    }));
  const { requests } = await statsOf(project.service);
  expect(await frozen()).toEqual({ exit: 0 });
  project.write(CHAIN.replace("A lamp.", "A bright lamp."));
  expect(await frozen()).toEqual({ exit: 4 });
  project.write(CHAIN);
  rmSync(join(project.folder, ".storyc/objects"), { recursive: true });
  expect(await frozen()).toEqual({ exit: 4 });
  expect((await statsOf(project.service)).requests).toEqual(requests);
});

test("a saved plan is done exactly, also with what was asked for, and refused when anything has moved", async () => {
  const project = await open(CHAIN);
  const saved = await project.command("plan", "--out", "plan.json");
  expect(saved.exit).toBe(0);
  const first = await project.command("render", "--plan", "plan.json", "--yes", "--poll-first", "0.05");
  expect(first.exit, first.stderr).toBe(0);
  const again = await project.command("render", "--plan", "plan.json", "--yes");
  expect(again.exit).toBe(4);
  expect(again.stderr).toContain("the lockfile has changed");
  await project.command("plan", "--retake", "radio", "--out", "plan.json");
  project.write(CHAIN.replace("Up the stairs.", "Down the stairs."));
  const moved = await project.command("render", "--plan", "plan.json", "--yes");
  expect(moved.exit).toBe(4);
  expect(moved.stderr).toContain("film.yaml has changed");
  expect(moved.stderr).not.toContain("prices");
  project.write(CHAIN);
  const retaken = await project.command("render", "--plan", "plan.json", "--yes", "--poll-first", "0.05");
  expect(retaken.exit, retaken.stderr).toBe(0);
  expect(project.takes).toEqual(["climb#1 done", "dawn#1 done", "radio#1 done", "radio#2 done"]);
  expect(project.read("plan.json")).not.toContain("secret-key");
  expect(project.read("plan.json")).not.toContain(project.folder);
});
