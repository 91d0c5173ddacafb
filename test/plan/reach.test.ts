import { expect, test } from "vitest";
import type { Take } from "../../src/plan/lock.ts";
import { unreachableItem, type Reach } from "../../src/plan/reach.ts";
import { loweredOf } from "../support/scenes.ts";
import { doneTake } from "../support/takes.ts";

const EXTENDED = loweredOf({ id: "b", extend: "a" });
const DAY = 86_400_000;
const now = Date.parse(doneTake(1).at);
const reach = (more: Partial<Reach> = {}): Reach => ({ provider: "anyfast", now, hasBucket: false, ...more });
const item = (take: Take | undefined, more: Partial<Reach> = {}): string | undefined =>
  unreachableItem(EXTENDED, () => take, reach(more))?.written;

test("a clip that is yet to be made, or whose task the provider still knows, reaches it by its own link", () => {
  expect(item(undefined)).toBeUndefined();
  expect(item(doneTake(1), { now: now + 6 * DAY })).toBeUndefined();
});

test("a clip whose task is forgotten, was another provider's, or is not known does not", () => {
  expect(item(doneTake(1), { now: now + 8 * DAY })).toBe("a");
  expect(item(doneTake(1), { provider: "ark" })).toBe("a");
  const noTask = { ...doneTake(1) };
  delete (noTask as { task?: unknown }).task;
  expect(item(noTask)).toBe("a");
});

test("a local video does not, and a bucket is a way for all of them", () => {
  const [first] = EXTENDED.items;
  if (!first) throw new Error("no item");
  const local = {
    ...EXTENDED,
    items: [{ ...first, source: { kind: "file" as const, path: "/p/dolly.mp4", written: "./dolly.mp4" } }],
  };
  expect(unreachableItem(local, () => undefined, reach())).toBeDefined();
  expect(unreachableItem(local, () => undefined, reach({ hasBucket: true }))).toBeUndefined();
  expect(item(doneTake(1), { now: now + 8 * DAY, hasBucket: true })).toBeUndefined();
});
