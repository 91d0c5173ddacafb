import { afterEach, expect, test } from "vitest";
import { startCopyingService } from "../support/copying-service.ts";
import { readRendered, runProgram, statsOf, TestProject, until } from "../support/program.ts";

const cleanups: (() => unknown)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0)) await cleanup();
});

function storyboard(...scenes: string[]): string {
  const head = `version: 1\ndefaults: { resolution: 480p, ratio: "16:9", duration: 4 }\nscenes:\n`;
  return head + scenes.map((scene) => `  - ${scene}\n`).join("");
}

async function open(scenes: string, taskSeconds = 0): Promise<TestProject> {
  const service = await startCopyingService(taskSeconds);
  cleanups.push(() => service.close());
  return projectAt(service.url, scenes);
}

function projectAt(url: string, scenes: string): TestProject {
  const project = new TestProject(url);
  project.write(scenes);
  cleanups.push(() => project.remove());
  return project;
}

const SIX = storyboard(...Array.from({ length: 6 }, (_, i) => `{ id: s${i}, prompt: Number ${i} of six. }`));

test.each(["1", "2", "4"])(
  "with --concurrency %s, the service never has more tasks at once",
  async (concurrency) => {
    const project = await open(SIX, 0.3);
    expect(await project.render("--concurrency", concurrency)).toMatchObject({ exit: 0 });
    const stats = await statsOf(project.service);
    expect([stats.created, stats.maxInFlight]).toEqual([6, Number(concurrency)]);
  },
);

test("a broken storyboard sends nothing and writes nothing", async () => {
  const broken = storyboard("{ id: dawn, prompt: A lamp., first_frame: nothing.last_frame }", "{ id: dawn }");
  const project = await open(broken);
  const before = project.files();
  for (const args of [["render"], ["rehearse"], ["plan"], ["check"], ["status"]]) {
    const ended = await runProgram(args, project.folder);
    expect(ended, args.join(" ")).toMatchObject({ exit: 1 });
    expect(ended.stderr).toContain("film.yaml:");
  }
  expect(await project.render()).toMatchObject({ exit: 1 });
  expect(project.files()).toEqual(before);
  expect((await statsOf(project.service)).requests["create"]).toBe(0);
});

test("a refused scene stops its followers and nothing else, and is not sent again unchanged", async () => {
  const scenes = storyboard(
    "{ id: bad, prompt: '[[refuse]] A lamp.' }",
    "{ id: after, extend: bad, prompt: It goes out. }",
    "{ id: good, prompt: A harbour. }",
    "{ id: next, extend: good, prompt: A boat enters. }",
  );
  const project = await open(scenes);
  const refused = await project.render();
  expect(refused).toMatchObject({ exit: 3, film: { state: "not-made" } });
  expect(refused.scenes).toEqual({ bad: "refused", after: "blocked", good: "done", next: "done" });
  const clips = project.files().filter((name) => name.startsWith("renders/film/") && name.includes(".mp4"));
  expect(clips.map((name) => name.split(" ")[0])).toEqual(["renders/film/good.mp4", "renders/film/next.mp4"]);
  const { requests } = await statsOf(project.service);
  expect(await project.render()).toMatchObject({ exit: 3, sent: [] });
  expect((await statsOf(project.service)).requests["create"]).toBe(requests["create"]);
  project.write(scenes.replace("[[refuse]] ", ""));
  expect(await project.render()).toMatchObject({ exit: 0, sent: ["bad", "after"] });
});

test("a failed task is told, and tried again as a new take by the next run", async () => {
  const project = await open(storyboard("{ id: dawn, prompt: '[[fail]] A lamp.' }"));
  expect(await project.render()).toMatchObject({ exit: 3, scenes: { dawn: "failed" } });
  expect(await project.render()).toMatchObject({ exit: 3, sent: ["dawn"] });
  expect((await statsOf(project.service)).labels).toEqual({ dawn: 1, "dawn#2": 1 });
});

test("a busy service is waited for, and the clip is paid once", async () => {
  const project = await open(storyboard("{ id: dawn, prompt: '[[429]] A lamp.' }"));
  expect(await project.render()).toMatchObject({ exit: 0, sent: ["dawn", "dawn"] });
  expect(await statsOf(project.service)).toMatchObject({ created: 1, requests: { create: 2, busy: 1 } });
});

test("Ctrl-C ends within two seconds with 130, and the next run collects what goes on remotely", async () => {
  const project = await open(SIX, 3);
  const { child, ended } = project.start("--concurrency", "3");
  await until(() => project.journal().filter((line) => line.endsWith("accepted")).length === 3);
  const at = Date.now();
  child.kill("SIGINT");
  const interrupted = readRendered(await ended);
  expect(Date.now() - at).toBeLessThan(2000);
  expect(interrupted.exit).toBe(130);
  expect(project.takes).toEqual(["s0#1 submitted", "s1#1 submitted", "s2#1 submitted"]);
  const next = await project.render("--concurrency", "6");
  expect(next, next.stderr).toMatchObject({ exit: 0, sent: ["s3", "s4", "s5"] });
  expect((await statsOf(project.service)).created).toBe(6);
});

test("a second run on the same storyboard ends at once, and says who holds it", async () => {
  const project = await open(storyboard("{ id: dawn, prompt: A lamp. }"), 60);
  const first = project.start();
  await until(() => project.journal().includes("dawn accepted"));
  const second = await project.render();
  expect(second.exit).toBe(3);
  expect(second.stderr).toContain(`process ${first.child.pid}`);
  first.child.kill("SIGINT");
  expect(readRendered(await first.ended)).toMatchObject({ exit: 130, scenes: { dawn: "unfinished" } });
  expect((await statsOf(project.service)).created).toBe(1);
});

test("with --wait, a second run waits for the first, reads the storyboard anew, and goes on from there", async () => {
  const project = await open(storyboard("{ id: dawn, prompt: A lamp. }"), 1);
  const first = project.start();
  await until(() => project.journal().includes("dawn accepted"));
  const second = project.start("--wait");
  await until(() => second.stderr().includes("Waiting: another run holds this storyboard"));
  project.write(storyboard("{ id: dawn, prompt: A lamp. }", "{ id: climb, prompt: A stair. }"));
  expect(readRendered(await first.ended)).toMatchObject({ exit: 0, sent: ["dawn"] });
  expect(readRendered(await second.ended)).toMatchObject({ exit: 0, sent: ["climb"] });
  expect((await statsOf(project.service)).labels).toEqual({ dawn: 1, climb: 1 });
});
