import { describe, expect, test } from "vitest";
import schema from "../../schemas/request.schema.json" with { type: "json" };
import {
  AUDIO,
  DEFAULT_RATIO,
  DEFAULT_RESOLUTION,
  DURATION,
  IMAGE,
  RATIOS,
  RESOLUTIONS,
} from "../../src/base/limits.ts";
import { validate } from "../../src/emulator/validate.ts";
import { checkRequest } from "../../src/syntax/request-schema.ts";

const text = { type: "text", text: "a fox" };
const image = { type: "image_url", image_url: { url: "https://example.com/a.png" }, role: "reference_image" };
const video = { type: "video_url", video_url: { url: "asset://asset-1" }, role: "reference_video" };
const audio = { type: "audio_url", audio_url: { url: "https://example.com/a.mp3" }, role: "reference_audio" };
const request = (content: unknown, more: object = {}) => ({ model: "seedance-2.0-mini", content, ...more });

describe("the schema says what the limits say", () => {
  const { properties, definitions } = schema;

  test("settings", () => {
    expect(properties.resolution).toMatchObject({ enum: RESOLUTIONS, default: DEFAULT_RESOLUTION });
    expect(properties.ratio).toMatchObject({ enum: RATIOS, default: DEFAULT_RATIO });
    const { least, most, byDefault } = DURATION;
    expect(properties.duration).toMatchObject({ minimum: least, maximum: most, default: byDefault });
  });

  test("formats of Base64", () => {
    for (const format of IMAGE.formats)
      expect(definitions.image.properties.image_url.properties.url.pattern).toContain(format);
    for (const format of AUDIO.formats)
      expect(definitions.audio.properties.audio_url.properties.url.pattern).toContain(format);
  });
});

/** Every object of the schema, with the way to it. */
function objects(node: unknown, way = "#"): [string, Record<string, unknown>][] {
  if (typeof node !== "object" || node === null) return [];
  const below = Object.entries(node).flatMap(([key, value]) => objects(value, `${way}/${key}`));
  return (node as { type?: unknown }).type === "object"
    ? [[way, node as Record<string, unknown>], ...below]
    : below;
}

test("nothing that is not named may be sent, at any depth", () => {
  // An item is closed by the branch that its type chooses.
  const open = objects(schema).filter(([, object]) => object.additionalProperties !== false);
  expect(open.map(([way]) => way)).toEqual(["#/definitions/item"]);
});

describe("a mistake is named by its path, as the service writes paths", () => {
  test.each<[string, unknown, string]>([
    ["no body", undefined, "the request body must be a JSON object"],
    ["a misspelt setting", request([text], { ratoi: "16:9" }), "ratoi is not a parameter; known are model,"],
    [
      "a misspelt model",
      request([text], { model: "seedance-2.0-mimi" }),
      `model "seedance-2.0-mimi" does not`,
    ],
    ["a wrong role", request([text, image, { ...image, role: "first" }]), "content[2].role must be one of"],
    [
      "a video's role",
      request([{ ...video, role: "reference_image" }]),
      "content[0].role must be reference_video,",
    ],
    ["no role", request([text, { ...audio, role: undefined }]), "content[1].role is required"],
    ["no type", request([{ text: "a fox" }]), "content[0].type is required"],
    [
      "two media in one item",
      request([{ ...image, video_url: { url: "https://a.b/c.mp4" } }]),
      "content[0].video_url is not",
    ],
    [
      "a text as an image",
      request([{ ...image, type: "text", text: "a fox" }]),
      "content[0].image_url is not a parameter",
    ],
    [
      "a medium that is a text",
      request([{ ...image, image_url: "https://a.b/c.png" }]),
      "content[0].image_url must be a JSON",
    ],
    [
      "a detail beside the URL",
      request([{ ...image, image_url: { url: "https://a.b/c.png", detail: "low" } }]),
      "content[0].image_url.detail is",
    ],
    [
      "a format in capitals",
      request([{ ...image, image_url: { url: "data:image/PNG;base64,AAAA" } }]),
      "content[0].image_url.url has the unsupported format image/PNG",
    ],
    [
      "Base64 without its format",
      request([{ ...image, image_url: { url: "data:;base64,AAAA" } }]),
      "content[0].image_url.url must begin with data:image/FORMAT;base64,",
    ],
    [
      "an asset without a name",
      request([{ ...video, video_url: { url: "asset://" } }]),
      "content[0].video_url.url names no asset",
    ],
    [
      "another tool",
      request([text], { tools: [{ type: "browse" }] }),
      `tools[0].type must be web_search, not "browse"`,
    ],
    [
      "a tool with options",
      request([text], { tools: [{ type: "web_search", limit: 3 }] }),
      "tools[0].limit is not a parameter",
    ],
    [
      "4.5 seconds",
      request([text], { duration: 4.5 }),
      "duration must be a whole number from 4 to 15, not 4.5",
    ],
    [
      "an image before the text",
      request([image, text]),
      "content[1]: text must stand before image_url; the order is text,",
    ],
    [
      "a sound before a video",
      request([text, audio, video]),
      "content[2]: video_url must stand before audio_url",
    ],
    [
      "a video before an image",
      request([text, video, image]),
      "content[2]: image_url must stand before video_url",
    ],
  ])("%s", (_, body, message) => {
    const checked = validate(body);
    expect(checked.kind === "refused" && checked.error.message).toContain(message);
  });
});

test("the names that the platform behind the gateway uses are models too", () => {
  expect(checkRequest(request([text], { model: "doubao-seedance-2-0-mini-260801" }))).toBeUndefined();
});
