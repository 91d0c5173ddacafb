import { describe, expect, test } from "vitest";
import { shotKindOf } from "../../src/emulator/shot-kind.ts";
import { parseLabel } from "../../src/emulator/request.ts";
import { validate } from "../../src/emulator/validate.ts";

const text = { type: "text", text: "a fox" };
const image = (role?: string, url = "https://example.com/a.png") => ({
  type: "image_url",
  image_url: { url },
  ...(role && { role }),
});
const video = (role = "reference_video", url = "https://example.com/a.mp4") => ({
  type: "video_url",
  video_url: { url },
  role,
});
const audio = (role = "reference_audio", url = "https://example.com/a.mp3") => ({
  type: "audio_url",
  audio_url: { url },
  role,
});
const request = (content: unknown, more: object = {}) => ({ model: "seedance-2.0-mini", content, ...more });
const times = <T>(count: number, item: T): T[] => Array.from({ length: count }, () => item);

describe("requests that pass", () => {
  test.each<[string, unknown[], object?]>([
    ["text", [text]],
    ["text with web search", [text], { tools: [{ type: "web_search" }] }],
    ["an image alone, which is the first frame", [image()]],
    ["first and last frame", [text, image("first_frame"), image("last_frame")]],
    [
      "nine images, three videos, three sounds",
      [text, ...times(9, image("reference_image")), ...times(3, video()), ...times(3, audio())],
    ],
    ["an image as a data URL", [image("first_frame", "data:image/webp;base64,AAAA")]],
    [
      "assets of the library",
      [image("reference_image", "asset://asset-1"), video("reference_video", "asset://asset-2")],
    ],
    [
      "a sound with an image",
      [image("reference_image"), audio("reference_audio", "data:audio/wav;base64,AAAA")],
    ],
    [
      "every setting",
      [text],
      { resolution: "480p", ratio: "21:9", duration: 15, generate_audio: false, watermark: true },
    ],
  ])("%s", (_, content, more = {}) => {
    expect(validate(request(content, more))).toMatchObject({ kind: "valid" });
  });

  test("what is not said has the service's defaults", () => {
    expect(validate(request([text]))).toMatchObject({
      request: { resolution: "720p", ratio: "adaptive", duration: 5, generateAudio: true, watermark: false },
    });
  });
});

