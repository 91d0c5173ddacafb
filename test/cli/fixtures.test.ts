import { existsSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { CATALOGUE, type DiagnosticCode } from "../../src/base/catalogue.ts";
import { diagnosticJson } from "../../src/cli/diagnostic-json.ts";
import { parseLock } from "../../src/plan/lock-read.ts";
import { FixtureProject, folderOf } from "./fixture-project.ts";

const FIXTURES = join(import.meta.dirname, "../fixtures/diagnostics");

/** Codes that no storyboard can show by its text; each is tested below. */
const WITHOUT_A_PAIR: readonly DiagnosticCode[] = [
  "file/unreadable",
  "lock/unreadable",
  "lock/conflict",
  "lock/newer",
  "lock/left-behind",
  "journal/unreadable",
];

const codes = (Object.keys(CATALOGUE) as DiagnosticCode[]).filter((code) => !WITHOUT_A_PAIR.includes(code));

let project: FixtureProject;

beforeAll(() => {
  project = new FixtureProject(FIXTURES);
});

afterAll(() => project.remove());

describe("every code of the catalogue has a file that shows it", () => {
  test.each(codes)("%s", (code) => {
    for (const name of ["bad.yaml", "good.yaml", "expect.json"])
      expect(existsSync(join(FIXTURES, folderOf(code), name)), `${folderOf(code)}/${name}`).toBe(true);
  });

  test("and no folder is left over", () => {
    const known = new Set([...codes.map(folderOf), "media"]);
    expect(readdirSync(FIXTURES).filter((name) => !known.has(name))).toEqual([]);
  });
});

describe("a bad file gives its code alone, at its place", () => {
  test.each(codes)("%s", async (code) => {
    const { finding } = project.expectation(code);
    const found = await project.told(code, "bad.yaml");
    expect(found.map(diagnosticJson)).toEqual([
      expect.objectContaining({ code, severity: CATALOGUE[code].severity, ...finding }),
    ]);
  });

  test.each(codes)("%s stands alone in one line, and names the way out", async (code) => {
    const [found] = await project.told(code, "bad.yaml");
    expect(found?.message).toMatch(/^[^\n]*[^\n.]$/);
    // What is wrong with YAML or its types says itself what to write instead.
    if (!/^(syntax|schema)\//.test(code)) expect(found?.help).toMatch(/^[^\n]+$/);
  });
});

describe("its repaired twin gives nothing", () => {
  test.each(codes)("%s", async (code) => {
    expect((await project.told(code, "good.yaml")).map(diagnosticJson)).toEqual([]);
  });
});

test("file/unreadable: a path that does not exist names the file that is near", async () => {
  writeFileSync(join(project.folder, "storybord.yaml"), "version: 1\n");
  const found = await project.tellOf("storyboard.yaml");
  expect(found.map(diagnosticJson)).toEqual([
    expect.objectContaining({ code: "file/unreadable", line: null, help: "did you mean storybord.yaml?" }),
  ]);
});

test.each([
  ["lock/unreadable", "{"],
  ["lock/conflict", "<<<<<<< HEAD\n{\n"],
  ["lock/newer", '{ "version": 2 }'],
])("%s: a lockfile `%s`", (code, text) => {
  const { diagnostics } = parseLock("a.lock.json", "", text);
  expect(diagnostics.map((one) => one.code)).toEqual([code]);
});
