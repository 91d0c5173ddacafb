import { describe, expect, test } from "vitest";
import { positionAt } from "../../src/base/source.ts";
import type { MediaFacts } from "../../src/base/media-facts.ts";
import { checkUnusedAssets } from "../../src/storyboard/rules-film.ts";
import { readText } from "./read.ts";

const MB = 1024 * 1024;

type Facts = Readonly<Record<string, MediaFacts>>;

/** Findings as `code: message`, in the order in which they are told. */
function told(scenes: string, facts: Facts = {}, head = ""): string[] {
  const text = `version: 1\n${head}scenes:\n${scenes.replace(/^(?=\S)/gm, "  - ")}\n`;
  return readText(text, facts).diagnostics.map(({ code, message }) => `${code}: ${message}`);
}

function codes(scenes: string, facts: Facts = {}, head = ""): string[] {
  return told(scenes, facts, head).map((line) => line.split(":")[0] ?? "");
}

function picture(width: number, height: number, bytes = 1000): MediaFacts {
  return { kind: "image", format: "png", bytes, width, height };
}

function video(more: Partial<Extract<MediaFacts, { kind: "video" }>> = {}): MediaFacts {
  const shape = { width: 1280, height: 720, seconds: 5, fps: 24, frames: 120, sound: true };
  return { kind: "video", format: "mp4", bytes: 1000, ...shape, ...more };
}

function sound(seconds: number, format = "wav"): MediaFacts {
  return { kind: "audio", format, bytes: 1000, seconds };
}

describe("a video", () => {
  const scene = "{ id: a, edit: ./a.mp4, prompt: x }";

  test.each([
    ["24 pictures a second", { fps: 24 }, []],
    ["23.976, which is called 24", { fps: 23.976024 }, []],
    ["59.94", { fps: 59.94006 }, []],
    ["60", { fps: 60 }, []],
    ["23", { fps: 23 }, ["media/limits: `./a.mp4` has 23 pictures a second"]],
    ["120", { fps: 120 }, ["media/limits: `./a.mp4` has 120 pictures a second"]],
    ["the smallest frame", { width: 640, height: 640 }, []],
    ["the largest frame", { width: 3840, height: 2160 }, []],
    ["a small frame", { width: 640, height: 360 }, ["media/limits: `./a.mp4` is 640×360, 230,400 pixels a picture"]],
    ["a large frame", { width: 4096, height: 2304 }, ["media/limits: `./a.mp4` is 4096×2304, 9,437,184 pixels a picture"]],
    ["of 15 s and its last pictures", { seconds: 15.04 }, []],
    ["of 16 s", { seconds: 16 }, ["media/limits: `./a.mp4` lasts 16.0 s"]],
    ["of 1 s", { seconds: 1 }, ["media/limits: `./a.mp4` lasts 1.0 s"]],
    ["of another container", { format: "webm" }, ["media/bad-format: `./a.mp4` is a video in the format webm"]],
  ])("%s", (_, facts, expected) => {
    expect(told(scene, { "./a.mp4": video(facts) })).toEqual(expected);
  }); // prettier-ignore

  test("that is declared as a picture is told where it is declared", () => {
    const head = "assets: { keeper: { image: ./a.mp4 } }\n";
    expect(told("{ id: a, prompt: '@keeper' }", {}, head)).toEqual([
      "media/wrong-kind: `./a.mp4` is a video, but stands under `image`",
    ]);
  });
});

