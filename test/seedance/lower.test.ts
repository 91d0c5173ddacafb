import { describe, expect, test } from "vitest";
import { lowerScene, promptText, type LoweredScene } from "../../src/seedance/lower.ts";
import { createRequest } from "../../src/seedance/request.ts";
import { board, readText, sceneIn } from "../storyboard/read.ts";

const A = "{ id: a, prompt: x }";

function lower(scene: string, head = ""): LoweredScene {
  const read = readText(board(A, scene).replace("version: 1\n", `version: 1\n${head}`));
  return lowerScene(read.storyboard, sceneIn(read, "b"), read.media);
}
const items = (scene: string): string[] =>
  lower(scene).items.map(({ role, ordinal, written }) => `${role} ${ordinal} ${written}`);
const prompt = (scene: string, head = ""): string => promptText(lower(scene, head));

describe("media stand in the order of the API", () => {
  test("images, videos, audios, each kind in the order in which it is referred to", () => {
    expect(items("{ id: b, prompt: '@waves @dolly @tower @keeper' }")).toEqual([
      ...[
        "reference_image Image 1 tower",
        "reference_image Image 2 keeper",
        "reference_image Image 3 keeper",
      ],
      ...["reference_video Video 1 dolly", "reference_audio Audio 1 waves"],
    ]);
  });

  test("a list of references comes before mentions, and nothing comes twice", () => {
    expect(items("{ id: b, prompt: '@tower and @keeper', references: [keeper] }")).toEqual([
      ...[
        "reference_image Image 1 keeper",
        "reference_image Image 2 keeper",
        "reference_image Image 3 tower",
      ],
    ]);
  });

  test("the clip that is extended is Video 1, whatever else is referred to", () => {
    expect(items("{ id: b, extend: a, prompt: 'like @dolly' }")).toEqual([
      ...["reference_video Video 1 a", "reference_video Video 2 dolly"],
    ]);
  });

  test("the clips of a bridge are counted from 1", () => {
    expect(items("{ id: b, bridge: [dolly, a], prompt: x }")).toEqual([
      ...["reference_video Video 1 dolly", "reference_video Video 2 a"],
    ]);
  });

  test("an entry of the asset library that is extended is a video", () => {
    expect(items("{ id: b, extend: 'asset://asset-1', prompt: x }")).toEqual([
      "reference_video Video 1 asset://asset-1",
    ]);
  });

  test("a still of a scene is an image", () => {
    expect(items("{ id: b, prompt: 'from @a.last_frame' }")).toEqual([
      "reference_image Image 1 a.last_frame",
    ]);
  });
});

describe("roles", () => {
  test.each([
    ["a first frame", "{ id: b, first_frame: a.last_frame }", ["first_frame Image 1 a.last_frame"]],
    [
      "a first and a last one, which may be the same file",
      "{ id: b, last_frame: tower, first_frame: tower }",
      ["first_frame Image 1 tower", "last_frame Image 2 tower"],
    ],
    ["a text has none", "{ id: b, prompt: x }", []],
    ["a clip to edit", "{ id: b, edit: dolly, prompt: x }", ["reference_video Video 1 dolly"]],
  ])("%s", (_, scene, expected) => {
    expect(items(scene)).toEqual(expected);
  });
});

