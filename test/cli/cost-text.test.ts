import { expect, test } from "vitest";
import { DEFAULT_PRICES } from "../../src/base/prices.ts";
import { costJson, costText } from "../../src/cli/cost-text.ts";
import { costsOf } from "../../src/plan/spent.ts";
import type { Lock, Take } from "../../src/plan/lock.ts";
import { lockOf, recipesOf, takeOf } from "../plan/planned.ts";

const PLAIN = { style: (_: unknown, text: string): string => text };
const RECIPES = recipesOf(
  "version: 1\ndefaults: { resolution: 480p, duration: 4 }\nscenes:\n  - { id: dawn, prompt: At dawn. }\n  - { id: climb, extend: dawn, prompt: He climbs. }\n",
);
const QUOTE = { kind: "exact", tokens: 40_176, amount: 0.140616, currency: "USD" } as const;

function take(scene: string, number: number, more: Partial<Take>): Take {
  const recipe = RECIPES.get(scene);
  if (!recipe) throw new Error(`no recipe of ${scene}`);
  return takeOf(recipe, { take: number, task: `${scene}-${number}`, ...more });
}

const LOCK: Lock = lockOf({
  climb: [
    take("climb", 1, {
      at: "2026-11-02T09:00:00.000Z",
      tokens: 90_000,
      quote: { ...QUOTE, tokens: 80_352, amount: 0.168739 },
    }),
    take("climb", 2, {
      at: "2026-11-02T10:00:00.000Z",
      state: "submitted",
      quote: { ...QUOTE, amount: 0.17 },
    }),
  ],
  dawn: [
    take("dawn", 1, { at: "2026-11-01T23:59:59.000Z", tokens: 40_176, quote: QUOTE }),
    take("dawn", 2, { at: "2026-11-02T08:00:00.000Z", state: "failed", quote: QUOTE }),
    take("dawn", 3, { at: "2026-11-02T08:30:00.000Z", state: "unknown", quote: QUOTE }),
    take("dawn", 4, { at: "2026-11-02T08:31:00.000Z", state: "refused", quote: QUOTE }),
  ],
  // The take of another scene, brought back from the record of all takes.
  old: [{ ...take("dawn", 1, { at: "2026-11-01T23:59:59.000Z", tokens: 40_176, quote: QUOTE }), take: 1 }],
});

test("what was paid is told in all, by day and by scene, with what is not settled", () => {
  expect(costText("film", costsOf(LOCK, DEFAULT_PRICES), PLAIN).split("\n")).toEqual([
    "Spent: 0.33 USD for 2 takes (130,176 tokens), 0.02 USD more than the 0.31 USD quoted.",
    "Under way: 1 take, up to 0.17 USD more.",
    "Perhaps billed: 1 take, up to 0.14 USD.",
    "Not billed: 2 takes refused or failed.",
    "",
    "By day (UTC)   takes   tokens     billed     quoted",
    "2026-11-01         1   40,176   0.14 USD   0.14 USD",
    "2026-11-02         1   90,000   0.19 USD   0.17 USD",
    "",
    "By scene   takes   tokens     billed     quoted",
    "dawn           1   40,176   0.14 USD   0.14 USD",
    "climb          1   90,000   0.19 USD   0.17 USD",
    "",
    "Not settled:",
    "  dawn take 3 of 2026-11-02, unknown: perhaps billed, up to 0.14 USD",
    "  climb take 2 of 2026-11-02, under way (task climb-2), up to 0.17 USD",
  ]);
});

test("a clip that was paid once counts once, in whichever scene it was first paid", () => {
  const scenes = costsOf(LOCK, DEFAULT_PRICES).map(({ scene, take: { take } }) => `${scene}#${take}`);
  expect(scenes).toEqual(["dawn#1", "dawn#2", "dawn#3", "dawn#4", "climb#1", "climb#2"]);
});

test("takes of before quotes were kept are counted at today's prices, and it is said", () => {
  const costs = costsOf(
    lockOf({ dawn: [take("dawn", 1, { tokens: 40_176 }), take("dawn", 2, {})] }),
    DEFAULT_PRICES,
  );
  const text = costText("film", costs, PLAIN);
  expect(text).toContain("Spent: 0.28 USD for 2 takes (80,352 tokens).\n");
  expect(text).toContain("Takes without a quote are counted at today's prices.");
});

test("currencies are not added up", () => {
  const euro = take("dawn", 2, { tokens: 40_176, quote: { ...QUOTE, amount: 0.5, currency: "EUR" } });
  const costs = costsOf(
    lockOf({ dawn: [take("dawn", 1, { tokens: 40_176, quote: QUOTE }), euro] }),
    DEFAULT_PRICES,
  );
  expect(costText("film", costs, PLAIN).split("\n").slice(0, 2)).toEqual([
    "Spent: 0.50 EUR for 1 take (40,176 tokens), as quoted.",
    "Spent: 0.14 USD for 1 take (40,176 tokens), as quoted.",
  ]);
  expect(costJson(costs)).toMatchObject({
    totals: [
      { currency: "EUR", billed: { takes: 1, tokens: 40_176, amount: 0.5 } },
      { currency: "USD", billed: { takes: 1, tokens: 40_176, amount: 0.140616 } },
    ],
    takes: [
      { billing: "billed", amount: 0.140616 },
      { amount: 0.5, currency: "EUR" },
    ],
  });
});

test("nothing sent is nothing to tell", () => {
  expect(costText("film", [], PLAIN)).toBe("Nothing was sent for film yet.");
});
