import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { runProgram } from "../support/program.ts";
import { ClosedNetwork, LanguageServer, type Place } from "./language-server.ts";

const EXAMPLES = join(import.meta.dirname, "../../examples");
const examples = readdirSync(EXAMPLES)
  .map((name) => [name, join(EXAMPLES, name, "storyboard.yaml")] as const)
  .filter(([, path]) => existsSync(path));

const network = new ClosedNetwork();
let server: LanguageServer;
let folder: string;
/** What `storyc init` writes, in a folder with a name that is no easy part of an address. */
let first: string;

beforeAll(async () => {
  server = await LanguageServer.start(await network.open());
  folder = mkdtempSync(join(tmpdir(), "storyc-editor-"));
  const project = join(folder, "my film #1 雨夜");
  mkdirSync(project);
  expect(await runProgram(["init"], project)).toMatchObject({ exit: 0 });
  first = join(project, "storyboard.yaml");
});

afterAll(async () => {
  await server.close();
  await network.close();
  rmSync(folder, { recursive: true });
});

afterEach(() => {
  expect(network.asked).toEqual([]);
});

function textOf(path: string): string {
  return readFileSync(path, "utf8");
}

/** Where a text stands; `after` counts on from its start. */
function placeOf(text: string, what: string, after = 0): Place {
  const offset = text.indexOf(what) + after;
  const lines = text.slice(0, offset).split("\n");
  return { line: lines.length - 1, character: lines.at(-1)?.length ?? 0 };
}

/** Opens the text as that file for the time of one look. */
async function withOpen<T>(
  path: string,
  text: string,
  // eslint-disable-next-line @typescript-eslint/no-explicit-any
  look: (problems: any) => T | Promise<T>,
): Promise<T> {
  const problems = await server.open(path, text);
  try {
    return await look(problems);
  } finally {
    await server.closeFile(path);
  }
}

const lighthouse = join(EXAMPLES, "lighthouse/storyboard.yaml");
const files = () => [lighthouse, first];

test.each(examples)("the example %s has no mistake", async (_, path) => {
  expect(await withOpen(path, textOf(path), (problems) => problems)).toEqual([]);
});

test("nor has the file of init", async () => {
  expect(await withOpen(first, textOf(first), (problems) => problems)).toEqual([]);
});

test("a scene's keys are offered, each with what it is for", async () => {
  for (const path of files()) {
    const text = `${textOf(path).split("\nfilm:")[0]}\n  - id: last\n    `;
    const place = placeOf(text, text, text.length);
    const { items } = await withOpen(path, text, () => server.at("completion", path, place));
    const offered = new Map<string, { insertText: string; documentation: { value: string } }>(
      items.map((item: { label: string }) => [item.label, item]),
    );
    expect([...offered.keys()]).toEqual(expect.arrayContaining(["prompt", "extend", "edit", "bridge"]));
    expect(offered.get("first_frame")?.documentation.value).toMatch(
      /^The picture that the clip begins with\.[^]*```yaml\nfirst_frame: climb\.last_frame/,
    );
    expect([...offered.keys()]).not.toContain("id");
    // What is put in has to be a storyboard.
    expect(offered.get("duration")?.insertText).toBe("duration: ${1:5}");
    expect(offered.get("takes")?.insertText).toBe("takes: ${1:2}");
    expect(offered.get("extend")?.insertText).toBe("extend: ${1:previous}");
  }
});

test("the values of a key are offered", async () => {
  const text = textOf(first).replace(/resolution: .*/, "resolution: ");
  const place = placeOf(text, "resolution: ", "resolution: ".length);
  const { items } = await withOpen(first, text, () => server.at("completion", first, place));
  expect(items.map(({ label }: { label: string }) => label)).toEqual(["480p", "720p"]);
});

test.each([
  ["duration: ", /Seconds of the clip, whole, 4 to 15\./],
  ["resolution: ", /Height of the picture: `480p` or `720p`\./],
  ["extend: ", /Continues a clip; [^]*```yaml\nextend: previous\n```/],
  ["first_frame: ", /The picture that the clip begins with\./],
  ["style: ", /They end every scene's prompt, unless the scene says `style: false`\./],
])("pointing at `%s` tells what it is", async (key, told) => {
  for (const path of files()) {
    const text = textOf(path);
    const hover = await withOpen(path, text, () => server.at("hover", path, placeOf(text, key, 2)));
    expect(hover.contents.value).toMatch(told);
    // Signs that are escaped would be read as text.
    expect(hover.contents.value).not.toContain("\\");
  }
});

test.each([
  ["a misspelt key of a scene", "    prompt: ", "    promt: ", "promt", /promt is not allowed/],
  ["a misspelt setting", "  resolution: ", "  resolutoin: ", "resolutoin", /resolutoin is not allowed/],
  ["a misspelt section", "\nscenes:", "\nscens:", "scens", /scens is not allowed/],
  ["too many seconds", /\n {2}duration: \d/, "\n  duration: 40", "40", /maximum of 15/],
  ["an unknown value", "resolution: 480p", "resolution: 1080p", "1080p", /480p.*720p/],
])("%s is told where it stands", async (_, right, wrong, marked, message) => {
  for (const path of files()) {
    const text = textOf(path).replace(right, wrong);
    const start = placeOf(text, wrong, wrong.indexOf(marked));
    const end = { ...start, character: start.character + marked.length };
    const problems = await withOpen(path, text, (found) => found);
    expect(problems).toEqual([
      expect.objectContaining({ message: expect.stringMatching(message) as string, range: { start, end } }),
    ]);
  }
});

test("an extend without its clip is told", async () => {
  const text = textOf(first).replace("extend: previous", "extend: { direction: backward }");
  const problems = await withOpen(first, text, (found) => found);
  expect(problems.map(({ message }: { message: string }) => message)).toEqual(['Missing property "clip".']);
});

test("it is the line at the top that binds the schema", async () => {
  const text = textOf(first)
    .replace(/^# yaml-language-server.*\n/, "")
    .replace("prompt:", "promt:");
  expect(await withOpen(first, text, (problems) => problems)).toEqual([]);
});

test("the network that stays closed would have been seen", async () => {
  const text = "# yaml-language-server: $schema=https://schemas.example/storyboard.json\nversion: 1\n";
  expect(await withOpen(first, text, (problems) => problems)).toHaveLength(1);
  expect(network.asked.splice(0)).toEqual(["CONNECT schemas.example:443"]);
});
