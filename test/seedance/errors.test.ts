import { describe, expect, test } from "vitest";
import { actionFor, contentIndexOf, hintFor } from "../../src/seedance/errors.ts";
import { scrubText } from "../../src/seedance/scrub.ts";

describe("contentIndexOf", () => {
  test.each([
    ["the input image 'content[4]' may contain a real person", 4],
    ["the parameter `content[1].video_url` is 2.8 seconds", 1],
    ["content.0.text: field required", 0],
    ["content is empty", undefined],
    ["contents[2]", undefined],
    ["content[99999]", undefined],
  ])("%s", (message, index) => {
    expect(contentIndexOf(message)).toBe(index);
  });
});

describe("hints", () => {
  test("say which medium, and that sound off often helps", () => {
    expect(hintFor("OutputAudioSensitiveContentDetected")).toContain("generate_audio: false");
    expect(hintFor("InputImageSensitiveContentDetected.PrivacyInformation")).toContain("real person");
    expect(hintFor("InputTextSensitiveContentDetected")).toContain("prompt");
    expect(hintFor("Whatever")).toBeUndefined();
    expect(actionFor("")).toBeUndefined();
  });
});

describe("scrubText", () => {
  test.each([
    ["see https://a.example/b.mp4?sig=1#x.", "see https://a.example/b.mp4?…"],
    ["'https://u:p@a.example/b'", "'https://a.example/b'"],
    ["tos://bucket/key?token=1", "tos://bucket/key?…"],
    ["data:image/png;base64,AAAA end", "data:image/png,… end"],
    ["no link? none.", "no link? none."],
  ])("%s", (text, expected) => {
    expect(scrubText(text)).toBe(expected);
  });
});
