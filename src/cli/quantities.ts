import { areOld, type PriceTable } from "../base/prices.ts";
import type { Price } from "../seedance/price.ts";

/** `0.38 USD`, with `at most` where something that counts is not known: then it is rounded up. */
export function moneyText(price: Pick<Price, "kind" | "amount" | "currency">): string {
  const text = amountText(shownAmount(price), price.currency);
  return price.kind === "exact" ? text : `at most ${text}`;
}

/** Rounded as it is shown, so that a difference agrees with what stands beside it. */
export function shownAmount({ kind, amount }: Pick<Price, "kind" | "amount">): number {
  return kind === "exact" ? Number(amount.toFixed(2)) : Math.ceil(amount * 100 - 1e-6) / 100;
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
