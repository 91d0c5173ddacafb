import { promptText, type LoweredScene } from "../seedance/lower.ts";
import { sumPrices, timesPrice, type Price } from "../seedance/price.ts";
import type { MediaIndex } from "../storyboard/media-index.ts";
import { upstreamOf, type Scene } from "../storyboard/types.ts";
import { mediumName } from "./decide.ts";
import type { ScenePlan } from "./scene-plan.ts";
import type { Estimate } from "./estimate.ts";
import { compareRecipes, type Reason } from "./reasons.ts";
import { recipeOf } from "./recipe.ts";

/** One state of a film: as it is here, or as it was at another commit. */
export interface FilmState {
  /** Each after those that it uses. */
  readonly scenes: readonly ScenePlan[];
  readonly lowered: ReadonlyMap<string, LoweredScene>;
  readonly media: MediaIndex;
  readonly estimate: Estimate;
}

export interface SceneDifference {
  readonly scene: string;
  /** The name that it had before, where that was another. */
  readonly was?: string;
  /**
   * `follows`: it asks for the same as before, of a clip that will be another. `renamed`, `priced`: nothing is
   * different but the name, or what the same costs.
   */
  readonly change: "added" | "removed" | "changed" | "follows" | "renamed" | "priced";
  readonly reasons: readonly Reason[];
  /** All takes that are wanted of it, made from nothing. */
  readonly before?: Price;
  readonly now?: Price;
  /** Where the text that is sent has changed. */
  readonly prompt?: { readonly before: string; readonly now: string };
}

/** Scene by scene, in the order of the plan; what is gone stands last. */
export function differencesOf(before: FilmState, now: FilmState): SceneDifference[] {
  const old = new Map(before.scenes.map(({ scene }) => [scene.id, scene]));
  const names = formerNames(now, old);
  const moved = new Set<string>();
  const differences = now.scenes.flatMap(({ scene }): SceneDifference[] => {
    const former = old.get(names.get(scene.id) ?? "");
    const difference = former ? compare({ before, now, names, moved }, former, scene) : added(scene, now);
    if (difference?.reasons.some(isOfTheClip)) moved.add(scene.id);
    return difference ? [difference] : [];
  });
  const kept = new Set(names.values());
  const removed = before.scenes.filter(({ scene }) => !kept.has(scene.id));
  return [...differences, ...removed.map(({ scene }) => gone(scene, before))];
}

/** All scenes of a film made from nothing, with every take that is wanted. */
export function wholePrice({ scenes, estimate }: Pick<FilmState, "scenes" | "estimate">): Price {
  const prices = scenes.flatMap(({ scene }) => priceOfTakes(scene, estimate) ?? []);
  return sumPrices(prices, estimate.table.currency);
}

/** By each scene that is there already, the name that it had. */
function formerNames({ scenes }: FilmState, old: ReadonlyMap<string, Scene>): Map<string, string> {
  const ids = new Set(scenes.map(({ scene }) => scene.id));
  const names = scenes.flatMap(({ scene: { id, was } }): [string, string][] => {
    if (old.has(id)) return [[id, id]];
    return was !== undefined && old.has(was) && !ids.has(was) ? [[id, was]] : [];
  });
  return new Map(names);
}

interface Both {
  readonly before: FilmState;
  readonly now: FilmState;
  readonly names: ReadonlyMap<string, string>;
  /** Scenes whose clip will be another. */
  readonly moved: ReadonlySet<string>;
}

/** Undefined where nothing is different. */
function compare(both: Both, former: Scene, scene: Scene): SceneDifference | undefined {
  const { before, now, names, moved } = both;
  const [oldText, text] = [before.lowered.get(former.id), now.lowered.get(scene.id)];
  // Another scene stands for its clip by its name: whether the clip is the same is asked of that scene.
  const was = oldText && recipeOf(oldText, before.media, (id) => id);
  const is = text && recipeOf(text, now.media, (id) => names.get(id) ?? `new ${id}`);
  // Both films have passed every check, so that each of their scenes has a request and a recipe.
  if (!was || !is) return undefined;
  const own = [...compareRecipes(was, is, (i) => mediumName(text, i)), ...moreTakes(former, scene)];
  const follows = upstreamOf(scene).filter((id) => moved.has(id) && names.has(id));
  const isRenamed = former.id !== scene.id;
  const [paid, pays] = [priceOfTakes(former, before.estimate), priceOfTakes(scene, now.estimate)];
  const isPriced = paid?.amount !== pays?.amount || paid?.currency !== pays?.currency;
  const change = changeOf(own.length, follows.length, isRenamed, isPriced);
  return (
    change && {
      scene: scene.id,
      ...(isRenamed && { was: former.id }),
      change,
      reasons: [...own, ...follows.map((id): Reason => ({ kind: "upstream-changes", scene: id }))],
      ...(paid && { before: paid }),
      ...(pays && { now: pays }),
      ...(was.prompt !== is.prompt && { prompt: { before: promptText(oldText), now: promptText(text) } }),
    }
  );
}

function changeOf(
  own: number,
  follows: number,
  isRenamed: boolean,
  isPriced: boolean,
): SceneDifference["change"] | undefined {
  if (own > 0) return "changed";
  if (follows > 0) return "follows";
  if (isRenamed) return "renamed";
  return isPriced ? "priced" : undefined;
}

/** More takes of a clip do not make it another. */
function isOfTheClip(reason: Reason): boolean {
  return !(reason.kind === "field-changed" && reason.field === "takes");
}

function moreTakes(former: Scene, scene: Scene): Reason[] {
  if (former.takes === scene.takes) return [];
  return [
    { kind: "field-changed", field: "takes", from: String(former.takes), to: String(scene.takes) } as const,
  ];
}

function added(scene: Scene, { estimate }: FilmState): SceneDifference {
  const now = priceOfTakes(scene, estimate);
  return { scene: scene.id, change: "added", reasons: [{ kind: "new-scene" }], ...(now && { now }) };
}

function gone(scene: Scene, { estimate }: FilmState): SceneDifference {
  const before = priceOfTakes(scene, estimate);
  return { scene: scene.id, change: "removed", reasons: [], ...(before && { before }) };
}

/** All takes of a scene that are wanted, made from nothing; undefined where no price is known. */
export function priceOfTakes({ id, takes }: Scene, { quotes }: Estimate): Price | undefined {
  const quote = quotes.get(id);
  return quote && timesPrice(quote, takes);
}
