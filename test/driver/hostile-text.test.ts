// Texts that nobody means to write, and some that somebody writes to do harm: a diagnostic or success, never a
// crash, a hang, or memory without bounds.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { SCENES, TemporaryProject } from "./temporary-project.ts";

const FACE = join(import.meta.dirname, "../fixtures/diagnostics/media/face.png");
const VALID = `version: 1\n${SCENES}`;

let project: TemporaryProject;
const codes = (content: string | Uint8Array, name?: string): Promise<string[]> =>
  project.codes(content, name);

beforeEach(() => {
  project = new TemporaryProject();
});

afterEach(() => project.remove());

describe("the text of a storyboard", () => {
  const bomb = Array.from({ length: 40 }, (_, i) => {
    const items = Array(10).fill(i === 0 ? "wave" : `*a${i - 1}`);
    return `x-${i}: &a${i} [${items.join(", ")}]\n`;
  }).join("");

  test.each<[string, string | Uint8Array, readonly string[]]>([
    ["aliases that explode", `version: 1\n${bomb}${SCENES}`, ["syntax/alias-expansion"]],
    ["an alias of itself", `version: 1\nx-a: &a [*a]\n${SCENES}`, ["syntax/yaml"]],
    ["10,000 brackets", `version: 1\nx-a: ${"[".repeat(10_000)}${"]".repeat(10_000)}\n${SCENES}`, ["syntax/too-deep"]],
    ["100,000 brackets that stay open", `version: 1\nx-a: ${"[".repeat(100_000)}`, ["syntax/too-deep"]],
    ["10,000 braces", `version: 1\nx-a: ${"{a: ".repeat(10_000)}1${"}".repeat(10_000)}\n${SCENES}`, ["syntax/too-deep"]],
    ["2,000 lines, each deeper than the one before", `version: 1\nx-a:\n${Array.from({ length: 2000 }, (_, i) => `${" ".repeat(i + 1)}a:\n`).join("")}${SCENES}`, ["syntax/too-deep"]],
    ["20,000 dashes in one line", `version: 1\nx-a:\n  ${"- ".repeat(20_000)}a\n${SCENES}`, ["syntax/too-deep"]],
    ["a byte order mark", `\uFEFF${VALID}`, []],
    ["CRLF", VALID.replaceAll("\n", "\r\n"), []],
    ["CR alone", VALID.replaceAll("\n", "\r"), ["syntax/yaml"]],
    ["tabs before a key", `version: 1\nscenes:\n\t- { id: dawn, prompt: At dawn. }\n`, ["syntax/yaml"]],
    ["tabs behind a value", `version: 1\t\n${SCENES}`, []],
    ["two documents", `${VALID}---\n${VALID}`, ["syntax/yaml"]],
    ["duplicate keys", `version: 1\nversion: 1\n${SCENES}`, ["syntax/duplicate-key"]],
    ["binary bytes", Uint8Array.from({ length: 4096 }, (_, i) => (i * 197 + 13) % 256), ["syntax/encoding"]],
    ["UTF-16", Buffer.from(`\uFEFF${VALID}`, "utf16le"), ["syntax/encoding"]],
    ["half a surrogate", Buffer.from([0xed, 0xa0, 0x80]), ["syntax/encoding"]],
    ["a picture", readFileSync(FACE), ["syntax/encoding"]],
    ["keys of objects", `version: 1\n__proto__: { a: 1 }\nconstructor: 1\n${SCENES}`, ["schema/unknown-key"]],
    ["assets with the names of members", `version: 1\nassets:\n  constructor: { image: "https://example.com/a.png" }\nscenes:\n  - { id: toString, prompt: "@constructor" }\n`, []],
    ["an unknown tag", `version: 1\ntitle: !!js/function "a"\n${SCENES}`, []],
  ])("%s", async (_, content, expected) => {
    expect(await codes(content)).toEqual(expected);
  }); // prettier-ignore

  test.each([
    ["nothing", ""],
    ["spaces and line ends", "  \n\n \n"],
    ["a comment", "# nothing yet\n"],
    ["three dots", "...\n"],
    ["a number", "1\n"],
    ["a list", "- 1\n"],
  ])("%s", async (_, content) => {
    expect(await codes(content)).toContain("schema/type");
  });

  test("a file that is no mapping is not told to lack scenes as well", async () => {
    expect(await codes("")).toEqual(["schema/type"]);
  });

  test("a line of 100,000 NUL bytes is shown in part and at once", async () => {
    expect(await codes("\0".repeat(100_000))).not.toEqual([]);
  });

  test("NUL bytes", async () => {
    expect(await codes(`version: 1\ntitle: "a\0b"\n${SCENES}`)).toEqual([]);
    expect(await codes("\0".repeat(1000))).not.toEqual([]);
  });

  test("a NUL in a path", async () => {
    const asset = (path: string): string => `version: 1\nassets: { a: { image: "${path}" } }\nscenes:\n  - { id: dawn, prompt: "@a" }\n`; // prettier-ignore
    expect(await codes(asset("./a\\0.png"))).toEqual(["media/unreadable"]);
  });

  test("a NUL in the path of an include", async () => {
    expect(await codes(`version: 1\ninclude: ["./a\\0.yaml"]\n${SCENES}`)).toEqual(["include/unreadable"]);
  });

  test("1 MB of scenes", async () => {
    const scene = (i: number): string => `  - id: s${i}\n    prompt: ${"The sea is grey. ".repeat(10)}\n`;
    const text = `version: 1\nscenes:\n${Array.from({ length: 5500 }, (_, i) => scene(i)).join("")}`;
    expect(text.length).toBeGreaterThan(1024 * 1024);
    expect(await codes(text)).toEqual([]);
  });

  test("10,000 scenes in one chain", async () => {
    const scene = (i: number): string => `  - { id: s${i}, extend: previous, prompt: x, takes: 2 }\n`;
    const text = `version: 1\nscenes:\n  - { id: a, prompt: x }\n${Array.from({ length: 9999 }, (_, i) => scene(i)).join("")}`;
    expect(await codes(text)).toEqual(["extend/long-chain"]);
  });

  test.each([
    ["extends", (next: string) => `extend: ${next}`, ["extend/long-chain"]],
    ["stills", (next: string) => `first_frame: ${next}.last_frame`, []],
    ["bridges", (next: string) => `bridge: [${next}, z]`, ["references/too-long"]],
    ["mentions", (next: string) => `takes: 2, dialogue: [Go.], references: [${next}]`, []],
  ])("10,000 scenes that each need the next: %s", async (_, keys, expected) => {
    const scene = (i: number): string => `  - { id: s${i}, ${keys(`s${i + 1}`)}, prompt: x }\n`;
    const text = `version: 1\nscenes:\n${Array.from({ length: 9999 }, (_, i) => scene(i)).join("")}  - { id: s9999, prompt: x }\n  - { id: z, prompt: x }\n`;
    expect(await codes(text)).toEqual(expected);
  });

  test("10,000 scenes in a circle", async () => {
    const scene = (i: number): string => `  - { id: s${i}, extend: s${(i + 1) % 10_000}, prompt: x }\n`;
    const text = `version: 1\nscenes:\n${Array.from({ length: 10_000 }, (_, i) => scene(i)).join("")}`;
    expect(await codes(text)).toEqual(["resolve/cycle"]);
  });

  test("5,000 scenes, each with three mistakes", async () => {
    const scene = (i: number): string =>
      `  - { id: s${i}, prompt: "@nobody${i}", duration: 99, colour: 1 }\n`;
    const text = `version: 1\nscenes:\n${Array.from({ length: 5000 }, (_, i) => scene(i)).join("")}`;
    expect(await codes(text)).toEqual(["resolve/unknown-name", "schema/value", "schema/unknown-key"]);
  });

  test("150,000 keys that do not exist", async () => {
    const keys = Array.from({ length: 150_000 }, (_, i) => `a-key-of-nobody-${i}: 1\n`).join("");
    expect(await codes(`${VALID}${keys}`)).toEqual(["schema/unknown-key"]);
  });

  test("a prompt of 1 MB that is nothing but unknown names", async () => {
    const told = await codes(`version: 1\nscenes:\n  - { id: dawn, prompt: "${"@a ".repeat(350_000)}" }\n`);
    expect(told).toContain("resolve/unknown-name");
  });

  test("a prompt of 250,000 signs", async () => {
    const text = `version: 1\nscenes:\n  - { id: dawn, prompt: "${"@".repeat(250_000)}" }\n`;
    expect(await codes(text)).toEqual([]);
  });

  test("a matrix of millions", async () => {
    const values = Array.from({ length: 1000 }, (_, i) => i).join(", ");
    const variables = "version: 1\nvariables: { a: 1, b: 1, c: 1 }\n";
    const matrix = `matrix: { a: [${values}], b: [${values}], c: [${values}] }\n`;
    const scenes = 'scenes:\n  - { id: dawn, prompt: "${a} ${b} ${c}" }\n';
    expect(await codes(variables + matrix + scenes)).toEqual(["matrix/too-many"]);
  });
});
