import type { Digest } from "../base/digest.ts";
import type { LoweredScene } from "../seedance/lower.ts";
import type { MediaIndex } from "../storyboard/media-index.ts";
import { upstreamOf, type Scene, type Storyboard } from "../storyboard/types.ts";
import { inOrder } from "./graph.ts";
import { selectedTake, takesOf, type Clip, type Lock, type Take } from "./lock.ts";
import { compareRecipes, type Reason } from "./reasons.ts";
import { fingerprintOf, recipeOf, type Recipe } from "./recipe.ts";

export type Action =
  /** The clip is there and current. */
  | "reuse"
  /** A request will be sent, and paid. */
  | "render"
  /** A task is known to the service: its clip is waited for, nothing is paid. */
  | "collect"
  /** The clip is known, its bytes are missing here: fetched again from its task. */
  | "fetch"
  /** Nothing can be done without a decision or a change. */
  | "blocked";

export interface ScenePlan {
  readonly scene: Scene;
  readonly action: Action;
  readonly reasons: readonly Reason[];
  /** Known when everything that the scene uses is made. */
  readonly recipe?: Recipe;
  readonly fingerprint?: Digest;
  /** The take to reuse, collect or fetch; it may come from the record of all takes instead of the lock. */
  readonly take?: Take;
  /** All tasks to wait for. */
  readonly collect: readonly Take[];
  /** How many requests will be sent. */
  readonly renders: number;
}

export interface PlanInput {
  readonly storyboard: Storyboard;
  readonly lowered: ReadonlyMap<string, LoweredScene>;
  readonly media: MediaIndex;
  readonly lock: Lock;
  /** Every finished take ever made here from this recipe, also for other scenes and other states of the file. */
  recall(fingerprint: Digest): readonly Take[];
  /** Whether the store holds these bytes. */
  has(digest: Digest): boolean;
}

/** What will be done for each scene, and why; each scene after those that it uses. Pure. */
export function planScenes(input: PlanInput): ScenePlan[] {
  const plans = new Map<string, ScenePlan>();
  for (const scene of inOrder(input.storyboard.scenes)) {
    plans.set(scene.id, planScene(input, scene, plans));
  }
  return [...plans.values()];
}

/** The clip that a planned scene already has; undefined when it will be another. */
export function settledClip(plan: ScenePlan | undefined): Clip | undefined {
  return plan?.action === "reuse" || plan?.action === "fetch" ? plan.take?.clip : undefined;
}

function planScene(input: PlanInput, scene: Scene, plans: ReadonlyMap<string, ScenePlan>): ScenePlan {
  const upstream = upstreamOf(scene);
  const stopped = upstream.find((id) => plans.get(id)?.action === "blocked");
  if (stopped !== undefined) return blocked(scene, { kind: "upstream-blocked", scene: stopped });
  const changing = upstream.filter((id) => settledClip(plans.get(id)) === undefined);
  if (changing.length > 0) return planBehindChange(input, scene, changing);
  const lowered = input.lowered.get(scene.id);
  const recipe = lowered && recipeOf(lowered, input.media, (id) => settledClip(plans.get(id))?.sha256);
  if (!lowered || !recipe) throw new Error(`scene ${scene.id} was planned before it was whole`);
  return planKnown(input, scene, lowered, recipe);
}

/** What it uses is not made yet, so no take can be of the recipe that it will have. */
function planBehindChange(input: PlanInput, scene: Scene, changing: readonly string[]): ScenePlan {
  const reasons: Reason[] =
    takesOf(input.lock, scene.id).length === 0
      ? [{ kind: "new-scene" }]
      : changing.map((id) => ({ kind: "upstream-changes", scene: id }));
  return { scene, action: "render", reasons, collect: [], renders: scene.takes };
}

