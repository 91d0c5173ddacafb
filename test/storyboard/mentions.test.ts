import { describe, expect, test } from "vitest";
import { scanMentions } from "../../src/storyboard/mentions.ts";
import { told } from "../syntax/told.ts";
import { board, readText } from "./read.ts";

const NAMES = new Set(["keeper", "keeper-2", "dawn", "林晓", "林晓雨", "маяк", "린", "x", "场景1"]);
/** Text as it is, mentions in brackets, unknown ones with a question mark. */
const scan = (prompt: string): string =>
  scanMentions(prompt, (name) => NAMES.has(name))
    .map((part) => {
      if (part.kind === "text") return part.text;
      if (part.kind === "unknown") return `[?${part.name}]`;
      return part.still ? `[${part.name}/${part.still}]` : `[${part.name}]`;
    })
    .join("");

describe("what a mention is", () => {
  test.each([
    ["a name after @", "see @keeper climb", "see [keeper] climb"],
    ["at the very start and end", "@keeper meets @dawn", "[keeper] meets [dawn]"],
    ["punctuation ends a name", "@keeper, @dawn.", "[keeper], [dawn]."],
    ["the longest declared name wins", "@keeper-2 and @林晓雨", "[keeper-2] and [林晓雨]"],
    ["a Latin name ends where its word ends", "@keepers", "[?keepers]"],
    ["also before a digit, `_` and `-`", "@keeper2 @keeper_ @keeper-", "[?keeper2] [?keeper_] [?keeper-]"],
    ["a Cyrillic name too", "@маяки и @маяк", "[?маяки] и [маяк]"],
    ["a Chinese name needs no space behind it", "在雨中@林晓走过", "在雨中[林晓]走过"],
    ["nor before it, and one may follow another", "@林晓@林晓雨来了", "[林晓][林晓雨]来了"],
    ["a Latin name ends before Chinese text", "镜头跟着@keeper走", "镜头跟着[keeper]走"],
    ["a number that goes on is another name", "@场景12", "[?场景12]"],
    ["Korean puts its particles behind the name", "@린이 걷는다", "[린]이 걷는다"],
    ["a combining mark is not cut off", "@x\u0301", "[?x\u0301]"],
    ["a still of a scene", "from @dawn.last_frame on", "from [dawn/last] on"],
    ["but not of a longer word", "@dawn.last_frames", "[dawn].last_frames"],
    ["a full stop behind a name is a full stop", "He is @keeper.", "He is [keeper]."],
  ])("%s", (_, prompt, expected) => {
    expect(scan(prompt)).toBe(expected);
  });
});

describe("what is none", () => {
  test.each([
    ["an e-mail address", "write to a@keeper.org", "write to a@keeper.org"],
    ["a name after a digit", "4@keeper", "4@keeper"],
    ["a name right after another Latin one", "@keeper@dawn", "[keeper]@dawn"],
    ["an escaped @", "\\@keeper", "@keeper"],
    ["a lone @", "@ home, 3 @ 5", "@ home, 3 @ 5"],
    ["@ before a sign", "@!", "@!"],
    ["two of them", "@@keeper", "@[keeper]"],
    ["no @ at all", "keeper", "keeper"],
    ["nothing", "", ""],
  ])("%s", (_, prompt, expected) => {
    expect(scan(prompt)).toBe(expected);
  });
});

test("a run of letters as long as a file is read in one go", () => {
  const started = performance.now();
  scan(`@${"k".repeat(300_000)} @${"林".repeat(300_000)}`);
  expect(performance.now() - started).toBeLessThan(1_000);
});

describe("the place of a mention", () => {
  const places = (scene: string): string[] =>
    readText(board(scene)).diagnostics.map(({ code, span }) => `${code} ${span?.start ?? -1}`);

  test("is the `@` and the name, not the same letters in an e-mail address before it", () => {
    const scene = '{ id: a, prompt: "write to a@keepr.org, \\\\@keepr or @keepr" }';
    expect(places(scene)).toEqual([`resolve/unknown-name ${board(scene).lastIndexOf("@keepr")}`]);
  });

  test("each one of several is told", () => {
    const found = readText(board('{ id: a, prompt: "@keepr, @towr, @keepr" }')).diagnostics;
    expect(told(found)).toEqual([
      "resolve/unknown-name: @keepr | keeper",
      "resolve/unknown-name: @towr | tower",
      "resolve/unknown-name: @keepr | keeper",
    ]);
    expect(new Set(found.map(({ span }) => span?.start)).size).toBe(3);
  });

  test("is found in a folded text of several lines", () => {
    const text = `${board("id: a")}    prompt: >-\n      First light.\n      Then @keepr.\n`;
    const [found] = readText(text).diagnostics;
    expect(found?.span?.start).toBe(text.indexOf("@keepr"));
  });

  test("is the whole prompt where YAML writes it otherwise", () => {
    const found = readText(board('{ id: a, prompt: "\\u0040keepr climbs" }')).diagnostics;
    expect(told(found)).toEqual(['resolve/unknown-name: "\\u0040keepr climbs" | keeper']);
  });
});
