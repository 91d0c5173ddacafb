import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { CATALOGUE, type DiagnosticCode } from "../../src/base/catalogue.ts";
import { diagnosticJson } from "../../src/cli/diagnostic-json.ts";
import { check } from "../../src/driver/check.ts";
import { parseLock } from "../../src/plan/lock-format.ts";

const FIXTURES = join(import.meta.dirname, "../fixtures/diagnostics");

/** Codes that no storyboard can show by its text; each is tested below. */
const WITHOUT_A_PAIR: readonly DiagnosticCode[] = ["file/unreadable", "lock/unreadable", "profiles/unknown"];

const folderOf = (code: string): string => code.replace("/", "-");
const codes = (Object.keys(CATALOGUE) as DiagnosticCode[]).filter((code) => !WITHOUT_A_PAIR.includes(code));

/** A project of its own, so that the limits of a checkout do not count: what lies outside is outside anywhere. */
let project: string;

beforeAll(() => {
  project = join(mkdtempSync(join(tmpdir(), "storyc-fixtures-")), "project");
  cpSync(FIXTURES, project, { recursive: true });
  mkdirSync(join(project, ".git"));
});

afterAll(() => {
  rmSync(join(project, ".."), { recursive: true });
});

async function told(file: string): Promise<readonly object[]> {
  return (await check({ file, cwd: project })).diagnostics.map(diagnosticJson);
}

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
    const expected = JSON.parse(readFileSync(join(project, folderOf(code), "expect.json"), "utf8")) as object;
    const found = await told(join(project, folderOf(code), "bad.yaml"));
    expect(found).toEqual([
      expect.objectContaining({ code, severity: CATALOGUE[code].severity, ...expected }),
    ]);
  });
});

describe("its repaired twin gives nothing", () => {
  test.each(codes)("%s", async (code) => {
    expect(await told(join(project, folderOf(code), "good.yaml"))).toEqual([]);
  });
});

test("file/unreadable: a path that does not exist names the file that is near", async () => {
  writeFileSync(join(project, "storybord.yaml"), "version: 1\n");
  expect(await told("storyboard.yaml")).toEqual([
    expect.objectContaining({ code: "file/unreadable", line: null, help: "did you mean storybord.yaml?" }),
  ]);
});

test("lock/unreadable: a lockfile that is not JSON", () => {
  const { diagnostics } = parseLock("a.lock.json", "", "{");
  expect(diagnostics.map(({ code }) => code)).toEqual(["lock/unreadable"]);
});

test("profiles/unknown: a profile that was asked for by flag", async () => {
  const file = join(project, "schema-type/good.yaml");
  const { diagnostics } = await check({ file, cwd: project, profile: "draft" });
  expect(diagnostics.map(({ code, help }) => [code, help])).toEqual([
    ["profiles/unknown", "the storyboard has no `profiles`"],
  ]);
});
