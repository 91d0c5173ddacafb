import { describe, expect, test } from "vitest";
import { fingerprintOf, recipeOf } from "../../src/plan/recipe.ts";
import { readText } from "../storyboard/read.ts";
import { film, loweredOf, recipesOf } from "./planned.ts";

const CAST = "assets: { k: { images: [./1.png, ./2.png], description: an old man } }\nstyle: 35mm\n";
const BASE = `version: 1\n${CAST}scenes:\n  - { id: a, prompt: "@k climbs", dialogue: [{ who: k, says: No. }] }\n`;
const fingerprint = (text: string, id = "a"): string => {
  const recipe = recipesOf(text).get(id);
  if (!recipe) throw new Error(`no recipe of ${id}`);
  return fingerprintOf(recipe);
};

describe("the record", () => {
  test("holds what makes the clip, and nothing else", () => {
    expect(recipesOf(BASE).get("a")).toEqual({
      recipe: 1,
      model: "seedance-2.0-mini",
      resolution: "720p",
      ratio: "16:9",
      duration: 5,
      generate_audio: true,
      watermark: false,
      prompt: 'Image 1 and Image 2 show k: an old man. k climbs. k says: "No." 35mm',
      media: [
        { role: "reference_image", file: expect.stringMatching(/^[0-9a-f]{64}$/) as string },
        { role: "reference_image", file: expect.stringMatching(/^[0-9a-f]{64}$/) as string },
      ],
    });
  });

  test("names a still by the clip that it is taken from", () => {
    const recipe = recipesOf(film("{ id: a, prompt: x }", "{ id: b, first_frame: a.last_frame }")).get("b");
    expect(recipe?.media).toEqual([{ role: "first_frame", frame: "last", of: expect.any(String) as string }]);
  });

  test("does not exist before the clips that it uses", () => {
    const read = readText(film("{ id: a, prompt: x }", "{ id: b, extend: a, prompt: x }"));
    const b = loweredOf(read).get("b");
    expect(b && recipeOf(b, read.media, () => undefined)).toBeUndefined();
  });
});

describe("the fingerprint is the same", () => {
  test("on every machine: wherever the project lies", () => {
    const at = (path: string): string => {
      const read = readText(BASE, {}, path);
      const a = loweredOf(read).get("a");
      const recipe = a && recipeOf(a, read.media, () => undefined);
      expect(JSON.stringify(recipe)).not.toContain("film");
      return recipe ? fingerprintOf(recipe) : "";
    };
    expect(at("/home/anna/film/film.yaml")).toBe(at("/srv/film.yaml"));
  });

  test("for scenes of other names, and other files of the same bytes", () => {
    expect(fingerprint(film("{ id: a, prompt: x }"))).toBe(fingerprint(film("{ id: b, prompt: x }"), "b"));
  });

  test("in every version: this value is in lockfiles", () => {
    expect(fingerprint(film("{ id: a, prompt: A calm sea. }"))).toBe(
      "fa162ca9e12065c7f23ff2cd3c63b7b1f9ac71779a5d87a44c573231940700f3",
    );
  });

  test.each([
    ["title and notes", BASE.replace("{ id: a,", "{ id: a, title: T, notes: N,")],
    ["a comment", `# first\n${BASE}`],
    ["the times of dialogue", BASE.replace("says: No. }", "says: No., at: 2, seconds: 1 }")],
    ["the film section", `${BASE}film: { output: x.mp4 }\n`],
    ["a provider", `${BASE}provider: ark\n`],
    ["more takes", BASE.replace("{ id: a,", "{ id: a, takes: 3,")],
    ["a scene more", `${BASE}  - { id: b, prompt: x }\n`],
    ["`web_search: false`", BASE.replace("{ id: a,", "{ id: a, web_search: false,")],
  ])("whatever %s say", (_, text) => {
    expect(fingerprint(text)).toBe(fingerprint(BASE));
  });
});

describe("the fingerprint is another one", () => {
  test.each([
    ["the prompt", BASE.replace("climbs", "falls")],
    ["a line of dialogue", BASE.replace("No.", "Yes.")],
    ["the style", BASE.replace("35mm", "8mm")],
    ["a description", BASE.replace("an old man", "a child")],
    ["a picture", BASE.replace("./1.png", "./3.png")],
    ["the order of pictures", BASE.replace("./1.png, ./2.png", "./2.png, ./1.png")],
    ["the duration", BASE.replace("{ id: a,", "{ id: a, duration: 6,")],
    ["the resolution", `${BASE}defaults: { resolution: 480p }\n`],
    ["the ratio", `${BASE}defaults: { ratio: 1:1 }\n`],
    ["the sound", BASE.replace("{ id: a,", "{ id: a, generate_audio: false,")],
    ["the watermark", BASE.replace("{ id: a,", "{ id: a, watermark: true,")],
  ])("for another value of %s", (_, text) => {
    expect(fingerprint(text)).not.toBe(fingerprint(BASE));
  });

  test("with web_search", () => {
    expect(fingerprint(film("{ id: a, prompt: x, web_search: true }"))).not.toBe(
      fingerprint(film("{ id: a, prompt: x }")),
    );
  });

  test("for the first and the last still of one clip", () => {
    const from = (which: string): string =>
      fingerprint(film("{ id: a, prompt: x }", `{ id: b, first_frame: a.${which}_frame }`), "b");
    expect(from("first")).not.toBe(from("last"));
  });
});
