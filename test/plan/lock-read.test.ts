import { describe, expect, test } from "vitest";
import { placeOf } from "../../src/base/diagnostic.ts";
import { diagnosticText } from "../../src/cli/diagnostic-text.ts";
import { splitConflict } from "../../src/plan/lock-conflict.ts";
import { formatLock } from "../../src/plan/lock-format.ts";
import { parseLock } from "../../src/plan/lock-read.ts";
import { EMPTY_LOCK } from "../../src/plan/lock.ts";
import { film, rendered } from "./planned.ts";

const LOCK = rendered(film("{ id: dawn, prompt: sea }", "{ id: lamp, prompt: light }"));
const TEXT = formatLock(LOCK);

const parse = (text: string) => parseLock("film.lock.json", "/p/film.lock.json", text);
/** `line:column code: message`. */
const told = (text: string): string[] =>
  parse(text).diagnostics.map(
    (one) =>
      `${one.span ? placeOf(one.span).replace("film.lock.json:", "") : "?"} ${one.code}: ${one.message}`,
  );
const changed = (from: string | RegExp, to: string): string => {
  const text = TEXT.replace(from, to);
  expect(text).not.toBe(TEXT);
  return text;
};

describe("a damaged lockfile is told with its place, and nothing of it is believed", () => {
  test.each([
    [
      "a value of another type",
      changed('"take": 1', '"take": "one"'),
      "10:19 lock/unreadable: `takes.0.take` of scene `dawn` must be a whole number",
    ],
    [
      "a state that there is not",
      changed('"done"', '"dreamt"'),
      "11:20 lock/unreadable: `state` of take 1 of scene `dawn` must be one of submitted, done, refused, failed, unknown, abandoned",
    ],
    [
      "a digest that leads elsewhere",
      changed(/"sha256": "[^"]+"/, '"sha256": "../../../etc/passwd"'),
      "17:23 lock/unreadable: `clip.sha256` of take 1 of scene `dawn` must be a SHA-256 in lower-case hex",
    ],
    [
      "a finished take without its clip",
      changed('"clip": {', '"klip": {'),
      "9:9 lock/unreadable: take 1 of scene `dawn` has no `clip`",
    ],
    [
      "a selection that leads nowhere",
      changed('"main": 1', '"main": 2'),
      "6:17 lock/unreadable: `selected.main` of scene `dawn` names take 2, which is not there",
    ],
    [
      "a scene that is none",
      '{ "version": 1, "scenes": { "dawn": 5 } }',
      "1:37 lock/unreadable: scene `dawn` must be an object",
    ],
    [
      "takes that are no list",
      '{ "version": 1, "scenes": { "a": { "selected": {}, "takes": {} } } }',
      "1:52 lock/unreadable: `takes` of scene `a` must be a list",
    ],
    ["no scenes", '{ "version": 1 }', "1:1 lock/unreadable: the lockfile has no `scenes`"],
    ["no version", '{ "scenes": {} }', "1:1 lock/unreadable: the lockfile has no `version`"],
    [
      "a version before the first",
      '{ "version": 0, "scenes": {} }',
      "1:14 lock/unreadable: `version` must be 1",
    ],
    [
      "a medium that is none",
      changed('"media": []', '"media": [{ "role": "first_frame" }]'),
      "35:23 lock/unreadable: `recipe.media.0` of take 1 of scene `dawn` names no medium: it needs `file`, `clip`, `frame` with `of`, `url` or `asset`",
    ],
    [
      "a library without digests",
      '{ "version": 1, "scenes": {}, "library": { "anyfast": { "a": {} } } }',
      "1:44 lock/unreadable: `library.anyfast` has the key `a`, which is no SHA-256",
    ],
    ["half of a file", TEXT.slice(0, 300), "14:7 lock/unreadable: the lockfile ends in the middle"],
    [
      "a comma too many",
      changed("}\n}\n", "},\n}\n"),
      "77:1 lock/unreadable: the lockfile has no key in quotation marks where one must stand",
    ],
    ["nothing", "", "1:1 lock/unreadable: the lockfile ends in the middle"],
    ["no object", "[]", "1:1 lock/unreadable: the lockfile must be an object"],
  ])("%s", (_, text, expected) => {
    expect(told(text)[0]).toBe(expected);
    expect(parse(text).lock).toBe(EMPTY_LOCK);
  });

  test("two scenes of one name: JSON itself would keep the second and lose the takes of the first", () => {
    const [found] = parse(changed('"lamp": {', '"dawn": {')).diagnostics;
    expect(found?.message).toBe("the lockfile has `dawn` twice");
    expect(found?.labels.map(({ message, span }) => `${message} ${placeOf(span)}`)).toEqual([
      "first here film.lock.json:4:5",
    ]);
  });

  test("two takes of one number", () => {
    const { selected, takes } = LOCK.scenes.get("dawn") ?? { selected: {}, takes: [] };
    const text = formatLock({ scenes: new Map([["dawn", { selected, takes: [...takes, ...takes] }]]) });
    expect(told(text)).toEqual([
      "39:19 lock/unreadable: `take` of take 1 of scene `dawn` is the number of another take as well",
    ]);
  });

  test("several mistakes in the order of their places", () => {
    const text = changed('"take": 1', '"take": 0').replace('"bytes": 1000', '"bytes": "many"');
    expect(told(text).map((line) => line.split(" ")[0])).toEqual(["10:19", "18:22"]);
  });

  test("a file that is damaged all over is not told of line by line", () => {
    expect(told(TEXT.replaceAll(/: \d+/g, ": null")).length).toBeLessThan(10);
  });
});

