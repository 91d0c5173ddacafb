import type { LoweredScene } from "../seedance/lower.ts";
import type { MediaIndex } from "../storyboard/media-index.ts";
import { upstreamOf, type Scene, type Storyboard } from "../storyboard/types.ts";
import { inOrder } from "./graph.ts";
import { Sharing } from "./sharing.ts";
import { blocked, decide, tasksOf, type DecideInput, type ScenePlan } from "./decide.ts";
import { takesOf, type Clip } from "./lock.ts";
import type { Reason } from "./reasons.ts";
import { recipeOf } from "./recipe.ts";

export interface PlanInput extends Omit<DecideInput, "variant"> {
  readonly storyboard: Storyboard;
  readonly lowered: ReadonlyMap<string, LoweredScene>;
  readonly media: MediaIndex;
  /**
   * What other films of the same storyboard will have made by then: the signature of the request → the film.
   * Added to.
   */
  readonly shared?: Map<string, string>;
}

/** What will be done for each scene, and why; each scene after those that it uses. Pure. */
export function planScenes(input: PlanInput): ScenePlan[] {
  const plans = new Map<string, ScenePlan>();
  const sharing = input.shared && new Sharing(input, input.shared);
  for (const scene of inOrder(input.storyboard.scenes)) {
    const plan = planScene(input, scene, plans);
    plans.set(scene.id, sharing?.share(plan) ?? plan);
  }
  return [...plans.values()];
}

/** The clip that a planned scene already has; undefined when it will be another. */
export function settledClip(plan: ScenePlan | undefined): Clip | undefined {
  const take = plan?.action === "reuse" || plan?.action === "fetch" ? plan.take : plan?.standing;
  return take?.clip;
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
  return decide({ ...input, variant: input.storyboard.variant }, scene, lowered, recipe);
}

/** What it uses is not made yet, so no take can be of the recipe that it will have. */
function planBehindChange(input: PlanInput, scene: Scene, changing: readonly string[]): ScenePlan {
  const reasons: Reason[] =
    takesOf(input.lock, scene.id).length === 0
      ? [{ kind: "new-scene" }]
      : changing.map((id) => ({ kind: "upstream-changes", scene: id }));
  return { scene, action: "render", reasons, collect: tasksOf(input, scene), renders: scene.takes };
}
