import { areOld, type PriceTable } from "../base/prices.ts";
import type { Price } from "../seedance/price.ts";

/** `0.38 USD`, with `at most` where something that counts is not known: then it is rounded up. */
export function moneyText({ kind, amount, currency }: Pick<Price, "kind" | "amount" | "currency">): string {
  if (kind === "exact") return amountText(amount, currency);
  return `at most ${amountText(Math.ceil(amount * 100 - 1e-6) / 100, currency)}`;
}

export function amountText(amount: number, currency: string): string {
  return `${amount.toFixed(2)} ${currency}`;
}

export function tokensText(tokens: number): string {
  return `${tokens.toLocaleString("en")} tokens`;
}

/** Whose prices an estimate is made from, and of when. `now`: milliseconds since 1970. */
export function pricesText(table: PriceTable, provider: string, now: number): string {
  const old = areOld(table, now) ? ", more than half a year old" : "";
  if (table.from !== undefined) return `of ${table.asOf} in ${table.from}${old}`;
  const unpublished = provider === "anyfast" ? "; Anyfast does not publish its own" : "";
  return `the list of the model's maker of ${table.asOf}${old}${unpublished}`;
}

export function durationText(seconds: number): string {
  if (seconds < 90) return `${Math.max(1, Math.round(seconds))} s`;
  return `${Math.round(seconds / 60)} min`;
}

export function secondsText(seconds: number): string {
  return `${seconds.toFixed(1)} s`;
}
