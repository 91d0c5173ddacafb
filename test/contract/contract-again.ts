import { describe, expect, test } from "vitest";
import type { PollOutcome } from "../../src/seedance/outcome.ts";
import { acceptedId, ending, linkOf, NEVER, read, type Rig } from "./contract-steps.ts";

/** Links live a day. */
const MORE_THAN_A_DAY = 25 * 3600;

/** What is asked once more: later, from where it stopped, or for a link that works. */
export function againCases(rig: Rig): void {
  const task = async (words = ""): Promise<string> => {
    const { service, body } = rig();
    return acceptedId(await service.create(body(`A lamp. ${words}`), "scene", NEVER));
  };

  describe("a service that wants to be left alone", () => {
    test.each([
      ["in seconds", "retry_after: 7", 7000, 7000],
      ["by a date", "retry_after: 60, retry_after_date: true", 57_000, 60_000],
      ["at once", "retry_after: 0", 0, 0],
    ])("says to a create until when, %s", async (_, after, least, most) => {
      const { service, body, misbehave } = rig();
      await misbehave?.(`{ at: create, answer: 429, ${after}, times: 1 }`);
      const outcome = await service.create(body("A lamp."), "scene", NEVER);
      if (outcome.kind !== "busy") throw new Error(JSON.stringify(outcome));
      expect(outcome.retryAfterMs).toBeGreaterThanOrEqual(least);
      expect(outcome.retryAfterMs).toBeLessThanOrEqual(most);
      expect(await service.create(body("A lamp."), "scene", NEVER)).toMatchObject({ kind: "accepted" });
    });

    test("says so to a look as well, which says nothing about the task", async () => {
      const { service, misbehave } = rig();
      const id = await task();
      await misbehave?.("{ at: poll, answer: 429, retry_after: 9, times: 1 }");
      expect(await service.poll(id, NEVER)).toMatchObject({ kind: "unreadable", retryAfterMs: 9000 });
      expect(await ending(service, id)).toMatchObject({ kind: "succeeded" });
    });
  });

  test("a download that broke off goes on where it stopped, and no byte comes twice", async () => {
    const { service } = rig();
    const url = linkOf(await ending(service, await task("[[truncate]]")));
    const broken = await service.download(url, 0, NEVER);
    if (broken.kind !== "open") throw new Error(broken.kind);
    const kept: Uint8Array[] = [];
    await expect(
      (async () => {
        for await (const chunk of broken.body) kept.push(chunk);
      })(),
    ).rejects.toThrow("the download stopped");
    const here = Buffer.concat(kept);
    expect(here.length).toBeGreaterThan(0);
    expect(here.length).toBeLessThan(broken.bytes ?? 0);
    const rest = await read(await service.download(url, here.length, NEVER, broken.version));
    expect([rest.from, rest.total]).toEqual([here.length, broken.bytes]);
    const whole = await read(await service.download(url, 0, NEVER));
    expect(Buffer.concat([here, rest.bytes]).equals(whole.bytes)).toBe(true);
  });

  test("a link that has expired is `gone`, also in the middle; a fresh look has one for the same bytes", async () => {
    const { service, later } = rig();
    if (!later) return;
    const id = await task();
    const old = linkOf(await ending(service, id));
    const whole = await service.download(old, 0, NEVER);
    if (whole.kind !== "open") throw new Error(whole.kind);
    const { bytes } = await read(whole);
    later(MORE_THAN_A_DAY);
    try {
      expect(await service.download(old, 0, NEVER)).toMatchObject({ kind: "gone" });
      expect(await service.download(old, 100, NEVER, whole.version)).toMatchObject({ kind: "gone" });
      const look: PollOutcome = await service.poll(id, NEVER);
      expect(linkOf(look)).not.toBe(old);
      const rest = await read(await service.download(linkOf(look), 100, NEVER, whole.version));
      expect([rest.from, rest.bytes.equals(bytes.subarray(100))]).toEqual([100, true]);
    } finally {
      later(-MORE_THAN_A_DAY);
    }
  });
}
