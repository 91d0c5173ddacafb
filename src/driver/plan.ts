import { hasErrors, type Diagnostic } from "../base/diagnostic.ts";
import { cutOf, type CutPart } from "../film/cut.ts";
import { estimate, type Estimate } from "../plan/estimate.ts";
import type { Lock } from "../plan/lock.ts";
import { planScenes, settledClip, type ScenePlan } from "../plan/plan.ts";
import { lowerScene, type LoweredScene } from "../seedance/lower.ts";
import { diskFiles } from "../store/files.ts";
import { ObjectStore } from "../store/objects.ts";
import { TakeRecord } from "../store/take-record.ts";
import type { Provider } from "../storyboard/types.ts";
import { check, type CheckOptions, type Compiled } from "./check.ts";
import { chooseProvider, runKindOf, type Chosen, type Environment } from "./options.ts";
import type { RunKind } from "./project.ts";
import { filmIsCurrent, filmRecipe } from "./renders.ts";
import { readLock } from "./state.ts";

export interface PlanOptions extends CheckOptions {
  readonly provider?: Provider | undefined;
  /** Tasks in flight. */
  readonly concurrency?: number | undefined;
  readonly environment?: Environment | undefined;
}

export interface Planned {
  readonly diagnostics: readonly Diagnostic[];
  /** Present when there is no error. */
  readonly plan?: Plan;
}

/** What a run would do, and why, what it costs and how long it takes. */
export interface Plan extends Compiled {
  readonly provider: Chosen<Provider>;
  readonly kind: RunKind;
  readonly lock: Lock;
  /** Each scene as a request, by its id. */
  readonly lowered: ReadonlyMap<string, LoweredScene>;
  readonly scenes: readonly ScenePlan[];
  readonly cut: readonly CutPart[];
  readonly film: FilmPlan;
  readonly estimate: Estimate;
  readonly concurrency: number;
}

export interface FilmPlan {
  readonly action: "reuse" | "assemble" | "blocked";
  readonly reason: string;
}

/** Tasks in flight where nobody says otherwise: a person's account of the paid service allows three. */
const DEFAULT_CONCURRENCY = 3;
/** Expected seconds of a task: minutes at the service, a few seconds at the emulator. */
const TASK_SECONDS: Record<RunKind, number> = { paid: 120, rehearsal: 2 };

export function taskSeconds(kind: RunKind): number {
  return TASK_SECONDS[kind];
}

/** Plans a storyboard. Reads the disk, sends nothing, writes nothing. */
export async function plan(options: PlanOptions = {}): Promise<Planned> {
  const checked = await check(options);
  if (!checked.compiled) return { diagnostics: checked.diagnostics };
  const provider = chooseProvider(
    options.provider,
    options.environment ?? process.env,
    checked.compiled.storyboard,
  );
  const kind = runKindOf(provider.value);
  const { lock, diagnostics } = readLock(checked.compiled.project, kind, options.cwd ?? process.cwd());
  const all = [...checked.diagnostics, ...diagnostics];
  if (hasErrors(all)) return { diagnostics: all };
  const concurrency = options.concurrency ?? DEFAULT_CONCURRENCY;
  return { diagnostics: all, plan: planCompiled(checked.compiled, { provider, kind, lock, concurrency }) };
}

/** The plan of a checked storyboard against a lock. */
export function planCompiled(
  compiled: Compiled,
  given: Pick<Plan, "provider" | "kind" | "lock" | "concurrency">,
): Plan {
  const { project, storyboard, media } = compiled;
  const lowered = new Map(storyboard.scenes.map((scene) => [scene.id, lowerScene(storyboard, scene, media)]));
  const store = new ObjectStore(diskFiles, project.hidden);
  const record = new TakeRecord(diskFiles, project.hidden, given.kind);
  const scenes = planScenes({
    storyboard,
    lowered,
    media,
    lock: given.lock,
    recall: (fingerprint) => record.recall(fingerprint),
    has: (digest) => store.has(digest),
  });
  const cut = cutOf(storyboard);
  const options = { concurrency: given.concurrency, taskSeconds: taskSeconds(given.kind) };
  return {
    ...compiled,
    ...given,
    lowered,
    scenes,
    cut,
    film: planFilm(compiled, given.kind, scenes, cut),
    estimate: estimate(scenes, lowered, media, options),
  };
}

/** True when a run would change nothing. */
export function nothingToDo(planned: Plan): boolean {
  return (
    planned.film.action === "reuse" &&
    planned.scenes.every(({ action, renders }) => action === "reuse" && renders === 0)
  );
}

function planFilm(
  compiled: Compiled,
  kind: RunKind,
  scenes: readonly ScenePlan[],
  cut: readonly CutPart[],
): FilmPlan {
  const plans = new Map(scenes.map((scene) => [scene.scene.id, scene]));
  const stopped = cut.find(({ scene }) => plans.get(scene)?.action === "blocked");
  if (stopped) return { action: "blocked", reason: `\`${stopped.scene}\` has no clip` };
  const changing = cut.find(({ scene }) => settledClip(plans.get(scene)) === undefined);
  if (changing) return { action: "assemble", reason: `\`${changing.scene}\` will change` };
  const recipe = filmRecipe(cut, (scene) => settledClip(plans.get(scene))?.sha256 ?? "");
  return filmIsCurrent(compiled, kind, recipe)
    ? { action: "reuse", reason: "the film is current" }
    : { action: "assemble", reason: "the film is not there, or its cut has changed" };
}
