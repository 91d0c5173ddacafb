import { describe, expect, test } from "vitest";
import type { MediaFacts } from "../../src/base/media-facts.ts";
import { compareDelivered } from "../../src/execute/delivered.ts";
import type { LoweredScene } from "../../src/seedance/lower.ts";
import { VIDEO } from "../support/rig.ts";
import { loweredOf } from "../support/scenes.ts";

type Delivered = Extract<MediaFacts, { kind: "video" }>;
const compare = (delivered: Partial<Delivered>, asked: Partial<LoweredScene> = {}): string[] =>
  compareDelivered({ ...loweredOf({ id: "a" }), ...asked }, { ...(VIDEO as Delivered), ...delivered });
const { items } = loweredOf({ id: "b", extend: "a" });
const two = [...items, ...items];

test("what came as it was asked is told nothing of", () => {
  expect(compare({})).toEqual([]);
  expect(compare({ frames: 98, seconds: 98 / 24 })).toEqual([]);
});

describe("what came otherwise is told with both", () => {
  test.each<[string, Partial<Delivered>, Partial<LoweredScene>]>([
    ["640×640 came, 864×496 was asked", { width: 640, height: 640 }, {}],
    ["864×496 came, 1280×720 was asked", {}, { resolution: "720p" }],
    ["864×496 came, which is not 720p", {}, { resolution: "720p", ratio: "adaptive" }],
    ["121 frames (5.04 s) came, 97 were asked", { frames: 121, seconds: 121 / 24 }, {}],
    ["49 frames (2.04 s) came, 97 were asked", { frames: 49, seconds: 49 / 24 }, {}],
    ["3.23 s came, 4 s were asked", { seconds: 97 / 30, fps: 30 }, {}],
    ["3.5 s came, more than 4 s were asked", { frames: 84, seconds: 3.5 }, { items: two }],
    ["sound was asked, none came", { sound: false }, {}],
    ["no sound was asked, but some came", {}, { generate_audio: false }],
  ])("%s", (difference, delivered, asked) => {
    expect(compare(delivered, asked)).toEqual([difference]);
  });

  test("all of it", () => {
    expect(compare({ width: 640, height: 640, frames: 10, seconds: 0.4, sound: false })).toHaveLength(3);
  });
});

describe("what the service chooses itself is no difference", () => {
  test.each([
    ["a size of the asked resolution", { width: 640, height: 640 }],
    ["a size between those of the table", { width: 700, height: 600 }],
  ])("%s, where the ratio is adaptive", (_, delivered) => {
    expect(compare(delivered, { ratio: "adaptive" })).toEqual([]);
  });

  test("the length of a bridge, which holds its sources", () => {
    expect(compare({ frames: 313, seconds: 313 / 24 }, { items: two })).toEqual([]);
  });
});
