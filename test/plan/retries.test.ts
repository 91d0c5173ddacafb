import { describe, expect, test } from "vitest";
import type { Take } from "../../src/plan/lock.ts";
import { mostRetries, retriesAfter } from "../../src/plan/retries.ts";
import { NO_WISHES } from "../../src/plan/wishes.ts";
import { film, lockOf, plansOf, recipesOf, takeOf, type Given } from "./planned.ts";

const scene = (moderation: number, more = ""): string =>
  film(`{ id: a, prompt: sea, retry: { moderation: ${moderation} }${more} }`);
const recipe = recipesOf(scene(0)).get("a");
if (!recipe) throw new Error("no recipe");

const MODERATED = { code: "OutputAudioSensitiveContentDetected", message: "" };
const moderated = (take: number, retries?: number): Take =>
  takeOf(recipe, { take, state: "failed", error: MODERATED, ...(retries !== undefined && { retries }) });

/** What is sent of `a`, and for each request how many may follow; then the sum with those that are waited for. */
function sent(text: string, given: Given = {}): string {
  const [plan] = plansOf(text, given);
  return plan ? `${plan.renders}: ${(plan.retries ?? []).join(" ")} (${mostRetries(plan)})` : "";
}

const after = (...takes: Take[]): Given => ({ lock: lockOf({ a: takes }) });

describe("how many more takes may follow a request", () => {
  test.each<[what: string, text: string, given: Given, said: string]>([
    ["none where the storyboard says nothing", scene(0), {}, "1:  (0)"],
    ["as many as the storyboard says", scene(2), {}, "1: 2 (2)"],
    ["as many for each wanted take", scene(2, ", takes: 2"), {}, "2: 2 2 (4)"],
    ["those that are left of a series that was broken off", scene(2), after(moderated(1, 2)), "1: 1 (1)"],
    ["none after the last but one of a series", scene(2), after(moderated(1, 2), moderated(2, 1)), "1:  (0)"],
    [
      "as many again when a series has come to its end",
      scene(2),
      after(moderated(1, 2), moderated(2, 1), moderated(3)),
      "1: 2 (2)",
    ],
    ["as many as ever after a failure that nothing was to follow", scene(1), after(moderated(1)), "1: 1 (1)"],
    ["no more than the storyboard says by now", scene(1), after(moderated(1, 5)), "1: 1 (1)"],
    [
      "as many as ever after another failure",
      scene(2),
      after(takeOf(recipe, { state: "failed", retries: 2, error: { code: "Other", message: "" } })),
      "1: 2 (2)",
    ],
    [
      "those of a task that is waited for",
      scene(2),
      after(takeOf(recipe, { state: "submitted", retries: 1 })),
      "0:  (1)",
    ],
    [
      "none of a task that was sent without",
      scene(2),
      after(takeOf(recipe, { state: "submitted" })),
      "0:  (0)",
    ],
    ["none of what was refused", scene(2), after(takeOf(recipe, { state: "refused" })), "0:  (0)"],
    ["none of what is unknown", scene(2), after(takeOf(recipe, { state: "unknown", retries: 2 })), "0:  (0)"],
    [
      "as many as ever after a person's wish",
      scene(2),
      { ...after(moderated(1, 2)), wishes: { ...NO_WISHES, retake: new Set(["a"]) } },
      "1: 2 (2)",
    ],
    [
      "none of a scene that is left as it is",
      film("{ id: a, prompt: sea, retry: { moderation: 2 } }", "{ id: b, prompt: on }"),
      { wishes: { ...NO_WISHES, only: new Set(["b"]) } },
      "0:  (0)",
    ],
  ])("%s", (_, text, given, said) => {
    expect(sent(text, given)).toBe(said);
  });

  test("as many for a scene whose recipe is not known yet", () => {
    const text = film(
      "{ id: first, prompt: sea }",
      "{ id: a, extend: first, prompt: on, takes: 2, retry: { moderation: 3 } }",
    );
    expect(plansOf(text).map((plan) => [plan.renders, mostRetries(plan)])).toEqual([
      [1, 0],
      [2, 6],
    ]);
  });
});

describe("a take is followed by another one", () => {
  test("where its output was moderated", () => {
    expect(retriesAfter([moderated(1, 2)], 1)).toBe(2);
  });

  test.each<[what: string, take: Take]>([
    ["failed otherwise", takeOf(recipe, { state: "failed", retries: 2, error: { code: "X", message: "" } })],
    [
      "failed of its input",
      takeOf(recipe, {
        state: "failed",
        retries: 2,
        error: { code: "InputImageSensitiveContentDetected", message: "" },
      }),
    ],
    ["was refused", takeOf(recipe, { state: "refused", retries: 2, error: MODERATED })],
    ["is unknown", takeOf(recipe, { state: "unknown", retries: 2, error: MODERATED })],
    ["is under way", takeOf(recipe, { state: "submitted", retries: 2 })],
  ])("and not where it %s", (_, take) => {
    expect(retriesAfter([take], 1)).toBe(0);
  });

  test("and not where the same request was refused another time", () => {
    expect(retriesAfter([moderated(1, 2), takeOf(recipe, { take: 2, state: "refused" })], 1)).toBe(0);
  });
});
