import { describe, expect, test } from "vitest";
import { EMPTY_LOCK, type Lock } from "../../src/plan/lock.ts";
import { formatLock } from "../../src/plan/lock-format.ts";
import { parseLock } from "../../src/plan/lock-read.ts";
import { film, lockOf, recipesOf, takeOf } from "./planned.ts";

const [recipe] = [...recipesOf(film("{ id: a, prompt: sea }")).values()];
if (!recipe) throw new Error("no recipe");
const LOCK = lockOf({
  林晓: [takeOf(recipe), takeOf(recipe, { take: 2, state: "refused", error: { code: "E", message: "no" } })],
  b: [takeOf(recipe)],
});
const TEXT = formatLock(LOCK);

const parse = (text: string) => parseLock("film.lock.json", "/p/film.lock.json", text);
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
    const lock: Lock = { scenes: new Map([["__proto__", { selected: {}, takes: [] }]]) };
    expect([...parse(formatLock(lock)).lock.scenes.keys()]).toEqual(["__proto__"]);
  });
});