describe("the seconds of one scene", () => {
  test.each([
    ["three clips of 5 s, each with a picture more", [5.04, 5.04, 5.04], 0],
    ["5, 5 and 6 s", [5, 5, 6], 1],
    ["two of 7.5 s", [7.5, 7.5], 0],
    ["two of 8 s", [8, 8], 1],
  ])("%s", (_, seconds, count) => {
    const names = seconds.map((_, i) => `./${i}.mp4`);
    const facts = Object.fromEntries(seconds.map((one, i) => [`./${i}.mp4`, video({ seconds: one })]));
    expect(codes(`{ id: a, prompt: x, references: [${names.join(", ")}] }`, facts)).toEqual(
      Array(count).fill("references/too-long"),
    );
  });

  test("the sounds are summed apart from the videos", () => {
    const facts = { "./a.wav": sound(8), "./b.wav": sound(8), "./c.mp4": video({ seconds: 8 }) };
    const references = (list: string): string => `{ id: a, prompt: x, references: [./c.mp4, ${list}] }`;
    expect(told(references("./a.wav"), facts)).toEqual([]);
    expect(told(references("./a.wav, ./b.wav"), facts)).toEqual([
      "references/too-long: the sounds of scene `a` last 16 s together, at most 15 s are allowed",
    ]);
  });

  test("our own clips have the length that is asked for", () => {
    const scenes = [8, 8].map((duration, i) => `{ id: s${i}, prompt: x, duration: ${duration} }\n`).join("");
    expect(told(`${scenes}{ id: a, bridge: [s0, s1], prompt: x }`)).toEqual([
      "references/too-long: the videos of scene `a` last 16 s together, at most 15 s are allowed",
    ]);
  });

  test("a bridge holds its sources, so its clip may be too long to go on from", () => {
    const scenes =
      "{ id: a, prompt: x }\n{ id: b, prompt: x }\n{ id: c, bridge: [a, b], duration: 6, prompt: x }";
    expect(told(scenes)).toEqual([]);
    expect(told(`${scenes}\n{ id: d, extend: c, prompt: x }`)).toEqual([
      "references/too-long: the clip that scene `d` is made from lasts 16 s, at most 15 s are allowed",
    ]);
  });

  test("what is not known counts nothing", () => {
    const scene = "{ id: a, prompt: x, references: ['https://example.com/a.mp4', ./b.mp4] }";
    expect(told(scene, { "./b.mp4": video({ seconds: 14 }) })).toEqual([]);
  });

  test("a file that is too long by itself is told alone", () => {
    expect(codes("{ id: a, edit: ./b.mp4, prompt: x }", { "./b.mp4": video({ seconds: 20 }) })).toEqual([
      "media/limits",
    ]);
  });

  test("bridges that need each other are told as a circle only", () => {
    const scenes =
      "{ id: a, bridge: [b, c], prompt: x }\n{ id: b, bridge: [a, c], prompt: x }\n{ id: c, prompt: x }";
    expect(codes(scenes)).toEqual(["resolve/cycle"]);
  });
});

describe("the whole request", () => {
  const facts = (bytes: number): Facts => ({
    "./a.png": picture(1280, 720, bytes),
    "./b.png": picture(1280, 720, bytes),
  });
  const scene = "{ id: a, prompt: x, references: [./a.png, ./b.png] }";

  test("files are counted as Base64: 48 MB on disk fill 64 MB", () => {
    expect(told(scene, facts(24 * MB))).toEqual([]);
    expect(told(scene, facts(25 * MB))).toEqual([
      "request/too-large: the request of scene `a` would have 66.7 MB, at most 64.0 MB are taken",
    ]);
  });

  test("frames count too, web addresses do not", () => {
    const frames = "{ id: a, prompt: x, first_frame: ./a.png, last_frame: ./b.png }";
    expect(codes(frames, facts(25 * MB))).toEqual(["request/too-large"]);
    expect(codes("{ id: a, prompt: x, references: [./a.png, 'https://example.com/b.png'] }", facts(30 * MB))).toEqual([]); // prettier-ignore
  });

  test("a picture that is too large by itself is told alone", () => {
    expect(codes(scene, { ...facts(25 * MB), "./a.png": picture(1280, 720, 31 * MB) })).toEqual([
      "media/limits",
    ]);
  });
});

