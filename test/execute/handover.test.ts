import { expect, test } from "vitest";
import { expiryOf, providerHandover, type Share } from "../../src/execute/handover.ts";
import { FakeService } from "../support/fake-service.ts";
import { doneTake } from "../support/takes.ts";

const TAKE = doneTake(1);
const SENT = Date.parse(TAKE.at);
const HOUR = 3_600_000;
const BUCKET: Share = () => Promise.resolve("https://bucket/clip");

async function urlAfter(hours: number, share?: Share, url = "https://files/1"): Promise<string | undefined> {
  const service = new FakeService();
  service.onPoll = () => ({ kind: "succeeded", url });
  const clock = { now: () => SENT + hours * HOUR };
  return providerHandover(service, "anyfast", new AbortController().signal, clock, share).clipUrl(TAKE);
}

test("the provider's own link goes first while it is fresh", async () => {
  expect(await urlAfter(1, BUCKET)).toBe("https://files/1");
});

test("then the bucket; without one, an old link that may have been renewed is tried", async () => {
  expect(await urlAfter(25, BUCKET)).toBe("https://bucket/clip");
  expect(await urlAfter(25)).toBe("https://files/1");
});

test("a renewed link says itself how long it lives", async () => {
  const renewed = "https://files/1?X-Tos-Date=20260102T000000Z&X-Tos-Expires=86400";
  expect(await urlAfter(25, BUCKET, renewed)).toBe(renewed);
  expect(await urlAfter(47.8, BUCKET, renewed)).toBe("https://bucket/clip");
});

test("a link that says it has ended is not sent, and one failed look is no answer", async () => {
  const over = "https://files/1?X-Tos-Date=20260101T000000Z&X-Tos-Expires=3600";
  expect(await urlAfter(25, undefined, over)).toBeUndefined();
  const service = new FakeService();
  let looks = 0;
  service.onPoll = () =>
    looks++ === 0
      ? { kind: "unreadable", error: { code: "", message: "HTTP 502" } }
      : { kind: "succeeded", url: "https://files/1" };
  const clock = { now: () => SENT };
  const handover = providerHandover(service, "anyfast", new AbortController().signal, clock);
  expect(await handover.clipUrl(TAKE)).toBe("https://files/1");
});

test("a clip of another provider, and a task that is gone, go by the bucket", async () => {
  const service = new FakeService();
  service.onPoll = () => ({ kind: "missing", error: { code: "", message: "" } });
  const handover = (provider: string) =>
    providerHandover(service, provider, new AbortController().signal, { now: () => SENT }, BUCKET);
  expect(await handover("ark").clipUrl(TAKE)).toBe("https://bucket/clip");
  expect(await handover("anyfast").clipUrl(TAKE)).toBe("https://bucket/clip");
});

test.each([
  ["https://f/1?Expires=1767225600", Date.UTC(2026, 0, 1)],
  ["https://f/1?X-Amz-Date=20260101T000000Z&X-Amz-Expires=60", Date.UTC(2026, 0, 1, 0, 1)],
  ["https://f/1?Expires=60", undefined],
  ["https://f/1", undefined],
  ["no link", undefined],
])("%s ends at %s", (link, end) => {
  expect(expiryOf(link)).toBe(end);
});
