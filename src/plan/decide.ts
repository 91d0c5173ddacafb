import type { Digest } from "../base/digest.ts";
import type { LoweredScene } from "../seedance/lower.ts";
import type { Scene } from "../storyboard/types.ts";
import { selectedTake, takesOf, type Lock, type Take } from "./lock.ts";
import { compareRecipes, type Reason } from "./reasons.ts";
import { fingerprintOf, type Recipe } from "./recipe.ts";

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
  /** The selected take, where it stays so although more takes are made or waited for: what follows can build on it. */
  readonly standing?: Take;
  /** All tasks to wait for; those of an older recipe too, since their clips are paid. */
  readonly collect: readonly Take[];
  /** How many requests will be sent. */
  readonly renders: number;
}

export interface DecideInput {
  readonly lock: Lock;
  /** Whose selection counts. */
  readonly variant: string;
  /** Every finished take ever made here from this recipe, also for other scenes and other states of the file. */
  recall(fingerprint: Digest): readonly Take[];
  /** Whether the store holds these bytes. */
  has(digest: Digest): boolean;
}

/**
 * What is to be done for a scene whose recipe is known. Asked when a plan is made, and by the runner once more when
 * what the scene uses has come: the answer hangs on takes that may not have been known before.
 */
export function decide(input: DecideInput, scene: Scene, lowered: LoweredScene, recipe: Recipe): ScenePlan {
  const fingerprint = fingerprintOf(recipe);
  const mine = takesOf(input.lock, scene.id).filter((take) => take.fingerprint === fingerprint);
  const running = mine.filter(({ state }) => state === "submitted");
  const known = { scene, recipe, fingerprint, collect: tasksOf(input, scene) };
  const done = mine.filter(({ state }) => state === "done");
  const unknown = mine.find(({ state }) => state === "unknown");
  if (done.length === 0 && unknown)
    return { ...blocked(scene, { kind: "outcome-unknown", take: unknown.take }), ...known };
  const made = done.length + running.length;
  const missing = unknown ? 0 : Math.max(0, scene.takes - made);
  const selected = selectedTake(input.lock, scene.id, input.variant);
  const standing = done.find((take) => take === selected && take.clip && input.has(take.clip.sha256));
  if (missing > 0 && made === 0) return planRecalled(input, { ...known, lowered });
  if (missing > 0) {
    const refused = refusal(mine);
    if (!refused)
      return {
        ...known,
        action: "render",
        renders: missing,
        reasons: [{ kind: "more-takes", have: made, wanted: scene.takes }],
        ...(standing && { standing }),
      };
  }
  const [first] = running;
  if (first) {
    const { take, task = "" } = first;
    return {
      ...known,
      action: "collect",
      renders: 0,
      take: first,
      reasons: [{ kind: "task-known", take, task }],
      ...(standing && { standing }),
    };
  }
  return { ...known, renders: 0, ...planDone(input, scene, done) };
}

/** Also those of an older recipe. */
export function tasksOf({ lock }: Pick<DecideInput, "lock">, scene: Scene): Take[] {
  return takesOf(lock, scene.id).filter(({ state }) => state === "submitted");
}

function planDone(
  input: DecideInput,
  scene: Scene,
  done: readonly Take[],
): Pick<ScenePlan, "action" | "reasons" | "take"> {
  const selected = selectedTake(input.lock, scene.id, input.variant);
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
  input: DecideInput,
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
  if (refused) return { ...blocked(scene, refused), ...plan };
  return {
    ...plan,
    action: "render",
    renders: scene.takes,
    reasons: whyRender(input, scene, lowered, recipe, same),
  };
}

function whyRender(
  input: DecideInput,
  scene: Scene,
  lowered: LoweredScene,
  recipe: Recipe,
  same: readonly Take[],
): readonly Reason[] {
  const failed = same.findLast(({ state }) => state === "failed");
  if (failed) return [{ kind: "failed-before", take: failed.take, code: failed.error?.code ?? "" }];
  const before = selectedTake(input.lock, scene.id, input.variant) ?? takesOf(input.lock, scene.id).at(-1);
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

/** A request that was refused as it stands would be refused again. */
function refusal(takes: readonly Take[]): Reason | undefined {
  const refused = takes.findLast(({ state }) => state === "refused");
  if (!refused) return undefined;
  const { code = "", message = "" } = refused.error ?? {};
  return { kind: "refused", take: refused.take, code, message };
}

export function blocked(scene: Scene, reason: Reason): ScenePlan {
  return { scene, action: "blocked", reasons: [reason], collect: [], renders: 0 };
}