describe("a frame of another shape than the clip", () => {
  const frame = (more = ""): string => `{ id: a, prompt: x, first_frame: ./a.png${more} }`;

  test.each([
    ["an exact 16:9", 1920, 1080, ""],
    ["the very size of the clip", 864, 496, ", resolution: 480p"],
    ["16:9 where the clip is rounded", 1920, 1080, ", resolution: 480p"],
    ["one row more", 1920, 1088, ""],
    ["anything where the clip adapts", 500, 900, ", ratio: adaptive"],
  ])("%s is silent", (_, width, height, more) => {
    expect(told(frame(more), { "./a.png": picture(width, height) })).toEqual([]);
  });

  test("the pixels that remain and what is lost", () => {
    expect(told(frame(), { "./a.png": picture(1600, 1200) })).toEqual([
      "frames/crop: `./a.png` is 1600×1200, the clip of scene `a` is 16:9: 1600×900 of it remain, 25 % is lost",
    ]);
    expect(told(frame(), { "./a.png": picture(2000, 1000) })).toEqual([
      "frames/crop: `./a.png` is 2000×1000, the clip of scene `a` is 16:9: 1778×1000 of it remain, 11 % is lost",
    ]);
    expect(told(frame(), { "./a.png": picture(1920, 1200) })).toEqual([
      "frames/crop: `./a.png` is 1920×1200, the clip of scene `a` is 16:9: 1920×1080 of it remain, 10 % is lost",
    ]);
  });

  test("a last frame that differs from the first one of an adaptive clip", () => {
    const scene = frame(", last_frame: ./b.png, ratio: adaptive");
    expect(told(scene, { "./a.png": picture(900, 900), "./b.png": picture(900, 1200) })).toEqual([
      "frames/crop: `./b.png` is 900×1200, the clip of scene `a` has the shape of its first frame: 900×900 of it remain, 25 % is lost",
    ]);
  });

  test("a still has the shape of its scene's clip, also where that follows another", () => {
    const scenes = [
      "{ id: a, prompt: x, ratio: 9:16 }",
      "{ id: b, prompt: x, extend: a }",
      "{ id: c, prompt: x, first_frame: b.last_frame }",
      "{ id: d, prompt: x, first_frame: b.last_frame, ratio: 9:16 }",
    ];
    expect(told(scenes.join("\n"))).toEqual([
      "frames/crop: `b.last_frame` is 720×1280, the clip of scene `c` is 16:9: 720×405 of it remain, 68 % is lost",
    ]);
  });

  test("what is not known is not guessed", () => {
    expect(told("{ id: a, prompt: x, first_frame: 'https://example.com/a.png' }")).toEqual([]);
    expect(told("{ id: a, prompt: x, edit: 'https://example.com/a.mp4' }\n{ id: b, prompt: x, first_frame: a.last_frame }")).toEqual([]); // prettier-ignore
  });
});

describe("dialogue", () => {
  const lines = (dialogue: string, more = ""): string =>
    `{ id: a, prompt: x, duration: 4${more}, dialogue: [${dialogue}] }`;
  const words = (count: number): string => Array(count).fill("sea").join(" ");

  test("two and a half English words or five Chinese characters a second", () => {
    expect(told(lines(words(10)))).toEqual([]);
    expect(told(lines(words(11)))).toEqual([
      "dialogue/too-long: the dialogue of scene `a` takes about 4.4 s to speak, its clip lasts 4 s",
    ]);
    expect(told(lines("海".repeat(20)))).toEqual([]);
    expect(told(lines(`${"海".repeat(18)} sea sea`))).toEqual([
      "dialogue/too-long: the dialogue of scene `a` takes about 4.4 s to speak, its clip lasts 4 s",
    ]);
  });

  test("all lines together, marked where the clip ends, with the length that would do", () => {
    const text = `version: 1\nscenes:\n  - id: a\n    prompt: x\n    dialogue:\n      - ${words(8)}\n      - ${words(8)}\n      - ${words(8)}\n`;
    const [found] = readText(text).diagnostics;
    expect(found?.code).toBe("dialogue/too-long");
    expect(found?.span && positionAt(found.span.source, found.span.start).line).toBe(7);
    expect(found?.help).toMatch(/^raise `duration` to 10, /);
  });

  test("no length is offered that the service does not have", () => {
    const text = `version: 1\nscenes:\n  - { id: a, prompt: x, dialogue: [${words(50)}] }\n`;
    expect(readText(text).diagnostics[0]?.help).toMatch(/^shorten the lines, or split the scene/);
  });

  test("without sound nothing is spoken", () => {
    expect(told(lines(words(30), ", generate_audio: false"))).toEqual([]);
  });

  test.each([
    ["{ says: Go., at: 4 }", "a line of scene `a` begins at 4 s and takes 0.4 s, its clip ends at 4 s"],
    ["{ says: Go., at: 3, seconds: 2 }", "a line of scene `a` begins at 3 s and takes 2 s, its clip ends at 4 s"],
    ["{ says: Never go out there alone., at: 2.5 }", "a line of scene `a` begins at 2.5 s and takes 2 s, its clip ends at 4 s"],
  ])("%s", (line, message) => {
    expect(told(lines(line))).toEqual([`dialogue/beyond-clip: ${message}`]);
  }); // prettier-ignore

  test("a line may end with the clip", () => {
    expect(told(lines("{ says: Go., at: 3, seconds: 1 }"))).toEqual([]);
  });
});

