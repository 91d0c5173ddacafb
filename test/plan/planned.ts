import { digestOf, type Digest } from "../../src/base/digest.ts";
import type { MediaFacts } from "../../src/base/media-facts.ts";
import type { ScenePlan } from "../../src/plan/scene-plan.ts";
import { EMPTY_LOCK, type Clip, type Lock, type Take, type TakeState } from "../../src/plan/lock.ts";
import { planScenes } from "../../src/plan/plan.ts";
import { reasonText } from "../../src/plan/reasons.ts";
import { fingerprintOf, recipeOf, type Recipe } from "../../src/plan/recipe.ts";
import { lowerScene, type LoweredScene } from "../../src/seedance/lower.ts";
import { inOrder } from "../../src/plan/graph.ts";
import type { Ways } from "../../src/plan/ways.ts";
import { NO_WISHES, type Wishes } from "../../src/plan/wishes.ts";
import { readText, type Read } from "../storyboard/read.ts";

export const film = (...scenes: readonly string[]): string =>
  `version: 1\nscenes:\n${scenes.map((scene) => `  - ${scene}\n`).join("")}`;

export function loweredOf({ storyboard, media }: Read): Map<string, LoweredScene> {
  return new Map(storyboard.scenes.map((scene) => [scene.id, lowerScene(storyboard, scene, media)]));
}

/** The bytes that the service would give for a recipe: one digest for one recipe. */
export function clipOf(fingerprint: Digest, take = 1): Clip {
  const size = { width: 1280, height: 720, seconds: 5.04, fps: 24, frames: 121, bytes: 1000, sound: true };
  return { sha256: digestOf(`${fingerprint} ${take}`), ...size };
}

export function takeOf(recipe: Recipe, more: Partial<Take> = {}): Take {
  const [fingerprint, take, state]: [Digest, number, TakeState] = [
    fingerprintOf(recipe),
    more.take ?? 1,
    more.state ?? "done",
  ];
  const clip = state === "done" ? { clip: clipOf(fingerprint, take) } : {};
  const at = "2026-08-01T00:00:00.000Z";
  return { take, state, fingerprint, recipe, provider: "anyfast", task: `cgt-${take}`, at, ...clip, ...more };
}

/** Takes of one scene, the first of them selected where it is done. */
export function lockOf(scenes: Readonly<Record<string, readonly Take[]>>, selected = 1): Lock {
  return {
    scenes: new Map(
      Object.entries(scenes).map(([id, takes]) => [id, { selected: { main: selected }, takes }]),
    ),
  };
}

export function recipesOf(text: string): Map<string, Recipe> {
  const read = readText(text);
  const lowered = loweredOf(read);
  const recipes = new Map<string, Recipe>();
  for (const { id } of inOrder(read.storyboard.scenes)) {
    const scene = lowered.get(id);
    const recipe = scene && recipeOf(scene, read.media, (from) => clipDigest(recipes.get(from)));
    if (recipe) recipes.set(id, recipe);
  }
  return recipes;
}

function clipDigest(recipe: Recipe | undefined): Digest | undefined {
  return recipe && clipOf(fingerprintOf(recipe)).sha256;
}

/** The lock after everything of `text` has been rendered. */
export function rendered(text: string): Lock {
  return lockOf(Object.fromEntries([...recipesOf(text)].map(([id, recipe]) => [id, [takeOf(recipe)]])));
}

export interface Given {
  readonly lock?: Lock;
  /** Takes of earlier states of the file. */
  readonly past?: readonly Take[];
  /** Clips whose bytes are not in the store. */
  readonly missing?: readonly Digest[];
  readonly wishes?: Wishes;
  /** Of files, by their path as written. */
  readonly facts?: Readonly<Record<string, MediaFacts>>;
  readonly ways?: Ways;
  readonly now?: number;
}

export function plansOf(
  text: string,
  { lock = EMPTY_LOCK, past = [], missing = [], wishes = NO_WISHES, facts, ...reach }: Given = {},
): ScenePlan[] {
  const read = readText(text, facts);
  return planScenes({
    storyboard: read.storyboard,
    lowered: loweredOf(read),
    media: read.media,
    lock,
    recall: (fingerprint) => past.filter((take) => take.fingerprint === fingerprint),
    has: (digest) => !missing.includes(digest),
    wishes,
    ...reach,
  });
}

/** Each scene as `id: action ×renders: reasons`. */
export function planText(text: string, given: Given = {}): string[] {
  return plansOf(text, given).map(({ scene, action, renders, reasons }) => {
    const times = renders === 1 && action === "render" ? "" : renders === 0 ? "" : ` ×${renders}`;
    return `${scene.id}: ${action}${times}: ${reasons.map(reasonText).join("; ")}`;
  });
}
