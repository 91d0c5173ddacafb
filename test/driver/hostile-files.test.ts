// Files that are not what their names say, and names and links that lead astray: a diagnostic or success, never a
// crash, and nothing is read that lies outside of the project.
import { execFileSync } from "node:child_process";
import { chmodSync, copyFileSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { SCENES, TemporaryProject } from "./temporary-project.ts";

const FACE = join(import.meta.dirname, "../fixtures/diagnostics/media/face.png");
const CLIP = join(import.meta.dirname, "../fixtures/media/reordered.mp4");
const VALID = `version: 1\n${SCENES}`;

let project: TemporaryProject;
const codes = (content: string | Uint8Array, name?: string): Promise<string[]> =>
  project.codes(content, name);

const put = (name: string, content: string | Uint8Array): string => project.put(name, content);
let folder: string;
let outside: string;

beforeEach(() => {
  project = new TemporaryProject();
  ({ folder, outside } = project);
});

afterEach(() => project.remove());

describe("where a file lies", () => {
  test.each([
    "a film.yaml",
    "film #1.yaml",
    "灯塔.yaml",
    "it's.yaml",
    'a "quote".yaml',
    "a%20b.yaml",
    "-x.yaml",
  ])("a storyboard called %s, with a picture of such a name", async (name) => {
    const picture = `${name.replace(".yaml", "")}.png`;
    copyFileSync(FACE, join(folder, picture));
    const text = `version: 1\nassets: { a: { image: ${JSON.stringify(`./${picture}`)} } }\nscenes:\n  - { id: dawn, prompt: "@a" }\n`;
    expect(await codes(text, name)).toEqual([]);
  });

  test("a folder of such a name", async () => {
    expect(await codes(VALID, "第 1 幕 #'\"/storyboard.yaml")).toEqual([]);
  });

  test("a folder with the name of a storyboard", async () => {
    mkdirSync(join(folder, "storyboard.yaml"));
    expect(await project.codesOf({ file: "storyboard.yaml" })).toEqual(["file/unreadable"]);
    expect(await project.codesOf({})).toEqual(["file/unreadable"]);
  });

  test("a link that leads to itself", async () => {
    symlinkSync("storyboard.yaml", join(folder, "storyboard.yaml"));
    expect(await project.codesOf({ file: "storyboard.yaml" })).toEqual(["file/unreadable"]);
  });

  test("a folder that does not exist", async () => {
    expect(await project.codesOf({ file: "nowhere/film.yaml" })).toEqual(["file/unreadable"]);
  });

  test("a folder that is a file", async () => {
    put("a.txt", "text");
    expect(await project.codesOf({ file: "a.txt/film.yaml" })).toEqual(["file/unreadable"]);
  });
});

describe("media", () => {
  const asset = (path: string, key = "image"): string =>
    `version: 1\nassets:\n  a: { ${key}: ${path} }\n  b: { image: "https://example.com/b.png" }\nscenes:\n  - { id: dawn, prompt: "@a @b" }\n`;

  test("a picture that is a text", async () => {
    put("a.png", "I am a picture.\n");
    expect(await codes(asset("./a.png"))).toEqual(["media/bad-format"]);
  });

  test.each([
    ["a picture", "./a.png", "image"],
    ["a clip", "./a.mp4", "video"],
    ["a sound", "./a.wav", "audio"],
  ])("%s of no bytes", async (_, path, key) => {
    put(path, "");
    expect(await codes(asset(path, key))).toEqual(["media/bad-format"]);
  });

  test("a picture that is cut off", async () => {
    put("a.png", readFileSync(FACE).subarray(0, 20));
    expect(await codes(asset("./a.png"))).toEqual(["media/bad-format"]);
  });

  test("an mp4 that is cut off, anywhere", async () => {
    const bytes = readFileSync(CLIP);
    for (const part of [0.01, 0.1, 0.5, 0.9, 0.99]) {
      put("a.mp4", bytes.subarray(0, Math.floor(bytes.length * part)));
      expect(await codes(asset("./a.mp4", "video")), String(part)).toEqual(["media/bad-format"]);
    }
  });

  test("an mp4 whose bytes are wrong, anywhere", async () => {
    const bytes = readFileSync(CLIP);
    for (let at = 3; at < bytes.length; at += 1777) {
      const broken = Buffer.from(bytes).fill(0xff, at, at + 40);
      put("a.mp4", broken);
      expect(await codes(asset("./a.mp4", "video")), String(at)).not.toEqual([]);
    }
  });

  test("a clip that is declared as a picture", async () => {
    copyFileSync(CLIP, join(folder, "a.png"));
    expect(await codes(asset("./a.png"))).toContain("media/wrong-kind");
  });

  test("a folder, a file that is a folder in between, and a path of 100,000 letters", async () => {
    mkdirSync(join(folder, "a.png"));
    expect(await codes(asset("./a.png"))).toEqual(["media/unreadable"]);
    put("b.txt", "x");
    expect(await codes(asset("./b.txt/a.png"))).toEqual(["media/unreadable"]);
    expect(await codes(asset(`./${"a".repeat(100_000)}.png`))).toEqual(["media/unreadable"]);
  });

  test.skipIf(process.platform === "win32")("a pipe, which nobody ever writes to", async () => {
    execFileSync("mkfifo", [join(folder, "a.png")]);
    expect(await codes(asset("./a.png"))).toEqual(["media/unreadable"]);
  });

  test("a link out of the project", async () => {
    copyFileSync(FACE, join(outside, "secret.png"));
    symlinkSync("../secret.png", join(folder, "a.png"));
    expect(await codes(asset("./a.png"))).toEqual(["media/outside-root"]);
    mkdirSync(join(outside, "elsewhere"));
    copyFileSync(FACE, join(outside, "elsewhere/a.png"));
    symlinkSync("../elsewhere", join(folder, "assets"));
    expect(await codes(asset("./assets/a.png"))).toEqual(["media/outside-root"]);
  });

  test("a link to a place outside where nothing is, and one to itself", async () => {
    symlinkSync("../nothing.png", join(folder, "a.png"));
    expect((await codes(asset("./a.png"))).filter((code) => code.startsWith("media/"))).toHaveLength(1);
    symlinkSync("b.png", join(folder, "b.png"));
    expect(await codes(asset("./b.png"))).toEqual(["media/unreadable"]);
  });

  // Root reads every file, whatever its mode.
  test.skipIf(process.getuid?.() === 0 || process.platform === "win32")("files nobody may read", async () => {
    chmodSync(put("a.png", readFileSync(FACE)), 0);
    expect(await codes(asset("./a.png"))).toEqual(["media/unreadable"]);
    chmodSync(put("act.yaml", VALID), 0);
    expect(await codes(`version: 1\ninclude: [./act.yaml]\n${SCENES}`)).toEqual(["include/unreadable"]);
  });
});

describe("includes", () => {
  const including = (...paths: readonly string[]): string =>
    `version: 1\ninclude: [${paths.map((path) => JSON.stringify(path)).join(", ")}]\n${SCENES}`;

  test("a circle through links", async () => {
    put("act.yaml", "version: 1\ninclude: [./link.yaml]\n");
    symlinkSync("act.yaml", join(folder, "link.yaml"));
    expect(await codes(including("./act.yaml"))).toEqual(["include/cycle"]);
  });

  test("the storyboard itself", async () => {
    expect(await codes(including("./storyboard.yaml"))).toEqual(["include/cycle"]);
  });

  test("the storyboard itself, through a link to its folder", async () => {
    symlinkSync(".", join(folder, "here"));
    expect(await codes(including("./here/storyboard.yaml"))).toEqual(["include/cycle"]);
  });

  test("a folder within a folder without end", async () => {
    symlinkSync(".", join(folder, "loop"));
    put("act.yaml", "version: 1\ninclude: [./loop/act.yaml]\n");
    expect(await codes(including("./act.yaml"))).toEqual(["include/cycle"]);
  });

  test("one file under two names is one file", async () => {
    put("act.yaml", "version: 1\nscenes:\n  - { id: night, prompt: x }\n");
    symlinkSync("act.yaml", join(folder, "link.yaml"));
    expect(await codes(including("./act.yaml", "./link.yaml"))).toEqual(["include/twice"]);
  });

  test("a link out of the project", async () => {
    writeFileSync(join(outside, "secret.yaml"), VALID);
    symlinkSync("../secret.yaml", join(folder, "act.yaml"));
    expect(await codes(including("./act.yaml"))).toEqual(["media/outside-root"]);
  });

  test("a folder, a picture, and an empty file", async () => {
    mkdirSync(join(folder, "act.yaml"));
    expect(await codes(including("./act.yaml"))).toEqual(["include/unreadable"]);
    copyFileSync(FACE, join(folder, "face.png"));
    expect(await codes(including("./face.png"))).toEqual(["syntax/encoding"]);
    put("empty.yaml", "");
    expect(await codes(including("./empty.yaml"))).toEqual(["schema/type"]);
  });

  test("a thousand files, each including the next", async () => {
    for (let i = 0; i < 1000; i++) put(`act${i}.yaml`, `version: 1\ninclude: [./act${i + 1}.yaml]\n`);
    put("act1000.yaml", "version: 1\nscenes:\n  - { id: night, prompt: x }\n");
    expect(await codes(including("./act0.yaml"))).toEqual([]);
  });

  test("names of such files", async () => {
    const names = ["an act.yaml", "act #1.yaml", "第一幕.yaml", "it's.yaml", 'a "quote".yaml'];
    for (const [i, name] of names.entries()) put(name, `version: 1\nscenes:\n  - { id: s${i}, prompt: x }\n`);
    expect(await codes(including(...names.map((name) => `./${name}`)))).toEqual([]);
  });
});