describe("a prompt", () => {
  const words = (count: number): string => Array(count).fill("it's").join(" ");
  const scene = (prompt: string, more = ""): string => `{ id: a, prompt: "${prompt}"${more} }`;

  test.each([
    ["of 1,000 English words", words(1000), []],
    ["of one more", words(1001), ["prompt/long: the prompt of scene `a` has 1001 words"]],
    ["of 500 Chinese characters", "雨".repeat(500), []],
    ["of one more", "雨".repeat(501), ["prompt/long: the prompt of scene `a` has 501 Chinese characters"]],
  ])("%s", (_, prompt, expected) => {
    expect(told(scene(prompt))).toEqual(expected);
  });

  test("is sent with the dialogue, the style and what introduces its assets: all are counted", () => {
    const head = "style: 水墨\nassets: { 林: { image: ./a.png, description: 雨雨 } }\n";
    const more = ", references: [林], dialogue: [雨, 雨]";
    expect(told(scene("雨".repeat(494), more), {}, head)).toEqual([]);
    expect(told(scene("雨".repeat(495), more), {}, head)).toEqual([
      "prompt/long: the prompt of scene `a` has 501 Chinese characters, with its dialogue, style and descriptions",
    ]);
  });
});

describe("a mention outside of a prompt", () => {
  const head = (style: string, description = "a lamp"): string =>
    `style: "${style}"\nassets: { lamp: { image: ./a.png, description: "${description}" } }\n`;

  test("in the film's style is told once, whatever the number of scenes", () => {
    const scenes = '{ id: a, prompt: "@lamp" }\n{ id: b, prompt: "@lamp" }';
    expect(told(scenes, {}, head("as bright as @lamp"))).toEqual([
      "mentions/outside-prompt: a style cannot mention `@lamp`",
    ]);
  });

  test("in a description too; an address or an unknown name is none", () => {
    expect(told('{ id: a, prompt: "@lamp" }', {}, head("by me@lamp.org, @home", "like @a"))).toEqual([
      "mentions/outside-prompt: a description cannot mention `@a`",
    ]);
  });
});

describe("beside frames", () => {
  test("a reference is told to be wrong there, and not to be unmentioned as well", () => {
    expect(
      codes("{ id: a, prompt: x, first_frame: ./b.png, ratio: adaptive, references: [./c.png] }"),
    ).toEqual(["mode/conflict"]);
  });
});

describe("what nobody uses", () => {
  const scenes = "{ id: a, prompt: x }\n{ id: b, edit: a, prompt: x }\n{ id: c, prompt: x }";

  test("a scene that the film leaves out and no scene needs", () => {
    expect(told(`${scenes}\n`, {}, "film: { scenes: [b] }\n")).toEqual([
      "film/unused-scene: the film does not show scene `c`, and no scene needs it",
    ]);
  });

  test("without a list the film shows all", () => {
    expect(told(scenes)).toEqual([]);
  });

  const unused = (scene: string, ...more: readonly string[]): string[] => {
    const head = "version: 1\nassets: { keeper: { image: ./a.png }, waves: { audio: ./a.wav } }\nscenes:\n";
    const films = [scene, ...more].map((one) => readText(`${head}  - ${one}\n`).storyboard);
    return checkUnusedAssets(films).map(({ message }) => message);
  };

  test("an asset", () => {
    expect(unused("{ id: a, prompt: '@keeper' }")).toEqual(["no scene uses the asset `waves`"]);
    expect(unused("{ id: a, prompt: '@keeper', references: [waves] }")).toEqual([]);
  });

  test("who speaks is used", () => {
    expect(unused("{ id: a, prompt: '@waves', dialogue: [{ who: keeper, says: Go. }] }")).toEqual([]);
  });

  test("an asset that another film of the matrix uses", () => {
    expect(unused("{ id: a, prompt: '@keeper' }", "{ id: a, prompt: '@waves' }")).toEqual([]);
  });

  test("nothing is said of assets while a name is misspelt", () => {
    expect(unused("{ id: a, prompt: '@keper and @waves' }")).toEqual([]);
  });
});

describe("a reference of unknown kind", () => {
  test("is told for `references`, whose role hangs on the kind", () => {
    expect(told("{ id: a, prompt: x, references: [asset://asset-1] }")).toEqual([
      "media/unknown-kind: `asset://asset-1` does not say whether it is a picture, a clip or a sound",
    ]);
  });

  test("is fine where a key or an asset says what it is", () => {
    expect(told("{ id: a, prompt: x, first_frame: 'https://example.com/a' }")).toEqual([]);
    const head = "assets: { keeper: { image: asset://asset-1 } }\n";
    expect(told("{ id: a, prompt: x, references: [keeper] }", {}, head)).toEqual([
      "references/unmentioned: the prompt of scene `a` does not mention `keeper`",
    ]);
  });
});
