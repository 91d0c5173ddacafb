import { describe, expect, test } from "vitest";
import { PRICES, priceOf, ratesOf, sumPrices, tokensOf, withPrices } from "../../src/seedance/price.ts";

const request = { resolution: "720p", ratio: "16:9", seconds: 5, inputVideoSeconds: 0 } as const;
const mini = PRICES["seedance-2.0-mini"];
if (mini === undefined) throw new Error("no price");

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
});

describe("price", () => {
  test("without and with a video input", () => {
    expect(priceOf(tokensOf(request), false, mini)).toEqual({
      kind: "exact",
      tokens: 108_000,
      usd: 0.378,
      cny: 2.484,
      asOf: "2026-08",
    });
    expect(priceOf(tokensOf({ ...request, inputVideoSeconds: 5 }), true, mini)).toMatchObject({
      usd: 0.4536,
      cny: 3.024,
    });
  });

  test("a sum is exact only when all of it is", () => {
    const one = priceOf(tokensOf(request), false, mini);
    const rough = priceOf(tokensOf({ ...request, ratio: "adaptive" }), false, { ...mini, asOf: "2026-07" });
    expect(sumPrices([one, one, one])).toMatchObject({ kind: "exact", usd: 1.134 });
    expect(sumPrices([one, rough])).toMatchObject({ kind: "upper-bound", asOf: "2026-07" });
    expect(sumPrices([])).toMatchObject({ kind: "exact", tokens: 0, usd: 0 });
  });

  test("a model is found under the names that providers give it, and in a person's own table", () => {
    expect(ratesOf("doubao-seedance-2-0-mini-260801")).toBe(mini);
    expect(ratesOf("seedance-1.0-pro")).toBeUndefined();
    expect(ratesOf("constructor")).toBeUndefined();
    const own = { ...mini, asOf: "2026-09-01" };
    expect(ratesOf("seedance-2.0-mini", withPrices({ "seedance-2.0-mini": own }))).toBe(own);
  });
});
