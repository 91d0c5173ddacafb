import { describe, expect, test } from "vitest";
import { createSource } from "../../src/base/source.ts";
import { parse } from "../../src/syntax/parse.ts";
import { checkSchema } from "../../src/syntax/schema.ts";
import { marked } from "./told.ts";

/** `code: message, at the marked text` of each mistake. */
const mistakes = (text: string): string[] => {
  const { tree } = parse(createSource("a.yaml", "/p/a.yaml", text));
  if (!tree) throw new Error("not YAML");
  return checkSchema(tree).map(
    ({ code, message, span }) => `${code}: ${message} [${span ? marked(span) : ""}]`,
  );
};
const helps = (text: string): (string | undefined)[] => {
  const { tree } = parse(createSource("a.yaml", "/p/a.yaml", text));
  return tree ? checkSchema(tree).map(({ help }) => help) : [];
};
const scene = (keys: string): string => `version: 1\nscenes:\n  - { id: a, ${keys} }\n`;

describe("each mistake is told at the smallest place that shows it", () => {
  test.each([
    [
      "a key that does not exist",
      scene("promt: x"),
      "schema/unknown-key: there is no key `promt` here [promt]",
    ],
    [
      "a key that is missing",
      "version: 1\nscenes:\n  - prompt: x\n",
      "schema/missing-key: this entry has no `id` [prompt: x]",
    ],
    [
      "the version",
      "scenes: [{ id: a }]\n",
      "schema/missing-key: the storyboard has no `version` [scenes: [{ id: a }]]",
    ],
    [
      "a text instead of a number",
      scene("duration: five"),
      "schema/type: `duration` must be a whole number, not a text [five]",
    ],
    ["a number instead of a text", scene("prompt: 7"), "schema/type: `prompt` must be a text, not `7` [7]"],
    [
      "a fraction of a second",
      scene("duration: 4.5"),
      "schema/type: `duration` must be a whole number, not `4.5` [4.5]",
    ],
    ["nothing at all", scene("prompt: "), "schema/type: `prompt` must be a text, not empty []"],
    [
      "a name instead of a list",
      scene("references: tower"),
      "schema/type: `references` must be a list, not a text [tower]",
    ],
    ["too little", scene("duration: 3"), "schema/value: `duration` must be at least 4 [3]"],
    ["too much", scene("duration: 16"), "schema/value: `duration` must be at most 15 [16]"],
    ["a value of no list", scene("ratio: 2:1"), "schema/value: `ratio` cannot be `2:1` [2:1]"],
    ["another version", "version: 2\nscenes: [{ id: a }]\n", "schema/value: `version` cannot be `2` [2]"],
    ["too short a list", scene("bridge: [b]"), "schema/value: `bridge` needs at least 2 entries [[b]]"],
    [
      "too long a list",
      scene("bridge: [b, c, d, e]"),
      "schema/value: `bridge` takes at most 3 entries [[b, c, d, e]]",
    ],
    ["an empty text", scene("prompt: ''"), "schema/value: `prompt` must not be empty ['']"],
    [
      "an entry of a list",
      scene("references: [tower, 5]"),
      "schema/type: this entry must be a text, not `5` [5]",
    ],
    [
      "a list instead of a storyboard",
      "- a\n",
      "schema/type: the storyboard must be a mapping, not a list [- a]",
    ],
    [
      "a film in a folder",
      `${scene("prompt: x")}film: { output: a/b.mp4 }\n`,
      "schema/value: `output` must be a plain file name that ends in `.mp4` [a/b.mp4]",
    ],
  ])("%s", (_, text, expected) => {
    expect(mistakes(text)).toEqual([expected]);
  });

  test("all of them, in one run", () => {
    expect(mistakes("version: 1\ntitel: x\nscenes:\n  - { id: a, duration: 99, ratio: 1:2 }\n")).toHaveLength(
      3,
    );
  });

  test("keys that begin with `x-` are free at the top, and nowhere else", () => {
    expect(mistakes(`x-anything: [1]\n${scene("prompt: x")}`)).toEqual([]);
    expect(mistakes(scene("x-mine: 1"))).toHaveLength(1);
  });
});

describe("the way out", () => {
  test.each([
    ["a near key", scene("promt: x"), "write `prompt`"],
    ["a near value", scene("resolution: 720"), "write `720p`; allowed: `480p`, `720p`"],
    ["quotes", scene("prompt: 7"), 'put it into quotes: "7"'],
    ["a list", scene("references: tower"), "write a list: `[…]`, or one `- …` per line"],
    ["the version", "scenes: [{ id: a }]\n", "begin the file with `version: 1`"],
  ])("%s", (_, text, expected) => {
    expect(helps(text)).toEqual([expected]);
  });
});
