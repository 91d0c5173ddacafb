import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, describe, expect, test } from "vitest";
import { parseDotEnv, readEnvironment } from "../../src/driver/environment.ts";

const folders: string[] = [];
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

/** A git checkout with these files. */
function checkout(files: Readonly<Record<string, string | Buffer>>): string {
  const root = mkdtempSync(join(tmpdir(), "storyc-environment-"));
  folders.push(root);
  mkdirSync(join(root, ".git"));
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, name)), { recursive: true });
    writeFileSync(join(root, name), text);
  }
  return root;
}

describe("a .env", () => {
  test.each([
    ["A=1", "1"],
    ["A = 1 ", "1"],
    ["export A=1", "1"],
    ["  export \t A=1", "1"],
    ["\tA=1", "1"],
    ["\uFEFFA=1", "1"],
    ["# A=0\nA=1 # a remark", "1"],
    ['A="a # b" # a remark', "a # b"],
    ["A='a \"b\"'", 'a "b"'],
    ["A=a=b==", "a=b=="],
    ["A=${HOME}", "${HOME}"],
    ["A=", ""],
    ["B=2\r\nA=1\r\n", "1"],
    ["B=2\rA=1\r", "1"],
    ["A: 1", undefined],
    ["", undefined],
  ])("%j gives %j", (text, value) => {
    expect(parseDotEnv(text)["A"]).toBe(value);
  });
});

describe("settings", () => {
  test("stand in the environment above the .env beside the storyboard, above the one of the checkout", () => {
    const root = checkout({ ".env": "A=root\nB=root\nC=root\n", "films/one/.env": "B=film\nC=film\n" });
    const read = readEnvironment("films/one/film.yaml", root, { C: "outer" });
    expect(read.values).toMatchObject({ A: "root", B: "film", C: "outer" });
    expect(Object.fromEntries(read.origins)).toEqual({ A: ".env", B: "films/one/.env" });
    expect(read.files).toEqual(["films/one/.env", ".env"]);
  });

  test("an empty value in the environment is a value", () => {
    const root = checkout({ ".env": "ANYFAST_API_KEY=k\n" });
    expect(readEnvironment(undefined, root, { ANYFAST_API_KEY: "" }).values["ANYFAST_API_KEY"]).toBe("");
  });

  test("are found when a folder is named, in UTF-16, and not in a folder named .env", () => {
    const root = checkout({ "film/.env": Buffer.from("\uFEFFA=1\r\n", "utf16le"), ".env/x": "A=2" });
    expect(readEnvironment("film", root, {})).toMatchObject({ values: { A: "1" }, files: ["film/.env"] });
  });

  test("a checkout cannot send the key of the environment elsewhere", () => {
    const outer = { ANYFAST_API_KEY: "k" };
    const root = checkout({ ".env": "ANYFAST_BASE_URL=https://elsewhere.example\n" });
    expect(readEnvironment(undefined, root, outer).problem).toBe(
      "ANYFAST_BASE_URL stands in .env, and ANYFAST_API_KEY in the environment: a key is sent only where whoever gave it said; put both into the same place",
    );
    expect(readEnvironment(undefined, root, {}).problem).toBeUndefined();
    expect(
      readEnvironment(undefined, root, { ...outer, ANYFAST_BASE_URL: "https://mine.example" }).problem,
    ).toBeUndefined();
  });

  test.each([
    "ANYFAST_API_KEY=k\nANYFAST_BASE_URL=https://elsewhere.example\n",
    "ANYFAST_BASE_URL=http://127.0.0.1:1\n",
  ])("%j is no trouble", (text) => {
    const root = checkout({ ".env": text });
    const outer = text.includes("KEY") ? {} : { ANYFAST_API_KEY: "k" };
    expect(readEnvironment(undefined, root, outer).problem).toBeUndefined();
  });
});
