import type { Digest } from "../base/digest.ts";
import type { LoweredScene } from "../seedance/lower.ts";
import type { Scene } from "../storyboard/types.ts";
import { givenUp, isLost } from "./given-up.ts";
import { selectedTake, takesOf, type Lock, type Take } from "./lock.ts";
import { compareRecipes, type Reason } from "./reasons.ts";
import type { Reached } from "./reach.ts";
import { fingerprintOf, type Recipe } from "./recipe.ts";
import { withRetries } from "./retries.ts";
import { blocked, type ScenePlan } from "./scene-plan.ts";
import { NO_WISHES, type Wishes } from "./wishes.ts";

export interface DecideInput {
  readonly lock: Lock;
  /** Whose selection counts. */
  readonly variant: string;
  /** Every finished take ever made here from this recipe, also for other scenes and other states of the file. */
  recall(fingerprint: Digest): readonly Take[];
  /** Whether the store holds these bytes. */
  has(digest: Digest): boolean;
  readonly wishes?: Wishes;
  /** Whether the service can be given what a request names; without it everything can. */
  reach?(lowered: LoweredScene): Reached;
}

/**
 * What is to be done for a scene whose recipe is known. Asked when a plan is made, and by the runner once more when
 * what the scene uses has come: the answer hangs on takes that may not have been known before.
 */
export function decide(input: DecideInput, scene: Scene, lowered: LoweredScene, recipe: Recipe): ScenePlan {
  const takes = takesOf(input.lock, scene.id);
  const plan = givenUp(takes, decideAlone(input, scene, lowered, recipe), input.wishes);
  return withRetries(withinReach(input, lowered, plan), takes, input.wishes);
}

/** A request is planned only where everything that it names can be given to the service. */
export function withinReach(input: DecideInput, lowered: LoweredScene, plan: ScenePlan): ScenePlan {
  if (plan.renders === 0) return plan;
  const { problem, notes = [] } = input.reach?.(lowered) ?? {};
  if (!problem) return { ...plan, reasons: [...plan.reasons, ...notes] };
  const { standing, take = standing, ...rest } = plan;
  const hasClip = plan.action === "reuse" || standing !== undefined;
  // What follows can go on from the take that there is.
  if (hasClip && take)
    return { ...rest, action: "reuse", take, renders: 0, reasons: [...plan.reasons, problem] };
  return { ...rest, action: "blocked", renders: 0, reasons: [problem] };
}

function decideAlone(input: DecideInput, scene: Scene, lowered: LoweredScene, recipe: Recipe): ScenePlan {
  const fingerprint = fingerprintOf(recipe);
  const { retake, resubmit } = input.wishes ?? NO_WISHES;
  const mine = takesOf(input.lock, scene.id).filter(
    (take) => take.fingerprint === fingerprint && !isForgotten(input, take),
  );
  const lost = mine.filter(isLost);
  const known: Known = { scene, lowered, recipe, fingerprint, mine, collect: tasksOf(input, scene) };
  if (lost.length > 0 && resubmit.has(scene.id)) return planResubmitted(known, lost);
  const kept = planKept(input, known);
  if (kept && !retake.has(scene.id)) return kept;
  const made = mine.filter(({ state }) => state === "done" || state === "submitted").length;
  const unknown = mine.findLast(({ state }) => state === "unknown");
  if (unknown && !mine.some(({ state }) => state === "done"))
    return { ...blocked(scene, { kind: "outcome-unknown", take: unknown.take }), ...planOf(known) };
  // What may have been made is not made in its place as well.
  const perhaps = mine.filter(({ state }) => state === "unknown").length;
  if (retake.has(scene.id)) return planRetake(known, made + perhaps);
  const missing = unknown ? 0 : Math.max(0, scene.takes - made);
  if (missing > 0 && made === 0) return planRecalled(input, known);
  return planMade(input, known, made, refusal(mine) ? 0 : missing);
}

/** What every plan of a scene whose recipe is known is made from. */
interface Known extends Pick<ScenePlan, "scene" | "collect"> {
  readonly lowered: LoweredScene;
  readonly recipe: Recipe;
  readonly fingerprint: Digest;
  /** The takes of this recipe. */
  readonly mine: readonly Take[];
}

function planOf({
  scene,
  recipe,
  fingerprint,
  collect,
}: Known): Pick<ScenePlan, "scene" | "recipe" | "fingerprint" | "collect"> {
  return { scene, recipe, fingerprint, collect };
}

