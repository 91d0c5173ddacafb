import type { LoweredScene } from "../seedance/lower.ts";
import { priceOf, ratesOf, sumPrices, tokensOf, type Price } from "../seedance/price.ts";
import { nearestRatio, type Ratio } from "../base/sizes.ts";
import type { MediaIndex } from "../storyboard/media-index.ts";
import { upstreamOf } from "../storyboard/types.ts";
import type { ScenePlan } from "./decide.ts";
import { roundsNeeded } from "./makespan.ts";

export interface Estimate {
  /** By scene id, for the scenes that will be sent; all takes of it together. */
  readonly prices: ReadonlyMap<string, Price>;
  readonly total: Price;
  /** Clips on the longest way: no number of parallel tasks is faster than so many one after another. */
  readonly rounds: number;
  readonly criticalPath: readonly string[];
  /** Expected seconds of the whole run at the given concurrency. */
  readonly seconds: number;
}

export interface EstimateOptions {
  readonly concurrency: number;
  /** Expected seconds of one task. */
  readonly taskSeconds: number;
}

/** What a plan costs, in money and time. */
export function estimate(
  plans: readonly ScenePlan[],
  lowered: ReadonlyMap<string, LoweredScene>,
  media: MediaIndex,
  options: EstimateOptions,
): Estimate {
  const shapes = shapesOf(plans, lowered, media);
  const prices = new Map<string, Price>();
  for (const plan of plans) {
    const price = plan.renders > 0 ? scenePrice(plan, { lowered, media, shapes }) : undefined;
    if (price) prices.set(plan.scene.id, price);
  }
  const criticalPath = longestWay(plans);
  return {
    prices,
    total: sumPrices([...prices.values()]),
    rounds: criticalPath.length,
    criticalPath,
    seconds: roundsNeeded(plans, options.concurrency) * options.taskSeconds,
  };
}

interface Known {
  readonly lowered: ReadonlyMap<string, LoweredScene>;
  readonly media: MediaIndex;
  readonly shapes: ReadonlyMap<string, Shape>;
}

/** What is known of a clip before it exists. */
interface Shape {
  readonly ratio: Ratio;
  readonly seconds: number | "unknown";
}

function shapesOf(
  plans: readonly ScenePlan[],
  lowered: ReadonlyMap<string, LoweredScene>,
  media: MediaIndex,
): Map<string, Shape> {
  const shapes = new Map<string, Shape>();
  for (const { scene } of plans) {
    const request = lowered.get(scene.id);
    if (!request) continue;
    const sources = scene.mode.kind === "bridge" ? inputSeconds(request, shapes, media) : 0;
    const seconds = sources === "unknown" ? sources : request.duration + sources;
    shapes.set(scene.id, { ratio: shapeRatio(request, shapes, media), seconds });
  }
  return shapes;
}

/** `adaptive` follows the first frame, or the first medium, video before image. */
function shapeRatio(request: LoweredScene, shapes: ReadonlyMap<string, Shape>, media: MediaIndex): Ratio {
  if (request.ratio !== "adaptive") return request.ratio;
  const leading =
    request.items.find(({ type }) => type === "video_url") ??
    request.items.find(({ type }) => type === "image_url");
  if (!leading) return "adaptive";
  const { source } = leading;
  if (source.kind === "clip" || source.kind === "still") return shapes.get(source.scene)?.ratio ?? "adaptive";
  const file = source.kind === "file" ? media.get(source.path) : undefined;
  if (file?.kind !== "read" || !("width" in file.facts)) return "adaptive";
  return nearestRatio(file.facts.width, file.facts.height);
}

/** Seconds of all video inputs. A clip of our own has the length that was asked for. */
function inputSeconds(
  request: LoweredScene,
  shapes: ReadonlyMap<string, Shape>,
  media: MediaIndex,
): number | "unknown" {
  let sum = 0;
  for (const { type, source } of request.items) {
    if (type !== "video_url") continue;
    const file = source.kind === "file" ? media.get(source.path) : undefined;
    const facts = file?.kind === "read" && file.facts.kind === "video" ? file.facts : undefined;
    const seconds = source.kind === "clip" ? shapes.get(source.scene)?.seconds : facts?.seconds;
    if (seconds === undefined || seconds === "unknown") return "unknown";
    sum += seconds;
  }
  return sum;
}

function scenePrice(plan: ScenePlan, known: Known): Price | undefined {
  const request = known.lowered.get(plan.scene.id);
  const rates = request && ratesOf(request.model);
  if (!request || !rates) return undefined;
  const hasVideo = request.items.some(({ type }) => type === "video_url");
  const tokens = tokensOf({
    resolution: request.resolution,
    ratio: known.shapes.get(plan.scene.id)?.ratio ?? "adaptive",
    seconds: request.duration,
    inputVideoSeconds: hasVideo ? inputSeconds(request, known.shapes, known.media) : 0,
  });
  const one = priceOf(tokens, hasVideo, rates);
  return sumPrices(Array.from({ length: plan.renders }, () => one));
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