function planKnown(input: PlanInput, scene: Scene, lowered: LoweredScene, recipe: Recipe): ScenePlan {
  const fingerprint = fingerprintOf(recipe);
  const mine = takesOf(input.lock, scene.id).filter((take) => take.fingerprint === fingerprint);
  const known = { scene, recipe, fingerprint, collect: mine.filter(({ state }) => state === "submitted") };
  const done = mine.filter(({ state }) => state === "done");
  const unknown = mine.find(({ state }) => state === "unknown");
  if (done.length === 0 && unknown)
    return { ...blocked(scene, { kind: "outcome-unknown", take: unknown.take }), ...known, collect: [] };
  const made = done.length + known.collect.length;
  const missing = unknown ? 0 : Math.max(0, scene.takes - made);
  if (missing > 0 && made === 0) return planRecalled(input, { ...known, lowered });
  if (missing > 0) {
    const refused = refusal(mine);
    if (!refused)
      return {
        ...known,
        action: "render",
        renders: missing,
        reasons: [{ kind: "more-takes", have: made, wanted: scene.takes }],
      };
  }
  const [running] = known.collect;
  if (running) {
    return {
      ...known,
      action: "collect",
      renders: 0,
      take: running,
      reasons: [{ kind: "task-known", take: running.take, task: running.task ?? "" }],
    };
  }
  return { ...known, renders: 0, ...planDone(input, scene, done) };
}

function planDone(
  input: PlanInput,
  scene: Scene,
  done: readonly Take[],
): Pick<ScenePlan, "action" | "reasons" | "take"> {
  const selected = selectedTake(input.lock, scene.id);
  const take = done.find((candidate) => candidate === selected) ?? done.at(-1);
  if (!take?.clip) throw new Error(`scene ${scene.id} has a finished take without a clip`);
  const here = input.has(take.clip.sha256);
  const reason: Reason = here
    ? { kind: take === selected ? "current" : "made-before", take: take.take }
    : { kind: "bytes-missing", take: take.take };
  return { action: here ? "reuse" : "fetch", take, reasons: [reason] };
}

/** No take of this scene fits: perhaps one was made for another state of the file. */
function planRecalled(
  input: PlanInput,
  known: Pick<ScenePlan, "scene" | "collect"> & {
    recipe: Recipe;
    fingerprint: Digest;
    lowered: LoweredScene;
  },
): ScenePlan {
  const { lowered, ...plan } = known;
  const { scene, recipe, fingerprint } = plan;
  const mine = takesOf(input.lock, scene.id);
  const recalled = input.recall(fingerprint).find(({ clip }) => clip && input.has(clip.sha256));
  if (recalled) {
    return {
      ...plan,
      action: "reuse",
      take: recalled,
      renders: Math.max(0, scene.takes - 1),
      reasons: [{ kind: "made-before", take: recalled.take }],
    };
  }
  const same = mine.filter((take) => take.fingerprint === fingerprint);
  const refused = refusal(same);
  if (refused) return { ...blocked(scene, refused), recipe, fingerprint };
  return {
    ...plan,
    action: "render",
    renders: scene.takes,
    reasons: whyRender(input, scene, lowered, recipe, same),
  };
}

function whyRender(
  input: PlanInput,
  scene: Scene,
  lowered: LoweredScene,
  recipe: Recipe,
  same: readonly Take[],
): readonly Reason[] {
  const failed = same.findLast(({ state }) => state === "failed");
  if (failed) return [{ kind: "failed-before", take: failed.take, code: failed.error?.code ?? "" }];
  const before = selectedTake(input.lock, scene.id) ?? takesOf(input.lock, scene.id).at(-1);
  if (!before) return [{ kind: "new-scene" }];
  return compareRecipes(before.recipe, recipe, (i) => mediumName(lowered, i));
}

function mediumName(lowered: LoweredScene, index: number): string {
  const item = lowered.items[index];
  if (!item) return "a reference";
  const { source } = item;
  if (source.kind === "clip" || source.kind === "still") return `upstream \`${source.scene}\``;
  return item.key.startsWith("asset:") ? `asset \`${item.written}\`` : `\`${item.written}\``;
}

function refusal(takes: readonly Take[]): Reason | undefined {
  const last = takes.at(-1);
  if (last?.state !== "refused") return undefined;
  return {
    kind: "refused",
    take: last.take,
    code: last.error?.code ?? "",
    message: last.error?.message ?? "",
  };
}

function blocked(scene: Scene, reason: Reason): ScenePlan {
  return { scene, action: "blocked", reasons: [reason], collect: [], renders: 0 };
}
