import type { Digest } from "../base/digest.ts";
import { longestRemaining, type Step, type StepGraph } from "../plan/graph.ts";
import type { Take } from "../plan/lock.ts";
import type { ScenePlan } from "../plan/plan.ts";
import { fingerprintOf, recipeOf } from "../plan/recipe.ts";
import type { LoweredScene } from "../seedance/lower.ts";
import type { MediaIndex } from "../storyboard/media-index.ts";
import type { SceneResult } from "./events.ts";
import { materialize, type Handover } from "./materialize.ts";
import type { Pool } from "./pool.ts";
import { schedule, type StepEnd } from "./schedule.ts";
import { collectTake, sendTake, type TakeContext } from "./take-runner.ts";

export interface ExecuteInput extends TakeContext {
  readonly graph: StepGraph;
  readonly plans: readonly ScenePlan[];
  readonly lowered: ReadonlyMap<string, LoweredScene>;
  readonly media: MediaIndex;
  readonly handover: Handover;
  /** Work of this machine: stills. */
  readonly local: Pool;
  /** Expected seconds of one task, for the order of those that are ready. */
  readonly taskSeconds: number;
  recall(fingerprint: Digest): readonly Take[];
  remember(take: Take): void;
  /** PNG bytes of the first or last frame of a clip in the store. */
  still(digest: Digest, which: "first" | "last"): Promise<Uint8Array>;
  read(path: string): Uint8Array;
}

/** Carries a plan out: every scene that can be made is made, whatever becomes of the others. */
export async function execute(input: ExecuteInput): Promise<ReadonlyMap<string, SceneResult>> {
  const results = new Map<string, SceneResult>();
  const plans = new Map(input.plans.map((plan) => [plan.scene.id, plan]));
  const remaining = longestRemaining(input.graph, (step) => stepSeconds(input, step, plans));
  const end = (scene: string, result: SceneResult): StepEnd => {
    results.set(scene, result);
    input.emit({ type: "scene-ended", scene, result });
    return result.kind === "done" || result.kind === "reused" ? "ready" : "not-ready";
  };
  const run = async (step: Step): Promise<StepEnd> => {
    if (step.kind === "film") return "ready";
    if (step.kind === "frame") {
      const taken = await guarded(input, () => takeFrame(input, step, remaining.get(step.id) ?? 0));
      return typeof taken === "string" ? taken : "not-ready";
    }
    const plan = plans.get(step.scene.id);
    if (!plan) throw new Error(`scene ${step.scene.id} is not planned`);
    return end(step.scene.id, await guarded(input, () => runScene(input, plan, remaining.get(step.id) ?? 0)));
  };
  await schedule(input.graph, run, (step, missing) => {
    if (step.kind === "generate")
      end(step.scene.id, { kind: "blocked", message: `\`${sceneOf(missing)}\` has no clip` });
  });
  return results;
}

/** A failure of this machine (a full disk, a dead codec) stops the run in order: what is known stays known. */
async function guarded<T>(input: ExecuteInput, work: () => Promise<T>): Promise<T | SceneResult> {
  try {
    return await work();
  } catch (error) {
    input.stop.fail(error as Error);
    return { kind: "stopped", message: (error as Error).message };
  }
}

function stepSeconds(input: ExecuteInput, step: Step, plans: ReadonlyMap<string, ScenePlan>): number {
  if (step.kind !== "generate") return 0;
  const action = plans.get(step.scene.id)?.action;
  return action === "render" || action === "collect" ? input.taskSeconds : 0;
}

function sceneOf(stepId: string): string {
  return stepId.replace(/^(generate|frame):/, "").replace(/\.(first|last)$/, "");
}

async function takeFrame(
  input: ExecuteInput,
  step: Extract<Step, { kind: "frame" }>,
  priority: number,
): Promise<StepEnd> {
  const clip = input.ledger.selected(step.scene)?.clip;
  if (!clip) return "not-ready";
  // Nobody may need it: a follower that is reused never asks for its still.
  const needed = input.plans.some(({ action, scene }) => action === "render" && usesStill(scene, step));
  if (!needed) return "ready";
  await input.local.run(priority, () => input.still(clip.sha256, step.which));
  input.emit({ type: "frame-taken", scene: step.scene, which: step.which });
  return "ready";
}

function usesStill(
  scene: ScenePlan["scene"],
  { scene: from, which }: Extract<Step, { kind: "frame" }>,
): boolean {
  const uses = [
    ...scene.references,
    ...(scene.mode.kind === "frames" ? [scene.mode.first, scene.mode.last] : []),
  ];
  return uses.some(
    (use) => use?.target.kind === "still" && use.target.scene === from && use.target.which === which,
  );
}

