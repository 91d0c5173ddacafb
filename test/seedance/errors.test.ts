import { describe, expect, test } from "vitest";
import { actionFor, contentIndexOf, hintFor } from "../../src/seedance/errors.ts";

describe("contentIndexOf", () => {
  test.each([
    ["the input image 'content[4]' may contain a real person", 4],
    ["the parameter `content[1].video_url` is 2.8 seconds", 1],
    ["content.0.text: field required", 0],
    ["content[0] and content[2] are not the same size", 0],
    ["Invalid content[12].image_url.url: it cannot be fetched", 12],
    ["The parameter content [ 3 ] specified in the request is not valid", 3],
    ["Key: 'CreateTaskRequest.Content[2].Text' Error: Field validation failed", 2],
    ["$.content[5].role: unexpected", 5],
    ["request.content[2]", 2],
    ["参数content[1].image_url无效", 1],
    ["body.content.1.image_url: field required", 1],
    ["content.[4]: no", 4],
    ["/content/2/video_url must be a string", 2],
    ["#/content/2/video_url must be a string", 2],
    [`{"loc": ["body", "content", 1, "image_url"]}`, 1],
    ["['content', 6, 'role'] is missing", 6],
    ['the parameter "content[7]" is too long', 7],
    ["content[0]: https://b.example/content/3/x.png cannot be fetched", 0],
    ["https://b.example/content/3/content.1.png cannot be fetched", undefined],
    ["https://b.example/content[3]", undefined],
    ["content/3 is no type", undefined],
    ["content.5s", undefined],
    ["file_content[1]", undefined],
    ["content[-1]", undefined],
    ["content[n]", undefined],
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
