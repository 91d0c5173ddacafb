import { describe, expect, test } from "vitest";
import { cutOf } from "../../src/film/cut.ts";
import { readText } from "../storyboard/read.ts";

/** Each part as `head<scene>tail`, where frames are dropped. */
const cut = (scenes: readonly string[], film = ""): string => {
  const { storyboard } = readText(
    `version: 1\nscenes:\n${scenes.map((scene) => `  - ${scene}\n`).join("")}${film}`,
  );
  return cutOf(storyboard)
    .map(({ scene, dropHead, dropTail }) => `${dropHead || ""}${scene}${dropTail || ""}`)
    .join(" ");
};
const text = (id: string): string => `{ id: ${id}, prompt: x }`;
const extend = (id: string, clip: string, direction = "forward"): string =>
  `{ id: ${id}, extend: { clip: ${clip}, direction: ${direction} }, prompt: x }`;
const edit = (id: string, clip: string): string => `{ id: ${id}, edit: ${clip}, prompt: x }`;
const bridge = (id: string, ...clips: string[]): string =>
  `{ id: ${id}, bridge: [${clips.join(", ")}], prompt: x }`;
const NAMES = ["a", "b", "c", "d"];

describe("which clips, in which order", () => {
  test("all in story order", () => {
    expect(cut(NAMES.map(text))).toBe("a b c d");
  });

  test("an edit stands in place of its source", () => {
    expect(cut([text("a"), text("b"), edit("c", "a")])).toBe("c b");
  });

  test("an edit of an edit too, and two edits one after the other", () => {
    expect(cut([text("a"), text("b"), edit("c", "a"), edit("d", "c")])).toBe("d b");
    expect(cut([text("a"), text("b"), edit("c", "a"), edit("d", "a")])).toBe("c d b");
  });

  test("an edit that stands before its source in the file", () => {
    expect(cut([edit("c", "b"), text("a"), text("b")])).toBe("a c");
  });

  test("an edit of a clip from outside stands where it is written", () => {
    expect(cut([text("a"), edit("b", "./b.mp4"), text("c")])).toBe("a b c");
  });

  test("a bridge stands in place of all its sources", () => {
    expect(cut([text("a"), text("b"), text("c"), bridge("d", "a", "c")])).toBe("d b");
  });

  test("a bridge of an edit", () => {
    expect(cut([text("a"), text("b"), edit("c", "b"), bridge("d", "a", "c")])).toBe("d");
  });

  test("a still of a scene replaces nothing", () => {
    expect(cut([text("a"), "{ id: b, first_frame: a.last_frame }"])).toBe("a b");
  });

  test("`film.scenes` decides alone", () => {
    const scenes = [text("a"), text("b"), edit("c", "a")];
    expect(cut(scenes, "film: { scenes: [b, a, b] }\n")).toBe("b a b");
  });

  test("a long chain of edits is its last one", () => {
    const chain = Array.from({ length: 12_000 }, (_, i) =>
      i === 0 ? text("s0") : edit(`s${i}`, `s${i - 1}`),
    );
    expect(cut(chain)).toBe("s11999");
  });
});

describe("where a clip goes on from the one before it", () => {
  test("the joint loses six frames and one", () => {
    expect(cut([text("a"), extend("b", "a"), extend("c", "b")])).toBe("a6 1b6 1c");
  });

  test("backwards the other way round", () => {
    expect(cut([extend("b", "a", "backward"), text("a")])).toBe("b6 1a");
  });

  test("only where they stand side by side", () => {
    expect(cut([text("a"), text("b"), extend("c", "a")])).toBe("a b c");
    expect(cut([text("a"), text("b"), extend("c", "a")], "film: { scenes: [a, c] }\n")).toBe("a6 1c");
  });

  test("an edit shows the same shot as its source", () => {
    expect(cut([text("a"), edit("b", "a"), extend("c", "a")])).toBe("b6 1c");
    expect(cut([text("a"), extend("b", "a"), edit("c", "b")])).toBe("a c");
  });

  test("a first frame that is the last frame before it is no joint", () => {
    expect(cut([text("a"), "{ id: b, first_frame: a.last_frame }"])).toBe("a b");
  });

  test("as many frames as the storyboard says", () => {
    expect(cut([text("a"), extend("b", "a")], "film: { joints: { drop_before: 0, drop_after: 3 } }\n")).toBe(
      "a 3b",
    );
  });
});
