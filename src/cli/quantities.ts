import type { Price } from "../seedance/price.ts";

/** `$0.38`, with `at most` where something that counts is not known. */
export function moneyText(price: Price): string {
  return `${price.kind === "upper-bound" ? "at most " : ""}$${price.usd.toFixed(2)}`;
}

export function durationText(seconds: number): string {
  if (seconds < 90) return `${Math.max(1, Math.round(seconds))} s`;
  return `${Math.round(seconds / 60)} min`;
}

export function secondsText(seconds: number): string {
  return `${seconds.toFixed(1)} s`;
}