describe("requests that are refused", () => {
  test.each([
    ["no object", [], /JSON object/],
    ["no model", { content: [text] }, /model is required/],
    ["another model", { model: "sora", content: [text] }, /model "sora" does not exist/],
    ["no content", { model: "seedance-2.0-mini" }, /content must be a list/],
    ["empty content", request([]), /content must be a list/],
    ["an unknown field", request([text], { seed: 1 }), /seed is not a parameter/],
    ["a misspelt field", request([text], { watermarks: true }), /watermarks is not a parameter/],
    ["three and a half seconds", request([text], { duration: 4.5 }), /duration .* 4 to 15/],
    ["three seconds", request([text], { duration: 3 }), /duration/],
    ["sixteen seconds", request([text], { duration: 16 }), /duration/],
    ["seconds as a text", request([text], { duration: "5" }), /duration/],
    ["1080p", request([text], { resolution: "1080p" }), /resolution must be one of 480p, 720p/],
    ["an unknown ratio", request([text], { ratio: "2:1" }), /ratio must be one of/],
    ["sound as a text", request([text], { generate_audio: "yes" }), /generate_audio/],
    ["an unknown tool", request([text], { tools: [{ type: "browse" }] }), /tools\[0\]/],
    [
      "web search with an image",
      request([text, image("reference_image")], { tools: [{ type: "web_search" }] }),
      /web_search/,
    ],
    ["an unknown type", request([text, { type: "image" }]), /content\[1\]\.type/],
    ["an unknown field of an item", request([{ ...text, language: "en" }]), /content\[0\]\.language/],
    [
      "an unknown field of an image",
      request([{ ...image("first_frame"), weight: 1 }]),
      /content\[0\]\.weight/,
    ],
    ["an empty text", request([{ type: "text", text: " " }]), /content\[0\]\.text/],
    ["a role of another medium", request([text, image("reference_video")]), /content\[1\]\.role/],
    ["a video without a role", request([text, { ...video(), role: undefined }]), /content\[1\]\.role/],
    ["several images without a role", request([text, image(), image()]), /content\[1\]\.role/],
    [
      "no URL",
      request([{ type: "image_url", image_url: {}, role: "first_frame" }]),
      /content\[0\]\.image_url\.url is required/,
    ],
    ["a path", request([image("first_frame", "./a.png")]), /content\[0\]\.image_url\.url must be/],
    [
      "a video as Base64",
      request([text, video("reference_video", "data:video/mp4;base64,AAAA")]),
      /content\[1\]\.video_url\.url may not be Base64/,
    ],
    [
      "an image format that is not taken",
      request([image("first_frame", "data:image/svg+xml;base64,AAAA")]),
      /unsupported format/,
    ],
    ["an empty data URL", request([image("first_frame", "data:image/png;base64,")]), /is empty/],
    [
      "frames with references",
      request([image("first_frame"), text, video()]),
      /content\[0\] and content\[2\]/,
    ],
    [
      "a last frame alone",
      request([text, image("last_frame")]),
      /content\[1\]: last_frame needs a first_frame/,
    ],
    [
      "two first frames",
      request([text, image("first_frame"), image("first_frame")]),
      /content\[2\]: at most 1/,
    ],
    ["ten images", request([text, ...times(10, image("reference_image"))]), /content\[10\]: at most 9/],
    ["four videos", request([text, ...times(4, video())]), /content\[4\]: at most 3/],
    ["four sounds", request([image("reference_image"), ...times(4, audio())]), /content\[4\]: at most 3/],
    ["a sound alone", request([text, audio()]), /content\[1\]: audio needs/],
    ["two texts", request([text, text]), /one text/],
  ])("%s", (_, body, message) => {
    const checked = validate(body);
    expect(checked.kind).toBe("refused");
    if (checked.kind !== "refused") return;
    expect(checked.error.status).toBe(400);
    expect(checked.error.code).toMatch(/^(Invalid|Missing)Parameter$/);
    expect(checked.error.message).toMatch(message);
  });
});

describe("what a request asks for is told by roles and wording", () => {
  const told = (content: unknown[]) => {
    const checked = validate(request(content));
    return checked.kind === "valid" ? shotKindOf(checked.request) : checked.error.message;
  };
  const says = (words: string) => ({ type: "text", text: words });

  test.each([
    ["text", [text]],
    ["first-frame", [text, image("first_frame")]],
    ["first-and-last-frame", [text, image("first_frame"), image("last_frame")]],
    ["references", [text, image("reference_image")]],
    ["references", [says("Dance as in Video 1."), video()]],
    ["text", [says("Extend Video 1 forward: nothing is there.")]],
    ["extend-forward", [says("Extend Video 1 forward: he goes on."), video()]],
    ["extend-forward", [says("向后延长视频1：他继续走。"), video()]],
    ["extend-backward", [says("Extend Video 1 backward: before that."), video()]],
    ["extend-backward", [says("向前延长视频1：在那之前。"), video()]],
    ["edit", [says("Strictly edit Video 1: at night."), video()]],
    ["edit", [says("严格编辑视频1：改成夜晚。"), video()]],
    ["bridge", [says("Video 1, then the camera flies, then Video 2."), video(), video()]],
    [
      "bridge",
      [
        says("Image 1 shows a fox. Video 1, then it runs, then Video 2."),
        image("reference_image"),
        video(),
        video(),
      ],
    ],
    ["bridge", [says("视频1，接着镜头飞起，然后接视频2。"), video(), video()]],
    ["references", [says("Video 1, then nothing."), video()]],
  ] as const)("%s: %j", (kind, content) => {
    expect(told([...content])).toBe(kind);
  });
});

test("a label is scene and take, percent-encoded", () => {
  expect(parseLabel(encodeURIComponent("黎明#3"))).toEqual({ scene: "黎明", take: 3 });
  expect(parseLabel("dawn")).toEqual({ scene: "dawn", take: undefined });
  expect(parseLabel("100%")).toEqual({ scene: "100%", take: undefined });
  expect(parseLabel("")).toEqual({ scene: "", take: undefined });
});
