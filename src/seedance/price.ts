import { FRAMES_PER_SECOND, SECONDS_SLACK, VIDEO } from "../base/limits.ts";
import { largestSize, outputSize, type Ratio, type Resolution } from "../base/sizes.ts";

/** `upper-bound`: something that counts is not known yet, and the worst case was taken for it. */
export type Certainty = "exact" | "upper-bound";

export interface PricedRequest {
  readonly resolution: Resolution;
  /** The ratio that the clip will really have, where that is known; `adaptive` takes the dearest. */
  readonly ratio: Ratio;
  /** Seconds asked for. */
  readonly seconds: number;
  /** Of all input videos together; 0 without any, `unknown` when nobody could measure them. */
  readonly inputVideoSeconds: number | "unknown";
}

export interface TokenCount {
  readonly kind: Certainty;
  readonly tokens: number;
  /** True when the minimum for video inputs decided, not the length of the inputs. */
  readonly byMinimum: boolean;
}

/** Currency units per million tokens. */
export interface Rate {
  readonly plain: number;
  readonly withVideoInput: number;
}

export interface ModelRates {
  readonly usd: Rate;
  readonly cny: Rate;
  /** Month or day in ISO form at which the price was true; a person's own price says when they set it. */
  readonly asOf: string;
}

/** By model name. */
export type PriceTable = Readonly<Record<string, ModelRates>>;

export interface Price {
  readonly kind: Certainty;
  readonly tokens: number;
  /** Currency units, rounded up to a millionth. */
  readonly usd: number;
  readonly cny: number;
  readonly asOf: string;
}

/** List prices of the model's maker. Gateways may charge differently, so a person can override them. */
export const PRICES: PriceTable = {
  "seedance-2.0-mini": {
    usd: { plain: 3.5, withVideoInput: 2.1 },
    cny: { plain: 23, withVideoInput: 14 },
    asOf: "2026-08",
  },
};

const TOKEN_PIXELS = 1024;

/** Tokens that the service will bill for one take. */
export function tokensOf(request: PricedRequest): TokenCount {
  const size = outputSize(request.resolution, request.ratio);
  const { width, height } = size ?? largestSize(request.resolution);
  const { seconds, known, byMinimum } = billedSeconds(request);
  return {
    kind: size !== undefined && known ? "exact" : "upper-bound",
    // The sizes of some ratios give fractions of a token; rounding down would promise too little.
    tokens: Math.ceil(roundNoise((seconds * width * height * FRAMES_PER_SECOND) / TOKEN_PIXELS)),
    byMinimum,
  };
}

/** The money for `tokens`. `rates` is one model's line of a table, see `ratesOf`. */
export function priceOf(tokens: TokenCount, hasVideoInput: boolean, rates: ModelRates): Price {
  const column = hasVideoInput ? "withVideoInput" : "plain";
  return {
    kind: tokens.kind,
    tokens: tokens.tokens,
    usd: amountOf(tokens.tokens, rates.usd[column]),
    cny: amountOf(tokens.tokens, rates.cny[column]),
    asOf: rates.asOf,
  };
}

/**
 * One model's line. Providers write the same model with dots or dashes, with a maker in front and a date
 * behind (`doubao-seedance-2-0-mini-260801`), so an exact name wins, then the longest name contained.
 */
export function ratesOf(model: string, table: PriceTable = PRICES): ModelRates | undefined {
  if (Object.hasOwn(table, model)) return table[model];
  const wanted = plainName(model);
  const fits = Object.keys(table).filter((name) => `-${wanted}-`.includes(`-${plainName(name)}-`));
  const longest = fits.sort((a, b) => b.length - a.length)[0];
  return longest === undefined ? undefined : table[longest];
}

/** A table in which the person's own prices stand in place of ours. */
export function withPrices(own: PriceTable, table: PriceTable = PRICES): PriceTable {
  return { ...table, ...own };
}

/** The sum of many prices; an upper bound as soon as one of them is. Its date is the oldest. */
export function sumPrices(prices: readonly Price[]): Price {
  const sum = (part: (price: Price) => number): number => prices.reduce((all, one) => all + part(one), 0);
  return {
    kind: prices.some((price) => price.kind === "upper-bound") ? "upper-bound" : "exact",
    tokens: sum((price) => price.tokens),
    usd: roundNoise(sum((price) => price.usd)),
    cny: roundNoise(sum((price) => price.cny)),
    asOf: prices.map((price) => price.asOf).sort()[0] ?? "",
  };
}

function billedSeconds(request: PricedRequest): { seconds: number; known: boolean; byMinimum: boolean } {
  const { seconds, inputVideoSeconds: input } = request;
  if (input === 0) return { seconds, known: true, byMinimum: false };
  const inputSeconds = input === "unknown" ? VIDEO.sumSeconds + VIDEO.count * SECONDS_SLACK : input;
  const minimum = Math.ceil((seconds * 5) / 3);
  const both = seconds + inputSeconds;
  return { seconds: Math.max(both, minimum), known: input !== "unknown", byMinimum: minimum > both };
}

function amountOf(tokens: number, perMillion: number): number {
  return Math.ceil(roundNoise(tokens * perMillion)) / 1_000_000;
}

/** Removes what floating point adds, so that 0.1 + 0.2 is not rounded up to the next unit. */
function roundNoise(value: number): number {
  return Math.round(value * 1e6) / 1e6;
}

function plainName(model: string): string {
  return model.toLowerCase().replace(/[^a-z0-9]+/g, "-");
}
