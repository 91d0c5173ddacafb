import { afterEach, expect, test } from "vitest";
import { startCopyingService } from "../support/copying-service.ts";
import { runProgram, startEmulatorProgram, statsOf, TestProject } from "../support/program.ts";

const HEAD = `version: 1\ndefaults: { resolution: 480p, ratio: "16:9", duration: 4 }\nscenes:\n`;
const cleanups: (() => unknown)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0)) await cleanup();
});

async function open(scenes: string, args: readonly string[], faults: string): Promise<TestProject> {
  const emulator = await startEmulatorProgram(args, faults);
  const project = new TestProject(emulator.url);
  cleanups.push(
    () => project.remove(),
    () => emulator.close(),
  );
  project.write(HEAD + scenes);
  return project;
}

test("a film is rendered through all that passes by itself, and nothing is paid twice", async () => {
  const faults = `faults:
  - { at: create, answer: 429, retry_after: 0, times: 2 }
  - { at: poll, answer: html, each: true }
  - { at: poll, answer: data-null, each: true, skip: 1 }
  - { at: poll, answer: 500, when: ended, each: true }
  - { at: poll, answer: no-link, each: true }
  - { at: download, answer: cut, each: true }
  - { at: download, answer: 403, times: 1, each: true }
`;
  const scenes = "  - { id: dawn, prompt: A lamp. }\n  - { id: dusk, extend: dawn, prompt: It goes out. }\n";
  const project = await open(scenes, ["--shape", "nested"], faults);
  expect(await project.render()).toMatchObject({ exit: 0, film: { state: "made" } });
  expect(project.takes).toEqual(["dawn#1 done", "dusk#1 done"]);
  const stats = await statsOf(project.service);
  expect(stats).toMatchObject({ created: 2, doubles: 0, billed: { tasks: 2 } });
  expect(Object.values(stats.faults)).toEqual([2, 2, 2, 2, 2, 2, 2]);
});

test("a create whose answer is lost is not sent again by itself", async () => {
  const service = await startCopyingService();
  const project = new TestProject(service.url);
  cleanups.push(
    () => project.remove(),
    () => service.close(),
  );
  project.write(`${HEAD}  - { id: dawn, prompt: A lamp. }\n  - { id: dusk, prompt: "No lamp. [[lost]]" }\n`);
  expect(await project.render()).toMatchObject({ exit: 3, scenes: { dawn: "done" } });
  expect(await project.render()).toMatchObject({ exit: 3, sent: [] });
  expect(await statsOf(project.service)).toMatchObject({ created: 2, doubles: 0 });
});

test("a file of faults that is wrong is told with its place, and nothing is served", async () => {
  const project = new TestProject("");
  cleanups.push(() => project.remove());
  project.write("faults:\n  - { at: create, anwser: 429 }\n");
  const ended = await runProgram(["emulator", "--faults", "film.yaml"], project.folder);
  expect([ended.exit, ended.stdout]).toEqual([2, ""]);
  expect(ended.stderr).toContain("there is no key `anwser` here");
  expect(ended.stderr).toContain("--> film.yaml:2:19");
  const none = await runProgram(["emulator", "--faults", "none.yaml"], project.folder);
  expect([none.exit, none.stderr]).toEqual([
    2,
    expect.stringContaining("none.yaml cannot be read: there is none"),
  ]);
});