describe("the text", () => {
  test.each([
    ["a mention is lowered to its ordinal", "{ id: b, prompt: '@dolly flies' }", "Video 1 flies."],
    ["also in the middle of Chinese", "{ id: b, prompt: 镜头跟随@dolly飞过海面 }", "镜头跟随视频1飞过海面。"],
    ["a full stop is not doubled", "{ id: b, prompt: The sea! }", "The sea!"],
    [
      "a described asset is introduced once",
      "{ id: b, prompt: '@tower, then @tower' }",
      "Image 1 shows tower: a white lighthouse. Image 1, then Image 1.",
    ],
    [
      "so is one of several pictures, which has a label from there on: no single ordinal means them all",
      "{ id: b, prompt: '@keeper runs, @keeper falls' }",
      "Image 1 and Image 2 show keeper. keeper runs, keeper falls.",
    ],
    ["in Chinese too", "{ id: b, prompt: 夜里，@keeper奔跑 }", "图片1和图片2是keeper。夜里，keeper奔跑。"],
    [
      "pictures of one asset are counted on behind those of another",
      "{ id: b, prompt: '@tower, then @keeper', references: [keeper] }",
      "Image 1 and Image 2 show keeper. Image 3 shows tower: a white lighthouse. Image 3, then keeper.",
    ],
    ["extend", "{ id: b, extend: a, prompt: the boat turns }", "Extend Video 1 forward: the boat turns."],
    [
      "extend backward",
      "{ id: b, extend: { clip: a, direction: backward }, prompt: x }",
      "Extend Video 1 backward: x.",
    ],
    ["extend without a prompt", "{ id: b, extend: a }", "Extend Video 1 forward."],
    ["extend in Chinese", "{ id: b, extend: a, prompt: 小船掉头 }", "向后延长视频1：小船掉头。"],
    [
      "edit",
      "{ id: b, edit: a, prompt: replace the sky by a gale }",
      "Strictly edit Video 1: replace the sky by a gale.",
    ],
    ["edit in Chinese", "{ id: b, edit: a, prompt: 把天空换成暴风雨 }", "严格编辑视频1：把天空换成暴风雨。"],
    [
      "bridge of two",
      "{ id: b, bridge: [a, dolly], prompt: the camera dives. }",
      "Video 1, then the camera dives, then Video 2.",
    ],
    [
      "bridge in Chinese",
      "{ id: b, bridge: [a, dolly], prompt: 镜头潜入水中。 }",
      "视频1，接着镜头潜入水中，然后接视频2。",
    ],
    ["no prompt at all", "{ id: b, first_frame: tower }", ""],
  ])("%s", (_, scene, expected) => {
    expect(prompt(scene)).toBe(expected);
  });

  test("a bridge of three says how it goes from clip to clip", () => {
    const scene = "{ id: b, bridge: [a, dolly, a2], prompt: through fog }";
    const read = readText(board(A, "{ id: a2, prompt: x }", scene));
    expect(promptText(lowerScene(read.storyboard, sceneIn(read, "b"), read.media))).toBe(
      "Video 1, then Video 2, then Video 3, joined like this: through fog.",
    );
  });

  test("style ends the prompt, and a scene can do without", () => {
    expect(prompt("{ id: b, prompt: x }", "style: 35mm film\n")).toBe("x. 35mm film");
    expect(prompt("{ id: b, prompt: x, style: false }", "style: 35mm film\n")).toBe("x.");
    expect(prompt("{ id: b, prompt: x, style: noir }", "style: 35mm film\n")).toBe("x. noir");
    expect(prompt("{ id: b, prompt: 海 }", "style: 水墨\n")).toBe("海。水墨");
  });

  test("an empty style adds nothing", () => {
    expect(prompt("{ id: b, prompt: x, style: '' }", "style: 35mm film\n")).toBe("x.");
  });

  test("every piece says where it comes from, and together they are the text", () => {
    const { text } = lower("{ id: b, extend: a, prompt: '@tower shines', dialogue: [Go!] }", "style: noir\n");
    expect(text.map(({ from, text: piece }) => `${from}: ${piece}`)).toEqual([
      "wording: Extend Video 1 forward: ",
      "introduction: Image 1 shows tower: a white lighthouse.",
      "wording:  ",
      "mention: Image 1",
      "prompt:  shines",
      "wording: .",
      "wording:  ",
      'dialogue: A voice says: "Go!"',
      "wording:  ",
      "style: noir",
    ]);
  });
});

describe("dialogue", () => {
  test("stands in order, attributed to the picture of who speaks", () => {
    const scene =
      "{ id: b, prompt: '@tower', dialogue: [{ who: tower, says: Beep. }, { who: Anna, says: Hello. }, Silence.] }";
    expect(prompt(scene)).toBe(
      'Image 1 shows tower: a white lighthouse. Image 1. tower (Image 1) says: "Beep." Anna says: "Hello." A voice says: "Silence."',
    );
  });

  test("of an asset with several pictures has its label, which is introduced", () => {
    const scene = "{ id: b, prompt: '@keeper stands.', dialogue: [{ who: keeper, says: No. }] }";
    expect(prompt(scene)).toBe('Image 1 and Image 2 show keeper. keeper stands. keeper says: "No."');
  });

  test("in Chinese", () => {
    const scene = "{ id: b, prompt: 夜, dialogue: [{ who: 周远, says: 你好。 }, 再见。] }";
    expect(prompt(scene)).toBe("夜。周远说：“你好。”画外音：“再见。”");
  });
});

describe("the request", () => {
  test("has only fields that the API knows, text first", () => {
    const lowered = lower("{ id: b, prompt: '@waves and @tower', duration: 7, ratio: 9:16 }");
    expect(createRequest(lowered, ["https://x/tower.png", "https://x/waves.wav"])).toEqual({
      model: "seedance-2.0-mini",
      content: [
        { type: "text", text: "Image 1 shows tower: a white lighthouse. Audio 1 and Image 1." },
        { type: "image_url", image_url: { url: "https://x/tower.png" }, role: "reference_image" },
        { type: "audio_url", audio_url: { url: "https://x/waves.wav" }, role: "reference_audio" },
      ],
      generate_audio: true,
      resolution: "720p",
      ratio: "9:16",
      duration: 7,
      watermark: false,
    });
  });

  test("has `tools` only where a search is asked for", () => {
    expect(createRequest(lower("{ id: b, prompt: x, web_search: true }"), []).tools).toEqual([
      { type: "web_search" },
    ]);
    expect("tools" in createRequest(lower("{ id: b, prompt: x }"), [])).toBe(false);
  });

  test("without a prompt has no empty text", () => {
    expect(createRequest(lower("{ id: b, first_frame: tower }"), ["data:"]).content).toHaveLength(1);
  });

  test("of an edit or an extension is `adaptive`, of others what the storyboard says", () => {
    const head = "defaults: { ratio: 1:1 }\n";
    expect(lower("{ id: b, edit: a, prompt: x }", head).ratio).toBe("adaptive");
    expect(lower("{ id: b, prompt: x }", head).ratio).toBe("1:1");
  });
});
