import { readFileSync, readdirSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, expect, test } from "vitest";
import { startCopyingService } from "../support/copying-service.ts";
import { readRendered, runProgram, statsOf, TestProject, until } from "../support/program.ts";
import { S3_KEYS, startS3Stub } from "../support/s3-stub.ts";

const cleanups: (() => unknown)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0)) await cleanup();
});

const DAWN = 'version: 1\ndefaults: { duration: 4 }\nscenes:\n  - { id: dawn, prompt: "A lamp." }\n';
const CLIMB = "  - { id: climb, extend: dawn, prompt: On. }\n";

/** A project whose only clip is so old that the provider has forgotten its task. */
async function forgotten(): Promise<TestProject> {
  const service = await startCopyingService();
  cleanups.push(() => service.close());
  const project = new TestProject(service.url);
  cleanups.push(() => project.remove());
  project.write(DAWN);
  expect(await project.render()).toMatchObject({ exit: 0 });
  const lock = project.lockText.replace(/"at": "[^"]*"/, '"at": "2026-01-01T00:00:00.000Z"');
  writeFileSync(join(project.folder, "film.lock.json"), lock.replace(/"task": "cgt-/, '"task": "gone-'));
  project.write(DAWN + CLIMB);
  return project;
}

test("a clip that the provider has forgotten is told in the plan, with the ways out, before anything is sent", async () => {
  const project = await forgotten();
  const plan = await runProgram(["plan", "--provider", "anyfast"], project.folder);
  expect(plan.stdout).toMatch(
    /! blocked +climb .*the clip of `dawn` cannot reach the service: its link at anyfast has expired .*name a bucket under `store`/,
  );
  expect(await project.render()).toMatchObject({ exit: 3, sent: [], scenes: { climb: "blocked" } });
});

interface Library {
  readonly library: { readonly groups: number; readonly assets: number };
}

async function libraryOf(project: TestProject): Promise<Library["library"]> {
  const { groups, assets } = ((await (await fetch(`${project.service}/__stats`)).json()) as Library).library;
  return { groups, assets };
}

const BY_LIBRARY = "handover: asset-library\n";

test("it goes into the provider's library where the author chose that, once for all scenes and runs", async () => {
  const project = await forgotten();
  project.write(BY_LIBRARY + DAWN + CLIMB);
  const plan = await runProgram(["plan", "--provider", "anyfast"], project.folder);
  expect(plan.stdout).toMatch(/the clip of `dawn` goes into anyfast's asset library, which is billed/);
  expect(await project.render()).toMatchObject({ exit: 0, sent: ["climb"] });
  const more = "  - { id: turn, edit: dawn, prompt: At night. }\n";
  project.write(BY_LIBRARY + DAWN + CLIMB + more);
  expect(await project.render()).toMatchObject({ exit: 0, sent: ["turn"] });
  expect(await libraryOf(project)).toEqual({ groups: 1, assets: 1 });
  expect(await statsOf(project.service)).toMatchObject({ created: 3, doubles: 0 });
});

test("a run that is killed at any step of that pays nothing twice", async () => {
  const project = await forgotten();
  project.write(BY_LIBRARY + DAWN + CLIMB);
  for (let lines = 1; lines <= 5; lines++) {
    const running = project.start();
    const isThere = (): boolean => project.journal().length >= lines;
    await Promise.race([until(isThere), running.ended]);
    running.child.kill("SIGKILL");
    await running.ended;
  }
  const { exit, stdout } = await project.render();
  const { groups, assets } = await libraryOf(project);
  // What died between a request and its answer waits for a person, or for a quarter of an hour.
  expect(
    exit === 0 || /may hold the (group|asset) `storyc-|take \d+ may have been accepted/.test(stdout),
    stdout,
  ).toBe(true);
  expect(groups).toBeLessThanOrEqual(1);
  expect(assets).toBeLessThanOrEqual(1);
  expect(await statsOf(project.service)).toMatchObject({ doubles: 0 });
});

test("it goes by the bucket where there is one, untouched, and no link is written anywhere", async () => {
  const project = await forgotten();
  const stub = await startS3Stub();
  cleanups.push(() => stub.close());
  project.write(`${DAWN}${CLIMB}store: { bucket: films, endpoint: "${stub.url}", region: eu-test-1 }\n`);
  const env = {
    ANYFAST_BASE_URL: project.service,
    ANYFAST_API_KEY: "x",
    AWS_ACCESS_KEY_ID: S3_KEYS.accessKeyId,
    AWS_SECRET_ACCESS_KEY: S3_KEYS.secretAccessKey,
  };
  const args = ["render", "--provider", "anyfast", "--yes", "--json", "--poll-first", "0.05"];
  const ended = await runProgram(args, project.folder, env);
  expect(readRendered(ended), ended.stderr).toMatchObject({ exit: 0, sent: ["climb"] });
  const [[name, bytes] = []] = [...stub.objects];
  expect(bytes?.bytes).toEqual(readFileSync(join(project.folder, "renders/film/dawn.mp4")));
  expect((await statsOf(project.service)).created).toBe(2);
  const written = readdirSync(project.folder, { recursive: true, encoding: "utf8" })
    .map((path) => join(project.folder, path))
    .filter((path) => statSync(path).isFile())
    .map((path) => readFileSync(path, "latin1"));
  for (const text of [...written, ended.stdout, ended.stderr]) {
    expect(text).not.toContain("X-Amz-Signature");
    expect(text).not.toContain(S3_KEYS.secretAccessKey);
  }
  expect(name).toMatch(/^[0-9a-f]{64}\.mp4$/);
});
