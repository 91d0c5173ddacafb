import { FRAMES_PER_SECOND, SECONDS_SLACK, VIDEO } from "../base/limits.ts";
import type { PriceTable, Rate } from "../base/prices.ts";
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

export interface Price {
  readonly kind: Certainty;
  readonly tokens: number;
  /** Units of `currency`, rounded up to a millionth. */
  readonly amount: number;
  /** ISO 4217, such as `USD`. */
  readonly currency: string;
}

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

/**
 * Seconds that a video counts as an input. A clip of the service has one frame more than was asked for, and counts
 * as long as was asked.
 */
export function inputSecondsOf(video: {
  readonly seconds: number;
  readonly fps: number;
  readonly frames: number;
}): number {
  const { seconds, fps, frames } = video;
  const isOurs = Math.abs(fps - FRAMES_PER_SECOND) < 0.01 && frames % FRAMES_PER_SECOND === 1;
  return isOurs ? (frames - 1) / FRAMES_PER_SECOND : seconds;
}

/** The money for `tokens`; undefined where the table has no price for the model. */
export function priceOf(
  tokens: Pick<TokenCount, "kind" | "tokens">,
  hasVideoInput: boolean,
  model: string,
  table: PriceTable,
): Price | undefined {
  const rate = rateOf(model, table);
  if (!rate) return undefined;
  const amount = amountOf(tokens.tokens, hasVideoInput ? rate.withVideo : rate.plain);
  return { kind: tokens.kind, tokens: tokens.tokens, amount, currency: table.currency };
}

/**
 * One model's rates. Providers write the same model with dots or dashes, with a maker in front and a date
 * behind (`doubao-seedance-2-0-mini-260801`), so an exact name wins, then the longest name contained.
 */
function rateOf(model: string, { rates }: PriceTable): Rate | undefined {
  if (Object.hasOwn(rates, model)) return rates[model];
  const wanted = plainName(model);
  const fits = Object.keys(rates).filter((name) => `-${wanted}-`.includes(`-${plainName(name)}-`));
  const longest = fits.sort((a, b) => b.length - a.length)[0];
  return longest === undefined ? undefined : rates[longest];
}

/** The sum of prices in one currency; an upper bound as soon as one of them is. */
export function sumPrices(prices: readonly Price[], currency: string): Price {
  const sum = (part: (price: Price) => number): number => prices.reduce((all, one) => all + part(one), 0);
  return {
    kind: prices.some((price) => price.kind === "upper-bound") ? "upper-bound" : "exact",
    tokens: sum((price) => price.tokens),
    amount: roundNoise(sum((price) => price.amount)),
    currency,
  };
}

/** The same price so many times; from 1. */
export function timesPrice(price: Price, times: number): Price {
  return sumPrices(
    Array.from({ length: times }, () => price),
    price.currency,
  );
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
