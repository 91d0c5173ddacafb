import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, expect, test } from "vitest";
import { startCopyingService } from "../support/copying-service.ts";
import { statsOf, TestProject } from "../support/program.ts";

const cleanups: (() => unknown)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0)) await cleanup();
});

async function open(...scenes: string[]): Promise<TestProject> {
  const service = await startCopyingService();
  const project = new TestProject(service.url);
  const head = `version: 1\ndefaults: { resolution: 480p, duration: 4, retry: { moderation: 2 } }\nscenes:\n`;
  project.write(head + scenes.map((scene) => `  - ${scene}\n`).join(""));
  cleanups.push(
    () => service.close(),
    () => project.remove(),
  );
  return project;
}

test("what did not pass moderation is tried again, and nothing else, and no run sends more than its plan says", async () => {
  const project = await open(
    "{ id: dawn, prompt: '[[fail x2]] A lamp.' }",
    "{ id: climb, extend: dawn, prompt: Up the stairs. }",
    "{ id: never, prompt: '[[fail OutputAudioSensitiveContentDetected]] A gale.', retry: { moderation: 1 } }",
    "{ id: once, prompt: '[[fail]] A gale.', retry: { moderation: 0 } }",
    "{ id: refused, prompt: '[[refuse]] A gale.' }",
    "{ id: broken, prompt: '[[fail InternalServiceError]] A gale.' }",
  );
  const planned = await project.command("plan", "--out", "plan.json");
  expect(planned.stdout).toContain("Price: 0.87 USD for 6 clips");
  expect(planned.stdout).toContain(
    "Retries: up to 9 more tries if the output is moderated: failed tasks are not billed, as far as is known; were they, 1.32 USD more.",
  );
  const saved = JSON.parse(project.read("plan.json") ?? "") as {
    films: { scenes: Record<string, { renders: number; retries?: number }> }[];
  };
  const allowed = saved.films[0]?.scenes ?? {};
  expect([allowed["dawn"]?.retries, allowed["never"]?.retries, allowed["once"]?.retries]).toEqual([
    2,
    1,
    undefined,
  ]);
  const ended = await project.start("--plan", "plan.json").ended;
  expect(project.takes).toEqual([
    "broken#1 failed",
    "climb#1 done",
    "dawn#1 failed",
    "dawn#2 failed",
    "dawn#3 done",
    "never#1 failed",
    "never#2 failed",
    "once#1 failed",
    "refused#1 refused",
  ]);
  for (const [scene, { renders, retries = 0 }] of Object.entries(allowed)) {
    const sent = project.takes.filter((take) => take.startsWith(`${scene}#`)).length;
    expect(sent, scene).toBeLessThanOrEqual(renders + retries);
  }
  expect(ended.exit).toBe(3);
  expect(ended.stdout).toContain('"type":"scene-retried","scene":"dawn","take":1');
  expect(await statsOf(project.service)).toMatchObject({ created: 8, doubles: 0 });
});

test("what is left of a series is no part of a frozen run, and a saved plan with other tries is refused", async () => {
  const project = await open("{ id: dawn, prompt: '[[fail]] A lamp.' }");
  await project.command("plan", "--out", "plan.json");
  const frozen = await project.command("render", "--frozen", "--yes");
  expect(frozen).toMatchObject({ exit: 4 });
  expect(frozen.stderr).toContain("`dawn` would be rendered");
  const saved = project.read("plan.json") ?? "";
  expect(saved).toContain('"retries": 2');
  writeFileSync(join(project.folder, "other.json"), saved.replace('"retries": 2', '"retries": 5'));
  const refused = await project.command("render", "--yes", "--plan", "other.json");
  expect(refused.stderr).toContain("`dawn`: render with up to 5 more → render with up to 2 more");
  expect(await statsOf(project.service)).toMatchObject({ created: 0 });
});

test("a person is told what often helps, and that a run can try again by itself", async () => {
  const project = await open("{ id: dawn, prompt: '[[fail]] A lamp.', retry: { moderation: 0 } }");
  const rendered = await project.command("render", "--yes", "--poll-first", "0.05", "--poll-every", "0.05");
  expect(rendered.stdout).toContain(
    "The picture did not pass moderation. Another try often passes, or other words. Without sound (generate_audio: false) it often passes too.",
  );
  expect(rendered.stdout).toContain("and with `retry: { moderation: 2 }` a run does so by itself");
  const shown = await project.command("show", "dawn");
  expect(shown.stdout).toContain("retry.moderation  0, the scene  film.yaml:4:");
});