test("a newer major version is refused, and the way out is another one than for damage", () => {
  const [found] = parse(changed('"version": 1', '"version": 2')).diagnostics;
  expect(found && [found.code, found.message, found.help]).toEqual([
    "lock/newer",
    "the lockfile has version 2; this storyc reads version 1",
    "use a newer storyc: what it has written there would be lost",
  ]);
});

describe("the layout says nothing", () => {
  test.each([
    ["on one line", JSON.stringify(JSON.parse(TEXT))],
    ["line ends of Windows", TEXT.replaceAll("\n", "\r\n")],
    ["a byte order mark", `\uFEFF${TEXT}`],
    ["space before colons", TEXT.replaceAll('":', '" :')],
  ])("%s", (_, text) => {
    expect(formatLock(parse(text).lock)).toBe(TEXT);
  });

  test("a text that looks like a key is a text", () => {
    const text = changed(/"prompt": "sea[^"]*"/, `"prompt": ${JSON.stringify('he says "sea": now')}`);
    expect(formatLock(parse(text).lock)).toBe(text);
  });
});

describe("the marks of a merge conflict", () => {
  const CONFLICT = changed(
    '        "main": 1\n',
    '<<<<<<< HEAD\n        "main": 1\n=======\n        "main": 2\n>>>>>>> storm\n',
  );

  test("are told with their lines and the commands that settle them", () => {
    const [found] = parse(CONFLICT).diagnostics;
    const shown = found ? diagnosticText(found, { columns: 200, style: (_, part) => part }) : "";
    expect(shown.split("\n")).toEqual([
      "error[lock/conflict]: the lockfile still holds the marks of a merge conflict, in lines 6–10",
      "   --> film.lock.json:6:1",
      "   |",
      " 6 | <<<<<<< HEAD",
      "   | ^^^^^^^",
      "   :",
      " 8 | =======",
      "   | ------- the other side begins here",
      "   :",
      "10 | >>>>>>> storm",
      "   | ------- and ends here",
      "   |",
      "   = help: settle it with `storyc lock merge`, which keeps the takes of both sides; after `storyc lock install-merge-driver` git does so by itself",
    ]);
  });

  test("all of them", () => {
    const twice = CONFLICT.replace(
      /"main": 1\n {6}}(?![^]*"main": 1\n {6}})/,
      '"main": 1\n<<<<<<< HEAD\n=======\n>>>>>>> storm\n      }',
    );
    expect(told(twice)[0]).toContain("in lines 6–10, 47–49");
  });

  test("take the versions apart again", () => {
    expect(splitConflict(CONFLICT)).toEqual({
      base: undefined,
      ours: TEXT,
      theirs: changed('"main": 1', '"main": 2'),
    });
  });

  test("with the common ancestor where git has written it", () => {
    const text = CONFLICT.replace("=======\n", '||||||| 1234567\n        "main": 7\n=======\n').replaceAll(
      "\n",
      "\r\n",
    );
    expect(splitConflict(text)?.base).toBe(changed('"main": 1', '"main": 7').replaceAll("\n", "\r\n"));
  });

  test.each(["", TEXT, "<<<<<<< HEAD\n>>>>>>> a\n=======\n", "<<<<<<< HEAD\n=======\n", ">>>>>>> a\n"])(
    "that stand in no order take nothing apart: %j",
    (text) => {
      expect(splitConflict(text)).toBeUndefined();
    },
  );
});
