import { describe, expect, test } from "vitest";
import { diagnosticText } from "../../src/cli/diagnostic-text.ts";
import { positionAt } from "../../src/base/source.ts";
import { EMPTY_LOCK, type Lock } from "../../src/plan/lock.ts";
import { formatLock, parseLock } from "../../src/plan/lock-format.ts";
import { film, lockOf, recipesOf, takeOf } from "./planned.ts";

const [recipe] = [...recipesOf(film("{ id: a, prompt: sea }")).values()];
if (!recipe) throw new Error("no recipe");
const LOCK = lockOf({
  林晓: [takeOf(recipe), takeOf(recipe, { take: 2, state: "refused", error: { code: "E", message: "no" } })],
  b: [takeOf(recipe)],
});
const TEXT = formatLock(LOCK);

const parse = (text: string) => parseLock("film.lock.json", "/p/film.lock.json", text);
const problem = (text: string): string =>
  parse(text)
    .diagnostics.map((d) => `${d.code}: ${d.message}; ${d.help}`)
    .join();

describe("one text for one lock", () => {
  test("reading and writing gives the same bytes", () => {
    expect(formatLock(parse(TEXT).lock)).toBe(TEXT);
  });

  test("whatever the order in which scenes and fields came", () => {
    const turned: Lock = {
      scenes: new Map(
        [...LOCK.scenes].reverse().map(([id, { selected, takes }]) => [
          id,
          {
            selected,
            takes: takes.map(
              (take) => Object.fromEntries(Object.entries(take).reverse()) as unknown as typeof take,
            ),
          },
        ]),
      ),
    };
    expect(formatLock(turned)).toBe(TEXT);
  });

  test("the selection of each film is sorted too", () => {
    const lock = (selected: Record<string, number>): string =>
      formatLock({ scenes: new Map([["a", { selected, takes: [] }]]) });
    expect(lock({ b: 1, a: 2 })).toBe(lock({ a: 2, b: 1 }));
  });

  test("one fact stands on one line, so that branches merge", () => {
    expect(TEXT.split("\n").filter((line) => line.includes('"fingerprint"'))).toHaveLength(3);
    expect(TEXT.endsWith("}\n")).toBe(true);
  });

  test("an empty lock has a text as well", () => {
    expect(formatLock(EMPTY_LOCK)).toBe('{\n  "version": 1,\n  "scenes": {}\n}\n');
  });

  test("a scene named `__proto__` is kept", () => {
    const lock = lockOf(JSON.parse('{"__proto__":[]}') as Record<string, []>);
    expect([...parse(formatLock(lock)).lock.scenes.keys()]).toEqual(["__proto__"]);
  });
});

describe("what cannot be read is told, and nothing is guessed", () => {
  test("the marks of a merge conflict, with their line", () => {
    const text = TEXT.replace('  "scenes"', '<<<<<<< HEAD\n  "scenes"');
    const [found] = parse(text).diagnostics;
    expect(found?.message).toBe("the lockfile still holds the marks of a merge conflict");
    expect(found?.span && positionAt(found.span.source, found.span.start).line).toBe(3);
    const shown = found ? diagnosticText(found, { columns: 80, style: (_, part) => part }) : "";
    expect(shown).toContain("3 | <<<<<<< HEAD");
  });

  test.each([
    [
      "a newer version",
      '{"version":2,"scenes":{}}',
      "the lockfile has version 2; this storyc reads version 1; use a newer storyc",
    ],
    ["no scenes", '{"version":1}', "the lockfile has no `scenes`; bring it back from git"],
    [
      "a scene that is none",
      '{"version":1,"scenes":{"a":5}}',
      "the lockfile's scene `a` is damaged; bring it back from git",
    ],
    [
      "a take without a recipe",
      '{"version":1,"scenes":{"a":{"selected":{},"takes":[{"take":1,"state":"done","fingerprint":"x","recipe":null}]}}}',
      "the lockfile's scene `a` is damaged; bring it back from git",
    ],
    [
      "takes that are no list",
      '{"version":1,"scenes":{"a":{"selected":{},"takes":{}}}}',
      "the lockfile's scene `a` is damaged; bring it back from git",
    ],
  ])("%s", (_, text, expected) => {
    expect(problem(text)).toBe(`lock/unreadable: ${expected}`);
    expect(parse(text).lock).toBe(EMPTY_LOCK);
  });

  test.each(["", "null", "[]", "5", "{", '"text"', '{"version":1,"scenes":null}'])("%s", (text) => {
    expect(parse(text).diagnostics.map(({ code }) => code)).toEqual(["lock/unreadable"]);
  });
});
