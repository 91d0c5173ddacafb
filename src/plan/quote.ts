import type { PriceTable } from "../base/prices.ts";
import { nearestRatio, type Ratio } from "../base/sizes.ts";
import type { LoweredScene } from "../seedance/lower.ts";
import { inputSecondsOf, priceOf, tokensOf, type Price } from "../seedance/price.ts";
import type { MediaIndex } from "../storyboard/media-index.ts";
import type { Clip, Quote } from "./lock.ts";

/** What is known of a clip that others are made from, whether it exists or not. */
export interface Shape {
  readonly ratio: Ratio;
  /** As it counts when it is an input. */
  readonly seconds: number | "unknown";
}

export interface QuoteInput {
  readonly media: MediaIndex;
  readonly prices: PriceTable;
  /** Of the clip of an earlier scene. */
  shapeOf(scene: string): Shape | undefined;
}

/** The price of one take; undefined where there is none for its model. */
export function quoteOf(request: LoweredScene, input: QuoteInput): Price | undefined {
  const hasVideo = request.items.some(({ type }) => type === "video_url");
  const tokens = tokensOf({
    resolution: request.resolution,
    ratio: ratioOf(request, input),
    seconds: request.duration,
    inputVideoSeconds: hasVideo ? inputSeconds(request, input) : 0,
  });
  return priceOf(tokens, hasVideo, request.model, input.prices);
}

/** Of a clip that is here: what it really is, whatever was asked for. */
export function shapeOfClip(clip: Clip): Shape {
  return { ratio: nearestRatio(clip.width, clip.height), seconds: inputSecondsOf(clip) };
}

/** Of a clip that is not made yet: what is asked for; a bridge holds its sources as well. */
export function shapeOfRequest(
  request: LoweredScene,
  isBridge: boolean,
  input: Omit<QuoteInput, "prices">,
): Shape {
  const sources = isBridge ? inputSeconds(request, input) : 0;
  const seconds = sources === "unknown" ? sources : request.duration + sources;
  return { ratio: ratioOf(request, input), seconds };
}

/** `adaptive` follows the first frame, or the first medium, video before image. */
function ratioOf(request: LoweredScene, { media, shapeOf }: Omit<QuoteInput, "prices">): Ratio {
  if (request.ratio !== "adaptive") return request.ratio;
  const leading =
    request.items.find(({ type }) => type === "video_url") ??
    request.items.find(({ type }) => type === "image_url");
  if (!leading) return "adaptive";
  const { source } = leading;
  if (source.kind === "clip" || source.kind === "still") return shapeOf(source.scene)?.ratio ?? "adaptive";
  const file = source.kind === "file" ? media.get(source.path) : undefined;
  if (file?.kind !== "read" || !("width" in file.facts)) return "adaptive";
  return nearestRatio(file.facts.width, file.facts.height);
}

/** Seconds of all video inputs. */
function inputSeconds(
  request: LoweredScene,
  { media, shapeOf }: Omit<QuoteInput, "prices">,
): number | "unknown" {
  let sum = 0;
  for (const { type, source } of request.items) {
    if (type !== "video_url") continue;
    const file = source.kind === "file" ? media.get(source.path) : undefined;
    const facts = file?.kind === "read" && file.facts.kind === "video" ? file.facts : undefined;
    const seconds = source.kind === "clip" ? shapeOf(source.scene)?.seconds : facts && inputSecondsOf(facts);
    if (seconds === undefined || seconds === "unknown") return "unknown";
    sum += seconds;
  }
  return sum;
}

/** What was billed otherwise than quoted, in words; nothing where both agree, or one is not known. */
export function billingDifference(quote: Quote | undefined, tokens: number | undefined): string[] {
  if (!quote || tokens === undefined || tokens === quote.tokens) return [];
  if (quote.kind === "upper-bound" && tokens < quote.tokens) return [];
  const count = (number: number): string => number.toLocaleString("en");
  const way = tokens > quote.tokens ? "more" : "fewer";
  const difference = count(Math.abs(tokens - quote.tokens));
  return [`${count(tokens)} tokens were billed, ${difference} ${way} than quoted`];
}
