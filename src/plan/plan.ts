import type { Digest } from "../base/digest.ts";
import type { LoweredScene } from "../seedance/lower.ts";
import type { MediaIndex } from "../storyboard/media-index.ts";
import { upstreamOf, type Scene, type Storyboard } from "../storyboard/types.ts";
import { inOrder } from "./graph.ts";
import { Sharing } from "./sharing.ts";
import { decide, tasksOf, withinReach, type DecideInput } from "./decide.ts";
import { blocked, settledClip, settledTake, type ScenePlan } from "./scene-plan.ts";
import { givenUp } from "./given-up.ts";
import { selectedTake, takesOf } from "./lock.ts";
import { reachMedia } from "./reach.ts";
import type { Reason } from "./reasons.ts";
import { recipeOf } from "./recipe.ts";
import type { Ways } from "./ways.ts";
import { withRetries } from "./retries.ts";
import { NO_WISHES } from "./wishes.ts";

export interface PlanInput extends Omit<DecideInput, "variant" | "reach"> {
  readonly storyboard: Storyboard;
  readonly lowered: ReadonlyMap<string, LoweredScene>;
  readonly media: MediaIndex;
  /**
   * What other films of the same storyboard will have made by then: the signature of the request → the film.
   * Added to.
   */
  readonly shared?: Map<string, string>;
  /** How media reach the service, and when it is: milliseconds since 1970. Without them everything is within reach. */
  readonly ways?: Ways;
  readonly now?: number;
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

function planScene(input: PlanInput, scene: Scene, plans: ReadonlyMap<string, ScenePlan>): ScenePlan {
  const plan = planAsked(input, scene, plans);
  const { only } = input.wishes ?? NO_WISHES;
  const isLeft = only && !only.has(scene.id) && plan.action !== "reuse" && plan.action !== "kept";
  return isLeft ? planLeft(input, plan) : plan;
}

/** Not asked for: what uses it can build on the take that is selected now, stale as it may be. */
function planLeft(input: PlanInput, { scene, reasons }: ScenePlan): ScenePlan {
  const take = selectedTake(input.lock, scene.id, input.storyboard.variant);
  const here = take?.clip && input.has(take.clip.sha256);
  return { scene, action: "left", reasons, collect: [], renders: 0, ...(here && { take }) };
}

function planAsked(input: PlanInput, scene: Scene, plans: ReadonlyMap<string, ScenePlan>): ScenePlan {
  const upstream = upstreamOf(scene);
  const stopped = upstream.find((id) => plans.get(id)?.action === "blocked");
  if (stopped !== undefined) return blocked(scene, { kind: "upstream-blocked", scene: stopped });
  const left = upstream.map((id) => plans.get(id)).find((plan) => plan?.action === "left" && !plan.take);
  if (left) return blocked(scene, { kind: "upstream-left", scene: left.scene.id });
  const changing = upstream.filter((id) => settledClip(plans.get(id)) === undefined);
  const lowered = input.lowered.get(scene.id);
  if (lowered && changing.length > 0) {
    const plan = givenUp(
      takesOf(input.lock, scene.id),
      planBehindChange(input, scene, changing),
      input.wishes,
    );
    return withinReach(decideInput(input, plans), lowered, plan);
  }
  const recipe = lowered && recipeOf(lowered, input.media, (id) => settledClip(plans.get(id))?.sha256);
  if (!lowered || !recipe) throw new Error(`scene ${scene.id} was planned before it was whole`);
  return decide(decideInput(input, plans), scene, lowered, recipe);
}

function decideInput(input: PlanInput, plans: ReadonlyMap<string, ScenePlan>): DecideInput {
  const { ways, now = 0, media, lock } = input;
  const known = { ...input, variant: input.storyboard.variant };
  if (!ways) return known;
  const library = (digest: Digest) => lock.library?.get(ways.provider)?.get(digest);
  const takeOf = (scene: string) => settledTake(plans.get(scene));
  return { ...known, reach: (lowered) => reachMedia(lowered, { ways, now, media, library, takeOf }) };
}

/** What it uses is not made yet, so no take can be of the recipe that it will have. */
function planBehindChange(input: PlanInput, scene: Scene, changing: readonly string[]): ScenePlan {
  const reasons: Reason[] =
    takesOf(input.lock, scene.id).length === 0
      ? [{ kind: "new-scene" }]
      : changing.map((id) => ({ kind: "upstream-changes", scene: id }));
  const collect = tasksOf(input, scene);
  const plan: ScenePlan = { scene, action: "render", reasons, collect, renders: scene.takes };
  return withRetries(plan, [], input.wishes);
}