/** One more take, whatever there is: also of a request that was refused as it stands. */
function planRetake(known: Known, made: number): ScenePlan {
  const renders = Math.max(1, known.scene.takes - made);
  return { ...planOf(known), action: "render", renders, reasons: [{ kind: "retake" }] };
}

/** A person has looked for the lost tasks and gives them up. */
function planResubmitted(known: Known, lost: readonly Take[]): ScenePlan {
  const reasons = lost.map(({ take }): Reason => ({ kind: "resubmit", take }));
  const collect = known.collect.filter((take) => !lost.includes(take));
  return { ...planOf(known), action: "render", collect, renders: lost.length, abandon: lost, reasons };
}

/** The emulator keeps nothing: a rehearsed clip whose bytes are gone is made again, which costs nothing. */
function isForgotten({ has }: DecideInput, { provider, clip }: Take): boolean {
  return provider === "emulator" && clip !== undefined && !has(clip.sha256);
}

/** The selected take, where a person has accepted it for exactly this recipe. */
function planKept(input: DecideInput, known: Known): ScenePlan | undefined {
  const { scene, fingerprint } = known;
  const kept = input.lock.scenes.get(scene.id)?.kept?.[input.variant];
  const take = selectedTake(input.lock, scene.id, input.variant);
  if (kept !== fingerprint || !take?.clip || take.fingerprint === fingerprint) return undefined;
  const action = input.has(take.clip.sha256) ? "kept" : "fetch";
  const reasons: Reason[] = [{ kind: "kept", take: take.take }];
  if (action === "fetch") reasons.push(bytesMissing(take));
  return { ...planOf(known), action, renders: 0, take, reasons };
}

/** There are takes of this recipe, done or under way; perhaps fewer than are wanted. */
function planMade(input: DecideInput, known: Known, made: number, missing: number): ScenePlan {
  const { scene, mine } = known;
  const done = mine.filter(({ state }) => state === "done");
  const selected = selectedTake(input.lock, scene.id, input.variant);
  // A retake that is under way becomes the selected one: what follows will be made from it.
  const changes = mine.some(({ state, selects }) => state === "submitted" && selects === input.variant);
  const standing =
    !changes && done.find((take) => take === selected && take.clip && input.has(take.clip.sha256));
  const plan = { ...planOf(known), ...(standing && { standing }) };
  if (missing > 0) {
    const reasons: Reason[] = [{ kind: "more-takes", have: made, wanted: scene.takes }];
    return { ...plan, action: "render", renders: missing, reasons };
  }
  const [first] = mine.filter(({ state }) => state === "submitted");
  if (!first) return { ...planOf(known), renders: 0, ...planDone(input, scene, done) };
  const reasons: Reason[] = [{ kind: "task-known", take: first.take, task: first.task ?? "" }];
  return { ...plan, action: "collect", renders: 0, take: first, reasons };
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
    : bytesMissing(take);
  return { action: here ? "reuse" : "fetch", take, reasons: [reason] };
}

function bytesMissing({ take, provider, at }: Take): Reason {
  return { kind: "bytes-missing", take, provider, at };
}

/** No take of this scene fits: perhaps one was made for another state of the file. */
function planRecalled(input: DecideInput, known: Known): ScenePlan {
  const { scene, fingerprint, mine } = known;
  const plan = planOf(known);
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
  const refused = refusal(mine);
  if (refused) return { ...blocked(scene, refused), ...plan };
  return { ...plan, action: "render", renders: scene.takes, reasons: whyRender(input, known) };
}

function whyRender(
  input: DecideInput,
  { scene, lowered, recipe, fingerprint, mine }: Known,
): readonly Reason[] {
  const isGone = (take: Take): boolean => take.fingerprint === fingerprint && isForgotten(input, take);
  const forgotten = takesOf(input.lock, scene.id).findLast(isGone);
  if (forgotten) return [bytesMissing(forgotten)];
  const failed = mine.findLast(({ state }) => state === "failed");
  if (failed) return [{ kind: "failed-before", take: failed.take, code: failed.error?.code ?? "" }];
  const abandoned = mine.findLast(({ state }) => state === "abandoned");
  if (abandoned) return [{ kind: "resubmit", take: abandoned.take }];
  const before = selectedTake(input.lock, scene.id, input.variant) ?? takesOf(input.lock, scene.id).at(-1);
  if (!before) return [{ kind: "new-scene" }];
  return compareRecipes(before.recipe, recipe, (i) => mediumName(lowered, i));
}

export function mediumName(lowered: LoweredScene, index: number): string {
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
