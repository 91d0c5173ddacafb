import type { PriceTable } from "../base/prices.ts";
import type { LoweredScene } from "../seedance/lower.ts";
import { sumPrices, timesPrice, type Price } from "../seedance/price.ts";
import type { MediaIndex } from "../storyboard/media-index.ts";
import { upstreamOf } from "../storyboard/types.ts";
import { settledClip, type ScenePlan } from "./scene-plan.ts";
import { mostRetries } from "./retries.ts";
import { roundsNeeded } from "./makespan.ts";
import { quoteOf, shapeOfClip, shapeOfRequest, type Shape } from "./quote.ts";

export interface Estimate {
  /** By scene id, for the scenes that will be sent; all takes of it together. */
  readonly prices: ReadonlyMap<string, Price>;
  /** By scene id, for every scene: one take of it, whether it will be sent or not. */
  readonly quotes: ReadonlyMap<string, Price>;
  readonly total: Price;
  /** What may be sent beyond that, at most, should outputs be moderated. */
  readonly retries: Retries;
  /** Scenes that will be sent and for whose model the table has no price: nobody knows what they cost. */
  readonly unpriced: readonly string[];
  readonly table: PriceTable;
  /** Clips on the longest way: no number of parallel tasks is faster than so many one after another. */
  readonly rounds: number;
  readonly criticalPath: readonly string[];
  /** Expected seconds of the whole run at the given concurrency. */
  readonly seconds: number;
}

export interface Retries {
  readonly takes: number;
  /** Of all of them, were each billed: what fails is not, as far as is known. */
  readonly price: Price;
}

export interface EstimateOptions {
  readonly concurrency: number;
  /** Expected seconds of one task. */
  readonly taskSeconds: number;
  readonly prices: PriceTable;
}

/** What a plan costs, in money and time. */
export function estimate(
  plans: readonly ScenePlan[],
  lowered: ReadonlyMap<string, LoweredScene>,
  media: MediaIndex,
  options: EstimateOptions,
): Estimate {
  const table = options.prices;
  const quotes = quotesOf(plans, lowered, media, table);
  const sent = plans.filter(({ renders }) => renders > 0);
  const prices = new Map<string, Price>();
  for (const { scene, renders } of sent) {
    const quote = quotes.get(scene.id);
    if (quote) prices.set(scene.id, timesPrice(quote, renders));
  }
  const retried = plans.flatMap((plan) => Array.from({ length: mostRetries(plan) }, () => plan.scene.id));
  const criticalPath = longestWay(plans);
  return {
    prices,
    quotes,
    total: sumPrices([...prices.values()], table.currency),
    retries: {
      takes: retried.length,
      price: sumPrices(
        retried.flatMap((id) => quotes.get(id) ?? []),
        table.currency,
      ),
    },
    unpriced: [...new Set([...sent.map(({ scene }) => scene.id), ...retried])].filter(
      (id) => !quotes.has(id),
    ),
    table,
    rounds: criticalPath.length,
    criticalPath,
    seconds: roundsNeeded(plans, options.concurrency) * options.taskSeconds,
  };
}

/** Each scene after those that it uses: a clip that is here has its own shape, all others have what is asked for. */
function quotesOf(
  plans: readonly ScenePlan[],
  lowered: ReadonlyMap<string, LoweredScene>,
  media: MediaIndex,
  prices: PriceTable,
): Map<string, Price> {
  const shapes = new Map<string, Shape>();
  const quotes = new Map<string, Price>();
  const input = { media, prices, shapeOf: (scene: string) => shapes.get(scene) };
  for (const plan of plans) {
    const { id, mode } = plan.scene;
    const request = lowered.get(id);
    if (!request) continue;
    const quote = quoteOf(request, input);
    if (quote) quotes.set(id, quote);
    const clip = settledClip(plan);
    shapes.set(id, clip ? shapeOfClip(clip) : shapeOfRequest(request, mode.kind === "bridge", input));
  }
  return quotes;
}

/** The scenes to wait for, on the longest way through the graph. */
function longestWay(plans: readonly ScenePlan[]): string[] {
  interface Way {
    readonly id: string;
    readonly length: number;
    readonly before: Way | undefined;
  }
  const ways = new Map<string, Way>();
  const longer = (a: Way | undefined, b: Way | undefined): Way | undefined =>
    (b?.length ?? 0) > (a?.length ?? 0) ? b : a;
  let longest: Way | undefined;
  for (const { scene, action } of plans) {
    const before = upstreamOf(scene)
      .map((id) => ways.get(id))
      .reduce(longer, undefined);
    const waits = action === "render" || action === "collect";
    const way = waits ? { id: scene.id, length: (before?.length ?? 0) + 1, before } : before;
    if (way) ways.set(scene.id, way);
    longest = longer(longest, way);
  }
  const path: string[] = [];
  for (let way = longest; way; way = way.before) path.unshift(way.id);
  return path;
}
