import type { Digest } from "../base/digest.ts";
import { longestRemaining, type Step, type StepGraph } from "../plan/graph.ts";
import type { Take } from "../plan/lock.ts";
import { decide, type DecideInput } from "../plan/decide.ts";
import type { ScenePlan } from "../plan/scene-plan.ts";
import { reachMedia } from "../plan/reach.ts";
import { reasonText } from "../plan/reasons.ts";
import { recipeOf } from "../plan/recipe.ts";
import type { LoweredScene } from "../seedance/lower.ts";
import type { MediaIndex } from "../storyboard/media-index.ts";
import type { Ways } from "../plan/ways.ts";
import type { Wishes } from "../plan/wishes.ts";
import type { SceneResult } from "./events.ts";
import type { Handover } from "./handover.ts";
import { materialize } from "./materialize.ts";
import { RetryBudget, untilPassed, type RetriedTake } from "./retries.ts";
import { keepPlaces } from "./lost-takes.ts";
import type { Pool } from "./pool.ts";
import { schedule, type StepEnd } from "./schedule.ts";
import type { TakeContext } from "./take-context.ts";
import { mostRetries } from "../plan/retries.ts";
import { collectTake, sendTake } from "./take-runner.ts";

export interface ExecuteInput extends TakeContext {
  readonly graph: StepGraph;
  readonly plans: readonly ScenePlan[];
  readonly lowered: ReadonlyMap<string, LoweredScene>;
  readonly media: MediaIndex;
  readonly handover: Handover;
  readonly ways: Ways;
  /** Work of this machine: stills. */
  readonly local: Pool;
  recall(fingerprint: Digest): readonly Take[];
  remember(take: Take): void;
  /** PNG bytes of the first or last frame of a clip in the store. */
  still(digest: Digest, which: "first" | "last"): Promise<Uint8Array>;
  read(path: string): Uint8Array;
  readonly wishes?: Wishes;
}

