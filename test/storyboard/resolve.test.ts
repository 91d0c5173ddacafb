import { describe, expect, test } from "vitest";
import { told } from "../syntax/told.ts";
import { board, readText, sceneIn } from "./read.ts";

const problems = (...scenes: string[]): string[] => told(readText(board(...scenes)).diagnostics);
const messages = (...scenes: string[]): string[] =>
  readText(board(...scenes)).diagnostics.map((d) => d.message);
const mode = (...scenes: string[]): object => sceneIn(readText(board(...scenes)), "b").mode;

describe("names", () => {
  test("are declared in any order", () => {
    expect(problems("{ id: b, extend: a, prompt: x }", "{ id: a, prompt: x }")).toEqual([]);
  });

  test("are shared by assets and scenes: both places are shown", () => {
    expect(problems("{ id: tower, prompt: x }")).toEqual(["resolve/duplicate-name: tower | tower"]);
  });

  test("differ not only in upper and lower case", () => {
    expect(problems("{ id: Tower, prompt: x }")).toEqual(["resolve/duplicate-name: Tower | tower"]);
  });

  test("that nothing has are told with the near one's own place", () => {
    expect(problems("{ id: a, edit: b, prompt: x }", "{ id: dawn1, prompt: y }")).toEqual([
      "resolve/unknown-name: b",
    ]);
    expect(problems("{ id: a, edit: dwn, prompt: x }", "{ id: dawn, prompt: y }")).toEqual([
      "resolve/unknown-name: dwn | dawn",
    ]);
  });

  test("in `film.scenes` are scenes only", () => {
    const text = `${board("{ id: dawn, prompt: x }")}film: { scenes: [dwn, tower] }\n`;
    expect(told(readText(text).diagnostics)).toEqual([
      "resolve/unknown-name: dwn | dawn",
      "resolve/unknown-name: tower",
    ]);
  });
});

describe("`previous`", () => {
  test("is the scene before this one in the file", () => {
    const scenes = ["{ id: a, prompt: x }", "{ id: b, extend: previous, prompt: x }"];
    expect(mode(...scenes)).toMatchObject({
      clip: { target: { kind: "clip", scene: "a" }, written: "previous" },
    });
  });

  test("can be mentioned, as every scene can", () => {
    const read = readText(
      board("{ id: a, prompt: x }", "{ id: b, prompt: 'as in @previous, @previous.last_frame' }"),
    );
    expect(sceneIn(read, "b").references.map(({ target, written }) => ({ ...target, written }))).toEqual([
      { kind: "clip", scene: "a", written: "previous" },
      { kind: "still", scene: "a", which: "last", written: "previous.last_frame" },
    ]);
    expect(problems("{ id: a, prompt: 'as in @previous' }")).toEqual(["resolve/no-previous: @previous"]);
  });

  test("has a last frame too", () => {
    const scenes = ["{ id: a, prompt: x }", "{ id: b, first_frame: previous.last_frame }"];
    expect(mode(...scenes)).toMatchObject({
      first: { target: { kind: "still", scene: "a", which: "last" } },
    });
  });
});

describe("scenes that need each other", () => {
  test("are told as the path, with each place on it", () => {
    const scenes = [
      "{ id: a, extend: b, prompt: x }",
      "{ id: b, first_frame: c.last_frame }",
      '{ id: c, prompt: "as @a does" }',
    ];
    expect(problems(...scenes)).toEqual(["resolve/cycle: b | c.last_frame | @a"]);
    expect(messages(...scenes)).toEqual(["the scenes `a` → `b` → `c` → `a` need each other's clips"]);
  });

  test("also one that needs itself", () => {
    expect(messages("{ id: a, edit: a, prompt: x }")).toEqual(["scene `a` needs its own clip"]);
  });

  test("are told once, and what leads into the circle is not a part of it", () => {
    const scenes = [
      "{ id: d, extend: a, prompt: x }",
      "{ id: a, extend: b, prompt: x }",
      "{ id: b, extend: a, prompt: x }",
    ];
    expect(messages(...scenes)).toEqual(["the scenes `a` → `b` → `a` need each other's clips"]);
  });

  test("two circles are two errors", () => {
    const scenes = ["a", "b", "c", "d"].map((id, i) => `{ id: ${id}, extend: ${"badc"[i]}, prompt: x }`);
    expect(problems(...scenes)).toHaveLength(2);
  });

  test("a circle of extends is no long chain", () => {
    const scenes = ["a", "b", "c"].map((id, i) => `{ id: ${id}, extend: ${"bca"[i]}, prompt: x }`);
    expect(problems(...scenes)).toEqual(["resolve/cycle: b | c | a"]);
  });

  test("ten thousand in one circle are no trouble", () => {
    const scenes = Array.from(
      { length: 10_000 },
      (_, i) => `{ id: s${i}, extend: s${(i + 1) % 10_000}, prompt: x }`,
    );
    expect(readText(board(...scenes)).diagnostics.map(({ code }) => code)).toEqual(["resolve/cycle"]);
  });
});

describe("one run tells all", () => {
  test("also where one prompt has two hundred thousand mistakes", () => {
    const scene = `{ id: a, prompt: "${"@林".repeat(200_000)}" }`;
    expect(readText(board(scene)).diagnostics.length).toBeGreaterThanOrEqual(200_000);
  });

  test("errors of every phase, and not the first", () => {
    const scenes = ["{ id: a, promt: x, duration: 99, extend: nobody }", '{ id: a, prompt: "${x} @nobody" }'];
    expect(new Set(readText(board(...scenes)).diagnostics.map(({ code }) => code))).toEqual(
      new Set([
        "schema/unknown-key",
        "schema/value",
        "resolve/unknown-name",
        "resolve/duplicate-name",
        "variables/unknown",
      ]),
    );
  });

  test.each([
    ["a first frame that is not found is not followed by `no prompt`", "{ id: b, first_frame: nobody }"],
    ["nor is a clip to edit", "{ id: b, edit: nobody }"],
    [
      "nor sound by `sound alone`, where the picture is not found",
      "{ id: b, prompt: x, references: [nobody, waves] }",
    ],
  ])("but no echo: %s", (_, scene) => {
    const codes = readText(board(scene)).diagnostics.map(({ code }) => code);
    expect(codes.filter((code) => code !== "references/unmentioned")).toEqual(["resolve/unknown-name"]);
  });
});
