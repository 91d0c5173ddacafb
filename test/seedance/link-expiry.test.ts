import { expect, test } from "vitest";
import { linkExpiry } from "../../src/seedance/link-expiry.ts";

test.each([
  ["https://b.s3.amazonaws.com/k?X-Amz-Date=20260101T000000Z&X-Amz-Expires=60", Date.UTC(2026, 0, 1, 0, 1)],
  ["https://b.tos.volces.com/k?X-Tos-Expires=86400&X-Tos-Date=20260101T120000Z", Date.UTC(2026, 0, 2, 12)],
  ["https://cdn.example.com/k?Expires=1767225600&Signature=x&Key-Pair-Id=y", 1_767_225_600_000],
  ["https://cdn.example.com/k.mp4", undefined],
  ["https://cdn.example.com/k?X-Amz-Date=soon&X-Amz-Expires=60", undefined],
  ["https://cdn.example.com/k?Expires=never", undefined],
  ["no link", undefined],
])("%s", (link, moment) => {
  expect(linkExpiry(link)).toBe(moment);
});