async function runScene(input: ExecuteInput, plan: ScenePlan, priority: number): Promise<SceneResult> {
  const scene = plan.scene.id;
  if (plan.action === "blocked") return { kind: "blocked", message: "it was blocked in the plan" };
  const lowered = input.lowered.get(scene);
  const recipe = lowered && recipeOf(lowered, input.media, (id) => input.ledger.selected(id)?.clip?.sha256);
  if (!lowered || !recipe) throw new Error(`scene ${scene} is run before what it uses`);
  const fingerprint = fingerprintOf(recipe);
  const made = findMade(input, scene, fingerprint);
  const wanted = plan.scene.takes;
  const known = takesWith(input, scene, fingerprint);
  const collecting = known.filter(({ state }) => state === "submitted");
  const fetching = plan.action === "fetch" && made.length === 0;
  const obstacle = whyNotSent(known);
  if (obstacle !== undefined && !fetching && made.length + collecting.length === 0) {
    return { kind: "blocked", message: obstacle };
  }
  const missing =
    fetching || obstacle !== undefined ? 0 : Math.max(0, wanted - made.length - collecting.length);
  const ended = await allEnded(input, [
    ...collecting.map((take) => collectTake(input, lowered, knownTask(take, priority))),
    ...(fetching ? [refetch(input, plan, lowered, priority)] : []),
    ...Array.from({ length: missing }, () =>
      sendTake(input, { lowered, recipe, priority, materialize: () => materializeScene(input, lowered) }),
    ),
  ]);
  if (ended.length > 0)
    for (const take of takesWith(input, scene, fingerprint)) if (take.state === "done") input.remember(take);
  return settle(input, scene, fingerprint, made, ended);
}

/**
 * The plan has blocked these where it could; it could not where the recipe was not known before the upstream clips
 * were there.
 */
function whyNotSent(known: readonly Take[]): string | undefined {
  const unknown = known.find(({ state }) => state === "unknown");
  if (unknown) return `take ${unknown.take} may have been accepted; nobody knows, so it is not sent again`;
  const last = known.at(-1);
  if (last?.state !== "refused") return undefined;
  return `take ${last.take} was refused (${last.error?.code || last.error?.message}); it is not sent again unchanged`;
}

/** Waits for every take, also when one meets a failure of this machine: the answers of the others count. */
async function allEnded<T>(input: ExecuteInput, takes: readonly Promise<T>[]): Promise<T[]> {
  for (const take of takes) take.catch((error: unknown) => input.stop.fail(error as Error));
  const ended = await Promise.allSettled(takes);
  const messages = ended.flatMap((end) => (end.status === "rejected" ? [(end.reason as Error).message] : []));
  if (messages.length > 0) throw new Error(messages.join("; "));
  return ended.flatMap((end) => (end.status === "fulfilled" ? [end.value] : []));
}

/** One take becomes the selected one; a scene is done as soon as it has one, whatever became of the others. */
function settle(
  input: ExecuteInput,
  scene: string,
  fingerprint: Digest,
  made: readonly Take[],
  ended: readonly SceneResult[],
): SceneResult {
  const done = takesWith(input, scene, fingerprint).filter(
    ({ state, clip }) => state === "done" && clip && input.store.has(clip.sha256),
  );
  const selected = input.ledger.selected(scene);
  const take = done.find((candidate) => candidate.take === selected?.take) ?? done.at(-1);
  if (!take?.clip) {
    const other = ended.some(({ kind }) => kind === "done");
    const message = other
      ? "the service delivers other bytes than those of its take"
      : "its clip is not in the store";
    return ended.find(({ kind }) => kind !== "done") ?? { kind: "stopped", message };
  }
  input.ledger.select(scene, take.take);
  const clip = input.store.pathOf(take.clip.sha256);
  if (made.some((one) => one.take === take.take)) return { kind: "reused", take: take.take, clip };
  return { kind: "done", take: take.take, clip, differences: take.differences ?? [] };
}

function takesWith(input: ExecuteInput, scene: string, fingerprint: Digest): Take[] {
  return input.ledger.takes(scene).filter((take) => take.fingerprint === fingerprint);
}

/** Finished takes of this recipe whose bytes are here; one from the record of all takes is brought into the lock. */
function findMade(input: ExecuteInput, scene: string, fingerprint: Digest): Take[] {
  const isHere = (take: Take): boolean =>
    take.state === "done" && !!take.clip && input.store.has(take.clip.sha256);
  const mine = takesWith(input, scene, fingerprint);
  const here = mine.filter(isHere);
  if (here.length > 0 || mine.some(({ state }) => state === "submitted")) return here;
  const recalled = input.recall(fingerprint).find(isHere);
  return recalled ? [input.ledger.recall(scene, recalled)] : [];
}

function knownTask(
  { take, task = "", provider, at }: Take,
  priority: number,
): Parameters<typeof collectTake>[2] {
  return { take, task, provider, since: Date.parse(at), priority };
}

/** The bytes of a finished take, once more from its task: nothing is paid. */
async function refetch(
  input: ExecuteInput,
  plan: ScenePlan,
  lowered: LoweredScene,
  priority: number,
): Promise<SceneResult> {
  const { take } = plan;
  if (!take?.task)
    return { kind: "stopped", message: "its clip is not in the store, and its task is not known" };
  return collectTake(input, lowered, knownTask(take, priority));
}

function materializeScene(input: ExecuteInput, lowered: LoweredScene): ReturnType<typeof materialize> {
  return materialize({
    lowered,
    media: input.media,
    handover: input.handover,
    selected: (scene) => input.ledger.selected(scene),
    still: async (scene, which) => {
      const clip = input.ledger.selected(scene)?.clip;
      if (!clip) throw new Error(`scene ${scene} has no clip to take a still of`);
      return input.still(clip.sha256, which);
    },
    read: (path) => input.read(path),
  });
}
