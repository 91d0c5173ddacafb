import { describe, expect, test } from "vitest";
import { withoutSecrets } from "../../src/base/secret-links.ts";
import { hideKey, scrubText } from "../../src/seedance/scrub.ts";

describe("a text that is shown or kept has no secret in it", () => {
  test.each([
    ["see https://a.example/b.mp4?sig=1#x.", "see https://a.example/b.mp4?…"],
    ["'https://u:p@a.example/b'", "'https://a.example/b'"],
    ["tos://bucket/key?token=1", "tos://bucket/key?…"],
    ["data:image/png;base64,AAAA end", "data:image/png,… end"],
    ["no link? none.", "no link? none."],
    // As JSON writes links within texts, and as Go writes their `&`.
    [String.raw`{"url":"https:\/\/a.example\/b?X=1&Y=2"}`, String.raw`{"url":"https:\/\/a.example\/b?…"}`],
    [String.raw`https://a.example/b?X=1\u0026X-Tos-Signature=2 end`, "https://a.example/b?… end"],
    ["bad X-Amz-Signature=5d41402a", "bad X-Amz-Signature=…"],
    ["url=https%3A%2F%2Fa%3FX-Amz-Signature%3D5d41402a&x=1", "url=https%3A%2F%2Fa%3FX-Amz-Signature%3D…&x=1"],
    ["Authorization: Bearer sk-1234 is wrong", "Authorization: Bearer … is wrong"],
    ["design=1 signs=2 assign=3", "design=1 signs=2 assign=3"],
  ])("%s", (text, expected) => {
    expect(scrubText(text)).toBe(expected);
  });
});

describe("a key is hidden", () => {
  test.each([
    ["wrong key sk-a+b/c=1", "wrong key …"],
    ["wrong key sk-a%2Bb%2Fc%3D1", "wrong key …"],
    [String.raw`wrong key sk-a+b\/c=1`, "wrong key …"],
  ])("%s", (text, expected) => {
    expect(hideKey(text, "sk-a+b/c=1")).toBe(expected);
  });

  test("but not what is too short to be one, and stands everywhere", () => {
    expect(hideKey('{"max":1}', "x")).toBe('{"max":1}');
  });
});

describe("the same bytes have the same address, however they are signed", () => {
  test.each([
    ["https://a.example/b.mp4?v=2", "https://a.example/b.mp4?v=2"],
    ["https://a.example/b.mp4?v=2&X-Amz-Date=1&X-Amz-Signature=2", "https://a.example/b.mp4?v=2"],
    ["https://a.example/b.mp4?se=2026&sp=r&sig=1", "https://a.example/b.mp4"],
    ["https://a.example/b.mp4?Expires=1&OSSAccessKeyId=2&Signature=3", "https://a.example/b.mp4"],
    ["https://me:secret@a.example/b.mp4", "https://a.example/b.mp4"],
    // Without a signature these are ordinary words.
    ["https://a.example/b.mp4?st=1&expires=2", "https://a.example/b.mp4?st=1&expires=2"],
    ["not a link", "not a link"],
  ])("%s", (link, expected) => {
    expect(withoutSecrets(link)).toBe(expected);
  });
});
