import { cpSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { startCopyingService } from "../support/copying-service.ts";
import { TestProject } from "../support/program.ts";

const FILM = `version: 1
title: Small
defaults: { resolution: 480p, ratio: "16:9", duration: 4, generate_audio: false }
scenes:
  - { id: dawn, prompt: At dawn. }
`;
/** The service delivers a small, short clip with sound, whatever it was asked for. */
const CAME = [
  "96×64 came, 864×496 was asked",
  "50 frames (2.08 s) came, 97 were asked",
  "no sound was asked, but some came",
];

let service: Awaited<ReturnType<typeof startCopyingService>>;
let project: TestProject;
beforeAll(async () => {
  service = await startCopyingService();
  project = new TestProject(service.url);
  project.write(FILM);
});
afterAll(async () => {
  await service.close();
  project.remove();
});

async function told(): Promise<[text: string, json: readonly string[]]> {
  const { stdout } = await project.command("status");
  const result = JSON.parse(
    (await project.run("status", "--provider", "anyfast")).stdout.trim().split("\n").at(-1) ?? "",
  ) as {
    scenes: Record<string, { differences: readonly string[] }>;
  };
  return [stdout, result.scenes["dawn"]?.differences ?? []];
}

test("what came otherwise than asked is told when it comes, and by every later `status`", async () => {
  const rendered = await project.start().ended;
  const expectTold = async (): Promise<void> => {
    const [text, json] = await told();
    expect(json).toEqual(expect.arrayContaining([...CAME]));
    for (const difference of CAME) expect(text).toContain(difference);
  };
  for (const difference of CAME) expect(rendered.stdout + rendered.stderr).toContain(difference);
  await expectTold();
  await expectTold();
  // A run that has nothing to do, an edit that changes no clip, and a clone that has the lockfile alone.
  expect((await project.render()).sent).toEqual([]);
  project.write(FILM.replace("Small", "Smaller"));
  await expectTold();
  const clone = new TestProject(service.url);
  for (const name of ["film.yaml", "film.lock.json"])
    cpSync(join(project.folder, name), join(clone.folder, name));
  const { stdout } = await clone.command("status");
  clone.remove();
  for (const difference of CAME) expect(stdout).toContain(difference);
});
