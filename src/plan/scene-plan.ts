import type { Digest } from "../base/digest.ts";
import type { Scene } from "../storyboard/types.ts";
import type { Clip, Take } from "./lock.ts";
import type { Reason } from "./reasons.ts";
import type { Recipe } from "./recipe.ts";

export type Action =
  /** The clip is there and current. */
  | "reuse"
  /** A request will be sent, and paid. */
  | "render"
  /** A task is known to the service: its clip is waited for, nothing is paid. */
  | "collect"
  /** The clip is known, its bytes are missing here: fetched again from its task. */
  | "fetch"
  /** The clip is of another recipe, and a person has said that it is good enough for this one. */
  | "kept"
  /** Not asked for in this run: stays as it is, stale or not made. */
  | "left"
  /** Nothing can be done without a decision or a change. */
  | "blocked";

export interface ScenePlan {
  readonly scene: Scene;
  readonly action: Action;
  readonly reasons: readonly Reason[];
  /** Known when everything that the scene uses is made. */
  readonly recipe?: Recipe;
  readonly fingerprint?: Digest;
  /** The take to use, collect or fetch; it may come from the record of all takes instead of the lock. */
  readonly take?: Take;
  /** The selected take, where it stays so although more takes are made or waited for: what follows can build on it. */
  readonly standing?: Take;
  /** All tasks to wait for; those of an older recipe too, since their clips are paid. */
  readonly collect: readonly Take[];
  /** How many requests will be sent. */
  readonly renders: number;
  /** For each of them, how many more may follow, should the outputs be moderated; absent for none. */
  readonly retries?: readonly number[];
  /** Takes that a person gives up with this run, since nobody knows what became of them. */
  readonly abandon?: readonly Take[];
}

/** The clip that a planned scene already has; undefined when it will be another. */
export function settledClip(plan: ScenePlan | undefined): Clip | undefined {
  return settledTake(plan)?.clip;
}

/** Likewise, the take that it is of. */
export function settledTake(plan: ScenePlan | undefined): Take | undefined {
  return plan && (SETTLED.has(plan.action) ? plan.take : plan.standing);
}

/** Actions that end with the take that the plan names. */
const SETTLED: ReadonlySet<Action> = new Set<Action>(["reuse", "fetch", "kept", "left"]);

export function blocked(scene: Scene, reason: Reason): ScenePlan {
  return { scene, action: "blocked", reasons: [reason], collect: [], renders: 0 };
}
