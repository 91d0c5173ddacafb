import { describe, expect, test } from "vitest";
import { told } from "../syntax/told.ts";
import { board, readText, sceneIn } from "./read.ts";

const A = "{ id: a, prompt: x }";
const problems = (scene: string): string[] => told(readText(board(A, scene)).diagnostics);
const modeOf = (scene: string) => sceneIn(readText(board(A, scene)), "b").mode;

describe("what a scene is follows from its keys", () => {
  test.each([
    ["only a prompt", "{ id: b, prompt: x }", { kind: "text", webSearch: false }],
    ["a prompt and web_search", "{ id: b, prompt: x, web_search: true }", { kind: "text", webSearch: true }],
    ["web_search: false is none", "{ id: b, prompt: '@tower', web_search: false }", { kind: "references" }],
    ["first_frame", "{ id: b, first_frame: ./a.png }", { kind: "frames" }],
    [
      "first_frame and last_frame",
      "{ id: b, last_frame: ./b.png, first_frame: ./a.png }",
      { kind: "frames" },
    ],
    ["references", "{ id: b, prompt: x, references: [tower] }", { kind: "references" }],
    ["a mention", "{ id: b, prompt: '@tower stands' }", { kind: "references" }],
    ["extend", "{ id: b, extend: a, prompt: x }", { kind: "extend", direction: "forward" }],
    [
      "extend backward",
      "{ id: b, extend: { clip: a, direction: backward } }",
      { kind: "extend", direction: "backward" },
    ],
    ["edit", "{ id: b, edit: a, prompt: x }", { kind: "edit" }],
    ["bridge", "{ id: b, bridge: [a, dolly], prompt: x }", { kind: "bridge" }],
    ["edit with references", "{ id: b, edit: a, prompt: '@tower' }", { kind: "edit" }],
  ])("%s", (_, scene, expected) => {
    expect(modeOf(scene)).toMatchObject(expected);
    expect(problems(scene)).toEqual([]);
  });
});

describe("two keys that decide differently are told with both places", () => {
  test.each([
    ["extend and edit", "{ id: b, extend: a, edit: a, prompt: x }", "edit | extend"],
    ["in the order of the file", "{ id: b, edit: a, extend: a, prompt: x }", "extend | edit"],
    [
      "first_frame and bridge",
      "{ id: b, first_frame: ./a.png, bridge: [a, a], prompt: x }",
      "bridge | first_frame",
    ],
    [
      "frames and a list of references",
      "{ id: b, first_frame: ./a.png, references: [tower] }",
      "tower | first_frame",
    ],
    ["frames and a mention", "{ id: b, first_frame: ./a.png, prompt: '@tower' }", "@tower | first_frame"],
    ["web_search and a mention", "{ id: b, web_search: true, prompt: '@tower' }", "@tower | web_search"],
    ["web_search and extend", "{ id: b, web_search: true, extend: a, prompt: x }", "extend | web_search"],
  ])("%s", (_, scene, places) => {
    expect(problems(scene).filter((one) => !one.startsWith("references/"))).toEqual([
      `mode/conflict: ${places}`,
    ]);
  });

  test("the way out names what the author wrote", () => {
    const { diagnostics } = readText(board(A, "{ id: b, first_frame: ./a.png, prompt: '@tower' }"));
    expect(diagnostics[0]?.help).toBe(
      "describe `tower` in words instead of mentioning it, or give up `first_frame`",
    );
  });
});

describe("a medium of the wrong kind", () => {
  test.each([
    ["a clip as a frame", "{ id: b, first_frame: a }", "media/wrong-kind: a"],
    ["a sound as a frame", "{ id: b, first_frame: waves }", "media/wrong-kind: waves"],
    ["a picture to edit", "{ id: b, edit: tower, prompt: x }", "media/wrong-kind: tower"],
    ["a still to extend", "{ id: b, extend: a.last_frame }", "media/wrong-kind: a.last_frame"],
    ["an asset of two pictures as a frame", "{ id: b, first_frame: keeper }", "media/wrong-kind: keeper"],
    [
      "a still of an asset",
      "{ id: b, first_frame: tower.last_frame }",
      "resolve/not-a-scene: tower.last_frame",
    ],
  ])("%s", (_, scene, expected) => {
    expect(problems(scene)).toEqual([expected]);
  });

  test("what nobody can know is not guessed", () => {
    expect(problems("{ id: b, edit: asset://asset-1, prompt: x }")).toEqual([]);
    expect(problems("{ id: b, first_frame: https://example.com/a }")).toEqual([]);
  });
});

describe("limits", () => {
  const many = (count: number): string =>
    Array.from({ length: count }, (_, i) => `https://example.com/${i}.png`).join(", ");

  test("nine pictures are allowed, the tenth is marked", () => {
    expect(problems(`{ id: b, prompt: x, references: [${many(9)}] }`)).toEqual([]);
    expect(problems(`{ id: b, prompt: x, references: [${many(10)}] }`)).toEqual([
      "references/too-many: https://example.com/9.png",
    ]);
  });

  test("an asset of two pictures counts twice", () => {
    expect(problems(`{ id: b, prompt: '@keeper', references: [${many(8)}] }`)).toEqual([
      "references/too-many: @keeper",
    ]);
  });

  test("the same picture twice counts once", () => {
    expect(problems(`{ id: b, prompt: '@tower and @tower', references: [tower, ${many(8)}] }`)).toEqual([]);
  });

  test("sound is fine beside a clip that is extended", () => {
    expect(problems("{ id: b, extend: a, prompt: '@waves' }")).toEqual([]);
    expect(problems("{ id: b, prompt: '@waves' }")).toEqual(["references/audio-alone: @waves"]);
  });

  test("the fourth extension in a row is told, the fifth not again", () => {
    const chain = ["b", "c", "d", "e", "f"].map((id) => `{ id: ${id}, extend: previous, prompt: x }`);
    const found = readText(board(A, ...chain)).diagnostics;
    expect(found.map(({ code, message }) => `${code}: ${message}`)).toEqual([
      "extend/long-chain: scene `e` is the 4th extension in a row",
    ]);
  });

  test.each([
    ["1000 words", Array(1000).fill("sea").join(" "), 0],
    ["1001 words", Array(1001).fill("sea").join(" "), 1],
    ["500 Chinese characters", "海".repeat(500), 0],
    ["501 Chinese characters", "海".repeat(501), 1],
  ])("a prompt of %s", (_, prompt, count) => {
    expect(problems(`{ id: b, prompt: ${prompt} }`)).toHaveLength(count);
  });
});
