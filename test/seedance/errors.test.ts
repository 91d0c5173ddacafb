import { describe, expect, test } from "vitest";
import { actionFor, contentIndexOf, hintFor } from "../../src/seedance/errors.ts";

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
