import { NO_WISHES } from "../../src/plan/wishes.ts";
import { expect, test } from "vitest";
import { DEFAULT_PRICES, LIST_PRICES, type PriceTable } from "../../src/base/prices.ts";
import { spendQuestion } from "../../src/cli/ask.ts";
import { planJson } from "../../src/cli/plan-json.ts";
import { EVERY_WAY } from "../support/handing.ts";
import { plansText } from "../../src/cli/plan-text.ts";
import { moneyText } from "../../src/cli/quantities.ts";
import { planFilms, type Plan } from "../../src/driver/plan.ts";
import { EMPTY_LOCK } from "../../src/plan/lock.ts";
import { checkedText } from "../support/memory-machine.ts";
import { memoryFiles } from "../support/memory-files.ts";

const PLAIN = { style: (_: unknown, text: string): string => text };
const NOW = Date.parse("2026-11-25");

function plans(scenes: string, prices: PriceTable = DEFAULT_PRICES, provider = "anyfast"): Plan[] {
  const text = `version: 1\ndefaults: { resolution: 480p, duration: 4 }\nscenes:\n${scenes}`;
  const given = {
    provider: { value: provider as "anyfast", origin: "flag" as const },
    kind: provider === "emulator" ? ("rehearsal" as const) : ("paid" as const),
    lock: EMPTY_LOCK,
    concurrency: 3,
    wishes: NO_WISHES,
    prices,
    ways: EVERY_WAY,
    now: NOW,
  };
  return planFilms(checkedText(text).films, given, memoryFiles());
}

const CHAIN = "  - { id: dawn, prompt: At dawn. }\n  - { id: climb, extend: dawn, prompt: He climbs. }\n";
const ROUGH = `${CHAIN}  - { id: storm, edit: "https://example.com/a.mp4", prompt: It rains. }\n`;
const lines = (text: string, word: string): string[] =>
  text.split("\n").filter((line) => line.trimStart().startsWith(word));

test("a plan says what it costs, in which currency, by which prices, and that Anyfast's own are not published", () => {
  const text = plansText(plans(CHAIN), PLAIN, NOW);
  expect(lines(text, "+ render")).toEqual([
    "  + render   dawn   text        4 s  0.14 USD  new scene",
    "  + render   climb  extend      4 s  0.17 USD  new scene",
  ]);
  expect(lines(text, "Price")).toEqual([
    "Price: 0.31 USD for 2 clips (120,528 tokens).",
    "Prices: the list of the model's maker of 2026-08; Anyfast does not publish its own.",
  ]);
});

test("a rehearsal costs nothing, and says what the paid service would", () => {
  expect(lines(plansText(plans(CHAIN, DEFAULT_PRICES, "emulator"), PLAIN, NOW), "Price")).toEqual([
    "Price: nothing. On the paid service it would be 0.31 USD for 2 clips (120,528 tokens).",
    "Prices: the list of the model's maker of 2026-08.",
  ]);
});

test("what tries after moderation could cost is told apart: in the plan, when a person is asked, and in JSON", () => {
  const films = plans(
    "  - { id: dawn, prompt: At dawn., takes: 2, retry: { moderation: 2 } }\n  - { id: climb, extend: dawn, prompt: On., retry: { moderation: 1 } }\n",
  );
  const said =
    "up to 5 more tries if the output is moderated: failed tasks are not billed, as far as is known; were they, 0.73 USD more";
  expect(lines(plansText(films, PLAIN, NOW), "Retries:")).toEqual([`Retries: ${said}.`]);
  expect(lines(plansText(films, PLAIN, NOW), "Price:")).toEqual([
    "Price: 0.45 USD for 3 clips (160,704 tokens).",
  ]);
  expect(spendQuestion(films, PLAIN, NOW)).toContain(`; ${said}; `);
  expect(planJson(films, NOW)).toMatchObject({
    steps: [{ renders: 2, retries: 4 }, { renders: 1, retries: 1 }, {}],
    cost: { retries: { most: 5, amount: expect.closeTo(0.731, 3), currency: "USD" } },
  });
});

test("another currency is shown by its code, in text and in JSON", () => {
  const films = plans(CHAIN, LIST_PRICES["CNY"]);
  expect(lines(plansText(films, PLAIN, NOW), "Price:")).toEqual([
    "Price: 2.05 CNY for 2 clips (120,528 tokens).",
  ]);
  expect(planJson(films, NOW)["cost"]).toMatchObject({
    amount: 2.048976,
    currency: "CNY",
    usd: null,
    exact: true,
    prices: { asOf: "2026-08", from: null },
  });
});

test("old prices say so", () => {
  const old = { ...DEFAULT_PRICES, asOf: "2025-01", from: "prices.yaml" };
  expect(lines(plansText(plans(CHAIN, old), PLAIN, NOW), "Prices:")).toEqual([
    "Prices: of 2025-01 in prices.yaml, more than half a year old.",
  ]);
});

test("scenes whose price nobody knows are named", () => {
  const text = plansText(plans(CHAIN, { ...DEFAULT_PRICES, rates: {} }), PLAIN, NOW);
  expect(text).toContain("Not in it: dawn, climb, since no price of the model is known.");
});

test.each([
  [CHAIN, "Spend 0.31 USD on anyfast? (exact; prices: "],
  [ROUGH, "Spend at most 0.73 USD on anyfast? (of it 0.31 USD exact; prices: "],
])("the question before spending shows the amount and how sure it is", (scenes, question) => {
  expect(spendQuestion(plans(scenes), PLAIN, NOW)).toBe(
    `${question}the list of the model's maker of 2026-08; Anyfast does not publish its own) [y/N] `,
  );
});

test("the most that it can be is rounded up, what is exact to the nearest", () => {
  const price = { tokens: 1, amount: 0.3812, currency: "EUR" };
  expect(moneyText({ ...price, kind: "upper-bound" })).toBe("at most 0.39 EUR");
  expect(moneyText({ ...price, kind: "exact" })).toBe("0.38 EUR");
});
