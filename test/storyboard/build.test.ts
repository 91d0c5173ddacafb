import { describe, expect, test } from "vitest";
import { told } from "../syntax/told.ts";
import { createSource } from "../../src/base/source.ts";
import { build } from "../../src/storyboard/build.ts";
import { variantsOf } from "../../src/storyboard/variants.ts";
import { parse } from "../../src/syntax/parse.ts";
import { readText, sceneIn } from "./read.ts";

const film = (head: string, scene: string) => readText(`version: 1\n${head}scenes:\n  - ${scene}\n`);
const settings = (head: string, scene: string) => sceneIn(film(head, scene), "a").settings;

describe("a setting comes from", () => {
  test("the scene, else `defaults`, else what is built in", () => {
    const { duration, resolution, ratio } = settings(
      "defaults: { resolution: 480p, duration: 8 }\n",
      "{ id: a, prompt: x, duration: 4 }",
    );
    expect(duration).toMatchObject({ value: 4, origin: "scene" });
    expect(resolution).toMatchObject({ value: "480p", origin: "defaults" });
    expect(ratio).toEqual({ value: "16:9", origin: "built-in" });
  });

  test.each(["extend", "edit"])("for the ratio of an %s: `adaptive`, whatever `defaults` say", (key) => {
    const head = 'defaults: { ratio: "9:16" }\n';
    const clip = "https://example.com/a.mp4";
    expect(settings(head, `{ id: a, ${key}: "${clip}", prompt: x }`).ratio).toMatchObject({
      value: "adaptive",
      origin: "rule",
    });
    expect(settings(head, `{ id: a, ${key}: "${clip}", prompt: x, ratio: 1:1 }`).ratio).toMatchObject({
      value: "1:1",
      origin: "scene",
    });
  });
});

describe("how often a scene is tried again comes from", () => {
  const retry = (head: string, scene: string) => settings(head, scene).retry;
  const DEFAULTS = "defaults: { retry: { moderation: 2 } }\n";

  test("the scene, else `defaults`, else nowhere: it is not", () => {
    expect(retry(DEFAULTS, "{ id: a, prompt: x, retry: { moderation: 0 } }")).toMatchObject({
      value: { moderation: 0 },
      origin: "scene",
    });
    expect(retry(DEFAULTS, "{ id: a, prompt: x }")).toMatchObject({
      value: { moderation: 2 },
      origin: "defaults",
    });
    expect(retry("", "{ id: a, prompt: x }")).toEqual({ value: { moderation: 0 }, origin: "built-in" });
  });

  test("a profile, whatever the scene says", () => {
    const text = `version: 1
profiles: { draft: { retry: { moderation: 5 } } }
scenes:
  - { id: a, prompt: x, retry: { moderation: 1 } }
`;
    const { tree } = parse(createSource("film.yaml", "/film/film.yaml", text));
    if (!tree) throw new Error("no tree");
    const [draft] = variantsOf([tree], "draft").variants;
    expect(build([tree], draft).written.scenes[0]?.settings.retry).toMatchObject({
      value: { moderation: 5 },
      origin: "profile",
    });
  });
});

describe("style", () => {
  const style = (scene: string) => sceneIn(film("style: 35mm\n", scene), "a").style?.value;

  test.each([
    ["is the film's", "{ id: a, prompt: x }", "35mm"],
    ["is the scene's own", "{ id: a, prompt: x, style: noir }", "noir"],
    ["is none with `false`", "{ id: a, prompt: x, style: false }", undefined],
    ["is the film's with `true`", "{ id: a, prompt: x, style: true }", "35mm"],
  ])("%s", (_, scene, expected) => {
    expect(style(scene)).toBe(expected);
  });
});

describe("variables", () => {
  test("stand in prompts, styles, dialogue and descriptions", () => {
    const head = "variables: { weather: gale }\nstyle: in a ${weather}\n";
    const read = film(head, "{ id: a, prompt: 'A ${ weather }.', dialogue: [\"What a ${weather}!\"] }");
    const scene = sceneIn(read, "a");
    expect(scene.prompt).toEqual([{ kind: "text", text: "A gale." }]);
    expect(scene.style?.value).toBe("in a gale");
    expect(scene.dialogue[0]?.says).toBe("What a gale!");
    expect(read.diagnostics).toEqual([]);
  });

  test("that are not declared are told where they stand, with the near one", () => {
    const read = film("variables: { weather: gale }\n", '{ id: a, prompt: "${weather}, ${wether}" }');
    expect(told(read.diagnostics)).toEqual(["variables/unknown: ${wether} | weather"]);
  });

  test("that no text uses are told, each", () => {
    expect(told(film("variables: { b: 1, c: 2 }\n", "{ id: a, prompt: x }").diagnostics)).toEqual([
      "variables/unused: b",
      "variables/unused: c",
    ]);
  });

  test("are not filled in twice", () => {
    const read = film("variables: { b: '${c}', c: x }\n", "{ id: a, prompt: '${b} ${c}' }");
    expect(sceneIn(read, "a").prompt).toEqual([{ kind: "text", text: "${c} x" }]);
  });
});

test("dialogue is a text, or who says it and when", () => {
  const read = film(
    "",
    "{ id: a, prompt: x, dialogue: [No., { who: keeper, says: 'Yes.', at: 1.5, seconds: 2 }] }",
  );
  expect(sceneIn(read, "a").dialogue).toMatchObject([
    { says: "No." },
    { who: { value: "keeper" }, says: "Yes.", at: 1.5, seconds: 2 },
  ]);
});

describe("media", () => {
  const asset = (medium: string, facts = {}) =>
    told(
      readText(`version: 1\nassets: { k: { ${medium} } }\nscenes: [{ id: a, prompt: x }]\n`, facts)
        .diagnostics,
    );

  test("a file that is missing is an error even when no scene uses it", () => {
    expect(asset("image: ./a.xyz")).toEqual(["media/unreadable: ./a.xyz"]);
  });

  const image = (width: number, height: number, bytes = 1000) =>
    ({ "./a.png": { kind: "image", format: "png", bytes, width, height } }) as const;
  test.each([
    ["300 pixels are enough", image(300, 300), 0],
    ["299 are not", image(299, 300), 1],
    ["6000 are allowed", image(6000, 2400), 0],
    ["6001 are not", image(6001, 3000), 1],
    ["2.5 times as wide as high is allowed", image(2500, 1000), 0],
    ["wider is not", image(2510, 1000), 1],
    ["30 MB are allowed", image(400, 400, 30 * 1024 * 1024), 0],
    ["more are not", image(400, 400, 30 * 1024 * 1024 + 1), 1],
  ])("of a picture: %s", (_, facts, count) => {
    expect(asset("image: ./a.png", facts)).toHaveLength(count);
  });

  const sound = (seconds: number) =>
    ({ "./a.wav": { kind: "audio", format: "wav", bytes: 1000, seconds } }) as const;
  test.each([
    ["2 s are enough", 2, 0],
    ["a little less passes, since clips are a frame longer or shorter", 1.8, 0],
    ["1.5 s are too few", 1.5, 1],
    ["15.04 s pass", 15.04, 0],
    ["15.5 s are too many", 15.5, 1],
  ])("of a sound: %s", (_, seconds, count) => {
    expect(asset("audio: ./a.wav", sound(seconds))).toHaveLength(count);
  });
});
