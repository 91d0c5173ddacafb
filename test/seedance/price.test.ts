import { describe, expect, test } from "vitest";
import { areOld, DEFAULT_PRICES, LIST_PRICES, type PriceTable } from "../../src/base/prices.ts";
import { inputSecondsOf, priceOf, sumPrices, tokensOf, type Price } from "../../src/seedance/price.ts";

const request = { resolution: "720p", ratio: "16:9", seconds: 5, inputVideoSeconds: 0 } as const;
const MODEL = "seedance-2.0-mini";

describe("tokens", () => {
  test.each([
    [{}, 108_000, "exact", false],
    [{ resolution: "480p" }, 50_220, "exact", false],
    [{ ratio: "4:3" }, 108_681, "exact", false],
    [{ ratio: "adaptive" }, 108_681, "upper-bound", false],
    [{ inputVideoSeconds: 5 }, 216_000, "exact", false],
    [{ inputVideoSeconds: 2 }, 194_400, "exact", true],
    [{ inputVideoSeconds: 4 }, 194_400, "exact", false],
    [{ seconds: 4, inputVideoSeconds: 2 }, 151_200, "exact", true],
    [{ inputVideoSeconds: "unknown" }, 448_200, "upper-bound", false],
  ] as const)("%j", (change, tokens, kind, byMinimum) => {
    expect(tokensOf({ ...request, ...change })).toEqual({ kind, tokens, byMinimum });
  });

  test.each([
    ["a clip of the service counts as long as was asked", { seconds: 5.041667, fps: 24, frames: 121 }, 5],
    ["a video of another frame rate counts as long as it is", { seconds: 5.04, fps: 25, frames: 126 }, 5.04],
    ["one of whole seconds counts as long as it is", { seconds: 5, fps: 24, frames: 120 }, 5],
  ])("%s", (_, facts, seconds) => {
    expect(inputSecondsOf(facts)).toBe(seconds);
  });
});

describe("price", () => {
  const priced = (
    change: Partial<Parameters<typeof tokensOf>[0]>,
    hasVideo: boolean,
    table = DEFAULT_PRICES,
  ) => priceOf(tokensOf({ ...request, ...change }), hasVideo, MODEL, table);

  test("without and with a video input, in the currency of the table", () => {
    expect(priced({}, false)).toEqual({ kind: "exact", tokens: 108_000, amount: 0.378, currency: "USD" });
    expect(priced({ inputVideoSeconds: 5 }, true)).toMatchObject({ amount: 0.4536 });
    expect(priced({}, false, LIST_PRICES["CNY"])).toMatchObject({ amount: 2.484, currency: "CNY" });
  });

  test("a sum is exact only when all of it is", () => {
    const [one, rough] = [priced({}, false), priced({ ratio: "adaptive" }, false)] as [Price, Price];
    expect(sumPrices([one, one, one], "USD")).toMatchObject({ kind: "exact", amount: 1.134 });
    expect(sumPrices([one, rough], "USD")).toMatchObject({ kind: "upper-bound" });
    expect(sumPrices([], "EUR")).toEqual({ kind: "exact", tokens: 0, amount: 0, currency: "EUR" });
  });

  test.each([
    ["doubao-seedance-2-0-mini-260801", 0.378],
    ["seedance-1.0-pro", undefined],
    ["constructor", undefined],
  ])("of %s, as providers write it, is %s", (model, amount) => {
    expect(priceOf(tokensOf(request), false, model, DEFAULT_PRICES)?.amount).toBe(amount);
  });
});

test.each([
  ["2026-08", "2027-01-31", false],
  ["2026-08", "2027-02-02", true],
  ["2026-08-15", "2027-02-14", false],
  ["2026-08-15", "2027-02-16", true],
])("prices of %s are old on %s: %s", (asOf, day, old) => {
  const table: PriceTable = { currency: "USD", asOf, rates: {} };
  expect(areOld(table, Date.parse(day))).toBe(old);
});
