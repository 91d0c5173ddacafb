import { readFileSync, readdirSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, expect, test } from "vitest";
import { startCopyingService } from "../support/copying-service.ts";
import { readRendered, runProgram, statsOf, TestProject } from "../support/program.ts";
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
