import { readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { runProgram, startProgram, TestProject, until } from "../support/program.ts";
import { LeakyService, SIGNATURES } from "./leaky-service.ts";

const KEY = "sk-t0p/S3cret+k3y=of-nobody";
/** In the storyboard itself, where the author has put it. */
const AUTHORS = "5igauth0r";
const FORBIDDEN = [
  KEY,
  encodeURIComponent(KEY),
  Buffer.from(KEY).toString("base64"),
  KEY.slice(0, 14),
  KEY.slice(-8),
  AUTHORS,
  ...SIGNATURES,
];

const LINK = `https://bucket.example.com/dolly.mp4?X-Amz-Date=1&X-Amz-Signature=${AUTHORS}`;
const SCENES = ["refused", "nested", "moved", "broken", "failed"];
const storyboard = (...scenes: readonly string[]): string => `version: 1
provider: anyfast
defaults: { resolution: 480p, ratio: "16:9", duration: 4 }
scenes:
${scenes.map((id) => `  - { id: ${id}, prompt: At dawn. }\n`).join("")}  - { id: shaky, prompt: The sea. }
  - { id: chain, extend: shaky, prompt: It goes on. }
  - { id: author, edit: "${LINK}", prompt: It rains. }
`;

const service = new LeakyService();
let project: TestProject;
let url: string;
/** All that was printed so far. */
const printed: string[] = [];

beforeAll(async () => {
  url = await service.listen();
  project = new TestProject(url);
  // As a person would have it: the key beside the storyboard, from where it must not get elsewhere.
  writeFileSync(join(project.folder, ".env"), `ANYFAST_API_KEY='${KEY}'\nANYFAST_BASE_URL=${url}\n`);
  project.write(storyboard(...SCENES));
});
afterAll(() => {
  service.close();
  project.remove();
});

const DEBUG = { STORYC_DEBUG: "1" };
const FAST = ["--yes", "--poll-first", "0.02", "--poll-every", "0.02"];

async function run(...args: string[]): Promise<number | null> {
  const { exit, stdout, stderr } = await runProgram(args, project.folder, DEBUG);
  printed.push(stdout, stderr);
  return exit;
}

/** Every file that was written, with its text; the two that the author wrote are left out. */
function written(): [name: string, text: string][] {
  return readdirSync(project.folder, { recursive: true, encoding: "utf8" })
    .filter(
      (name) => statSync(join(project.folder, name)).isFile() && name !== "film.yaml" && name !== ".env",
    )
    .map((name) => [name, readFileSync(join(project.folder, name), "latin1")]);
}

function leaks(): string[] {
  const texts: [string, string][] = [["what was printed", printed.join("\n")], ...written()];
  return texts.flatMap(([name, text]) =>
    FORBIDDEN.filter((secret) => text.includes(secret)).map((secret) => `${secret} in ${name}`),
  );
}

test("a run at a service that repeats everything keeps key and signatures to itself", async () => {
  expect(await run("render", "--json", ...FAST)).toBe(3);
  // What has happened is what was meant to happen, or nothing is shown.
  expect(project.takes.sort()).toEqual([
    "author#1 done",
    "broken#1 unknown",
    "chain#1 refused",
    "failed#1 failed",
    "moved#1 unknown",
    "nested#1 refused",
    "refused#1 refused",
    "shaky#1 done",
  ]);
  // The signed link of a clip is in the request that needs it, and so is the author's.
  expect(service.bodies.join("\n")).toContain(SIGNATURES[0]);
  expect(service.bodies.join("\n")).toContain(AUTHORS);
  expect(leaks()).toEqual([]);
});

test("neither does a second run, with the key in the environment and lines for people", async () => {
  rmSync(join(project.folder, ".env"));
  project.write(storyboard("refused"));
  const env = { ...DEBUG, ANYFAST_API_KEY: KEY, ANYFAST_BASE_URL: url };
  const { exit, stdout, stderr } = await runProgram(["render", ...FAST], project.folder, env);
  printed.push(stdout, stderr);
  expect(exit).toBe(3);
  expect(stdout + stderr).toContain("InvalidParameter");
  expect(leaks()).toEqual([]);
});

test("nor does a create that hangs, and Ctrl-C", async () => {
  project.write(storyboard("hung"));
  const env = { ...DEBUG, ANYFAST_API_KEY: KEY, ANYFAST_BASE_URL: url };
  const running = startProgram(["render", "--json", ...FAST], project.folder, env);
  await until(() => service.hung > 0);
  // Also what lies on disk while it waits.
  expect(leaks()).toEqual([]);
  running.child.kill("SIGINT");
  const { exit, stdout, stderr } = await running.ended;
  printed.push(stdout, stderr);
  expect(exit).toBe(130);
  expect(project.takes).toContain("hung#1 unknown");
  expect(leaks()).toEqual([]);
});

test("nor does a key that is refused, with the service's own words", async () => {
  project.write(storyboard("denied"));
  const env = { ...DEBUG, ANYFAST_API_KEY: KEY, ANYFAST_BASE_URL: url };
  const { exit, stdout, stderr } = await runProgram(["render", ...FAST], project.folder, env);
  printed.push(stdout, stderr);
  expect(exit).toBe(3);
  expect(stdout + stderr).toContain("the service does not accept the key");
  expect(leaks()).toEqual([]);
});

test.each([
  ...["plan", "plan --json", "status", "status --json", "status --cost --json", "takes", "check --json"],
  ...["graph", "doctor", "doctor --json", "doctor --online", "doctor --online --json"],
])("nor does `%s`", async (command) => {
  writeFileSync(join(project.folder, ".env"), `export ANYFAST_API_KEY="${KEY}"\nANYFAST_BASE_URL=${url}\n`);
  await run(...command.split(" "));
  expect(leaks()).toEqual([]);
});