/** Carries a plan out: every scene that can be made is made, whatever becomes of the others. */
export async function execute(input: ExecuteInput): Promise<ReadonlyMap<string, SceneResult>> {
  keepPlaces(input);
  const results = new Map<string, SceneResult>();
  const plans = new Map(input.plans.map((plan) => [plan.scene.id, plan]));
  const remaining = longestRemaining(input.graph, (step) => stepSeconds(input, step, plans));
  const end = (scene: string, result: SceneResult): StepEnd => {
    results.set(scene, result);
    input.emit({ type: "scene-ended", scene, result });
    return hasClip(input, scene, result, plans) ? "ready" : "not-ready";
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

/**
 * Whether others can build on it. The bytes of a known clip may be missing here, and not to be had today: what was
 * made of them is as current as before.
 */
function hasClip(
  input: ExecuteInput,
  scene: string,
  result: SceneResult,
  plans: ReadonlyMap<string, ScenePlan>,
): boolean {
  if (result.kind === "left") return result.clip !== undefined;
  const plan = plans.get(scene);
  if (plan?.action !== "fetch") return result.kind === "done" || result.kind === "reused";
  return input.ledger.selected(scene)?.clip?.sha256 === plan.take?.clip?.sha256;
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
  if (!input.store.has(clip.sha256)) return "not-ready";
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
  if (plan.action === "left") return leave(input, plan);
  const scene = plan.scene.id;
  const lowered = input.lowered.get(scene);
  const recipe = lowered && recipeOf(lowered, input.media, (id) => input.ledger.selected(id)?.clip?.sha256);
  if (!lowered || !recipe) throw new Error(`scene ${scene} is run before what it uses`);
  // Decided anew: the recipe may be known only now, and be one that has been made, refused or lost before.
  const decided = decide(decideInput(input, scene), plan.scene, lowered, recipe);
  // Never more than the plan says: that is what was looked at, priced, and agreed to.
  const renders = Math.min(decided.renders, plan.renders);
  const given = renders > 0 || decided.renders === 0 ? (decided.abandon ?? []) : [];
  for (const { take } of given) input.ledger.observe(scene, take, { kind: "abandoned" });
  const wish = input.wishes?.retake.has(scene) && { selects: input.ledger.variant };
  const send = { lowered, recipe, priority, materialize: () => materializeScene(input, lowered) };
  const series = {
    context: input,
    scene,
    budget: new RetryBudget(mostRetries(plan)),
    most: plan.scene.settings.retry.value.moderation,
    send: (next: RetriedTake) => sendTake(input, { ...send, ...next }),
  };
  const tasks = await allEnded(input, [
    ...decided.collect.map((take) => {
      const first = collect(input, lowered, take);
      return take.fingerprint === decided.fingerprint ? untilPassed(series, first) : first;
    }),
    ...Array.from({ length: renders }, (_, i) =>
      untilPassed(series, series.send({ retries: decided.retries?.[i] ?? 0, ...wish })),
    ),
    ...(decided.action === "fetch" && decided.take ? [refetch(input, lowered, decided.take)] : []),
  ]);
  return settle(input, decided, tasks);
}

function leave({ store }: ExecuteInput, { take, reasons }: ScenePlan): SceneResult {
  const message = reasons.map(reasonText).join("; ");
  return {
    kind: "left",
    message,
    ...(take?.clip && { take: take.take, clip: store.pathOf(take.clip.sha256) }),
  };
}

/**
 * Waits for all, also when one has failed: what is under way is paid, and its task must be written down. The run
 * stops at the first failure, and every one is told, since each may name a task that could not be written.
 */
async function allEnded(input: ExecuteInput, tasks: readonly Promise<SceneResult>[]): Promise<SceneResult[]> {
  for (const task of tasks) task.catch((error: unknown) => input.stop.fail(error as Error));
  const ended = await Promise.allSettled(tasks);
  const failures = ended.flatMap((end) => (end.status === "rejected" ? [(end.reason as Error).message] : []));
  if (failures.length > 0) throw new Error(failures.join("; "));
  return ended.flatMap((end) => (end.status === "fulfilled" ? [end.value] : []));
}

function decideInput(input: ExecuteInput, scene: string): DecideInput {
  const { ledger, store, ways, media, clock } = input;
  const library = (digest: Digest) => ledger.library(ways.provider, digest);
  const takeOf = (id: string) => ledger.selected(id);
  return {
    reach: (lowered) => reachMedia(lowered, { ways, now: clock.now(), media, library, takeOf }),
    lock: ledger.sceneLock(scene),
    variant: ledger.variant,
    recall: (fingerprint) => input.recall(fingerprint),
    has: (digest) => store.has(digest),
    ...(input.wishes && { wishes: input.wishes }),
  };
}

function collect(input: ExecuteInput, lowered: LoweredScene, take: Take): Promise<SceneResult> {
  const { task, provider, at } = take;
  if (task === undefined) {
    return Promise.resolve({
      kind: "stopped",
      message: "its clip is not in the store, and its task is not known",
    });
  }
  return collectTake(input, lowered, { take: take.take, task, provider, since: Date.parse(at) });
}

/** The bytes of a finished take, once more from its task: nothing is paid. */
async function refetch(input: ExecuteInput, lowered: LoweredScene, take: Take): Promise<SceneResult> {
  const { clip, provider } = take;
  const fetched = await collect(input, lowered, take);
  if (!clip || input.store.has(clip.sha256)) return fetched;
  const why = take.task === undefined ? "its task is not known" : whyNoBytes(fetched);
  if (why === undefined) return fetched;
  const message = `the clip of take ${take.take} is paid, but its bytes are not in the store, and ${provider} does not deliver them: ${why}`;
  return { kind: "gone", take: take.take, sha256: clip.sha256, message };
}

/** Undefined where the next run may have more luck. */
function whyNoBytes(fetched: SceneResult): string | undefined {
  switch (fetched.kind) {
    case "done":
      return "the service delivers other bytes than before";
    case "failed":
      return fetched.error.message;
    case "unfinished":
      return fetched.denial;
    default:
      return undefined;
  }
}

/** One take becomes the selected one; a scene is done as soon as it has one, whatever became of the others. */
function settle(input: ExecuteInput, decided: ScenePlan, tasks: readonly SceneResult[]): SceneResult {
  const { ledger, store } = input;
  const scene = decided.scene.id;
  const isReady = (take: Take): boolean =>
    take.state === "done" && !!take.clip && store.has(take.clip.sha256);
  const takes = ledger.takes(scene).filter(isReady);
  const mine = takes.filter(({ fingerprint }) => fingerprint === decided.fingerprint);
  const named = takes.find((take) => isSameTake(take, decided.take));
  const made =
    (decided.action === "kept" || decided.action === "fetch" ? named : undefined) ??
    mine.find(({ take }) => take === ledger.selected(scene)?.take) ??
    mine.at(-1);
  const recalled = decided.take && isReady(decided.take) ? decided.take : undefined;
  const take = made ?? (recalled && ledger.recall(scene, recalled));
  if (!take?.clip) return whyNone(decided, tasks);
  ledger.select(scene, take.take);
  if (tasks.length > 0) for (const one of mine) input.remember(one);
  const clip = store.pathOf(take.clip.sha256);
  const isNew = tasks.some((task) => task.kind === "done" && task.take === take.take);
  return isNew
    ? { kind: "done", take: take.take, clip, differences: take.differences ?? [] }
    : { kind: "reused", take: take.take, clip };
}

/** A take that comes from the record of all takes may have the number of another one here. */
function isSameTake(a: Take, b: Take | undefined): boolean {
  return a.take === b?.take && a.at === b.at && a.fingerprint === b.fingerprint;
}

function whyNone(decided: ScenePlan, tasks: readonly SceneResult[]): SceneResult {
  const failed = tasks.find(({ kind }) => kind !== "done" && kind !== "reused");
  return failed ?? { kind: "blocked", message: decided.reasons.map(reasonText).join("; ") };
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
