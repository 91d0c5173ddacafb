import type { PriceTable } from "../base/prices.ts";
import { nearestRatio, type Ratio, type Resolution } from "../base/sizes.ts";
import { unreachable } from "../base/unreachable.ts";
import { priceOf, tokensOf, type Price } from "../seedance/price.ts";
import type { Lock, Take } from "./lock.ts";

/** What one take has cost, as far as it is known. */
export interface TakeCost {
  readonly scene: string;
  readonly take: Take;
  readonly billing: Billing;
  /** In the currency of the amount. */
  readonly quoted?: Price;
  /** Whether `quoted` is what was quoted, or what today's prices would have said. */
  readonly isQuote: boolean;
}

export type Billing =
  /** The service has told the tokens. */
  | { readonly kind: "billed"; readonly tokens: number; readonly amount: number }
  /** It was made, and the service has not told the tokens: what was quoted is taken for it. */
  | { readonly kind: "as-quoted" }
  /** The service has it; it is billed when it ends well. */
  | { readonly kind: "under-way" }
  /** Nobody knows whether the service has accepted it. */
  | { readonly kind: "perhaps" }
  /** It was refused, or it failed: neither is billed. */
  | { readonly kind: "nothing" };

/**
 * Each purchase that a lock knows, once: a take that was brought back from an earlier state of the storyboard stands
 * in the lock a second time, with the same task. `table` prices takes that were made before quotes were kept.
 */
export function costsOf({ scenes }: Lock, table: PriceTable): TakeCost[] {
  const paid = new Set<string>();
  const costs: TakeCost[] = [];
  for (const [scene, { takes }] of scenes) {
    for (const take of takes) {
      const purchase = take.task === undefined ? undefined : `${take.provider} ${take.task}`;
      if (purchase !== undefined && paid.has(purchase)) continue;
      if (purchase !== undefined) paid.add(purchase);
      costs.push(costOf(scene, take, table));
    }
  }
  return costs.sort((a, b) => (a.take.at < b.take.at ? -1 : a.take.at > b.take.at ? 1 : 0));
}

function costOf(scene: string, take: Take, table: PriceTable): TakeCost {
  const quoted = take.quote ?? laterQuote(take, table);
  const cost = { scene, take, isQuote: take.quote !== undefined, ...(quoted && { quoted }) };
  return { ...cost, billing: billingOf(take, quoted, table) };
}

function billingOf(take: Take, quoted: Price | undefined, table: PriceTable): Billing {
  switch (take.state) {
    case "done":
      return billedOf(take, quoted, table) ?? { kind: "as-quoted" };
    case "submitted":
      return { kind: "under-way" };
    case "unknown":
    case "abandoned":
      return { kind: "perhaps" };
    case "refused":
    case "failed":
      return { kind: "nothing" };
    default:
      return unreachable(take.state);
  }
}

/** At the rate that was quoted then: prices may have changed since. */
function billedOf(
  { tokens, recipe }: Take,
  quoted: Price | undefined,
  table: PriceTable,
): Billing | undefined {
  if (tokens === undefined) return undefined;
  if (quoted && quoted.tokens > 0)
    return { kind: "billed", tokens, amount: (quoted.amount / quoted.tokens) * tokens };
  const price = priceOf({ kind: "exact", tokens }, hasVideo(recipe), recipe.model, table);
  return price && { kind: "billed", tokens, amount: price.amount };
}

/** What the prices of today say of a take that has no quote. */
function laterQuote({ recipe, clip }: Take, table: PriceTable): Price | undefined {
  const ratio = clip ? nearestRatio(clip.width, clip.height) : (recipe.ratio as Ratio);
  const { duration: seconds } = recipe;
  const inputVideoSeconds = hasVideo(recipe) ? "unknown" : 0;
  const resolution = recipe.resolution as Resolution;
  const tokens = tokensOf({ resolution, ratio, seconds, inputVideoSeconds });
  return priceOf(tokens, hasVideo(recipe), recipe.model, table);
}

function hasVideo({ media }: Take["recipe"]): boolean {
  return media.some(({ role }) => role === "reference_video");
}

/** Sums of takes in one currency. Amounts in units of it. */
export interface Spent {
  readonly currency: string;
  /** Takes that are billed for certain, with what was told or else quoted of them. */
  readonly billed: { readonly takes: number; readonly tokens: number; readonly amount: number };
  /** Of the same takes, before the fact; `takes` is of how many a quote was kept. */
  readonly quoted: Spent["billed"];
  /** The most that these may come to. */
  readonly underWay: { readonly takes: number; readonly amount: number };
  readonly perhaps: { readonly takes: number; readonly amount: number };
  /** Refused and failed ones. */
  readonly unbilled: number;
}

/** One sum for each currency in which something was quoted, by its code. */
export function sumCosts(costs: readonly TakeCost[]): Spent[] {
  const currencies = [...new Set(costs.map(({ quoted }) => quoted?.currency ?? ""))].sort();
  return currencies.map((currency) =>
    sumOf(
      currency,
      costs.filter(({ quoted }) => (quoted?.currency ?? "") === currency),
    ),
  );
}

function sumOf(currency: string, costs: readonly TakeCost[]): Spent {
  const of = (...kinds: readonly Billing["kind"][]): TakeCost[] =>
    costs.filter(({ billing }) => kinds.includes(billing.kind));
  const add = (some: readonly TakeCost[], part: (cost: TakeCost) => number): number =>
    Math.round(some.reduce((sum, cost) => sum + part(cost), 0) * 1e6) / 1e6;
  const quoted = (cost: TakeCost): number => cost.quoted?.amount ?? 0;
  const most = (kind: Billing["kind"]): Spent["perhaps"] => ({
    takes: of(kind).length,
    amount: add(of(kind), quoted),
  });
  const paid = of("billed", "as-quoted");
  return {
    currency,
    billed: { takes: paid.length, tokens: add(paid, billedTokens), amount: add(paid, billedAmount) },
    quoted: {
      takes: paid.filter(({ isQuote }) => isQuote).length,
      tokens: add(paid, (cost) => cost.quoted?.tokens ?? 0),
      amount: add(paid, quoted),
    },
    underWay: most("under-way"),
    perhaps: most("perhaps"),
    unbilled: of("nothing").length,
  };
}

export function billedTokens({ billing, quoted }: TakeCost): number {
  return billing.kind === "billed" ? billing.tokens : (quoted?.tokens ?? 0);
}

export function billedAmount({ billing, quoted }: TakeCost): number {
  return billing.kind === "billed" ? billing.amount : (quoted?.amount ?? 0);
}

/** The costs by what `of` says of them, in the order in which each first appears. */
export function groupCosts(
  costs: readonly TakeCost[],
  of: (cost: TakeCost) => string,
): ReadonlyMap<string, readonly TakeCost[]> {
  const groups = new Map<string, TakeCost[]>();
  for (const cost of costs) groups.set(of(cost), [...(groups.get(of(cost)) ?? []), cost]);
  return groups;
}

/** The day of a take, in UTC. */
export function dayOf({ take }: TakeCost): string {
  return take.at.slice(0, 10);
}
