import { hasErrors, type Diagnostic } from "../base/diagnostic.ts";
import type { PriceTable } from "../base/prices.ts";
import { cutOf, type CutPart } from "../film/cut.ts";
import { estimate, type Estimate } from "../plan/estimate.ts";
import type { Lock } from "../plan/lock.ts";
import { settledClip, type ScenePlan } from "../plan/scene-plan.ts";
import { planScenes } from "../plan/plan.ts";
import { lowerScene, type LoweredScene } from "../seedance/lower.ts";
import type { Files } from "../store/files.ts";
import { ObjectStore } from "../store/objects.ts";
import { TakeRecord } from "../store/take-record.ts";
import type { Provider } from "../storyboard/types.ts";
import type { Ways } from "../plan/ways.ts";
import type { Wishes } from "../plan/wishes.ts";
import { readAsked, type Asked } from "./asking.ts";
import { check, type Checked, type CheckOptions, type Compiled } from "./check.ts";
import { thisMachine, type Machine } from "./machine.ts";
import { chooseProvider, runKindOf, type Chosen, type Environment } from "./options.ts";
import { readPrices } from "./prices.ts";
import type { RunKind } from "./project.ts";
import { filmIsCurrent, filmRecipe } from "./renders.ts";
import { readLock } from "./state.ts";
import { readWays } from "./ways.ts";

export interface PlanOptions extends CheckOptions, Asked {
  readonly provider?: Provider | undefined;
  /** Tasks in flight. */
  readonly concurrency?: number | undefined;
  readonly environment?: Environment | undefined;
}

export interface Planned {
  readonly diagnostics: readonly Diagnostic[];
  /** One for each film of the storyboard; empty when there is an error. */
  readonly films: readonly Plan[];
  /** What was asked for that the storyboard does not have: a sentence, and what to do. */
  readonly wrongCall?: string;
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
  readonly prices: PriceTable;
  readonly estimate: Estimate;
  readonly concurrency: number;
  /** What was asked for beyond the storyboard. */
  readonly wishes: Wishes;
  /** How media reach the service. */
  readonly ways: Ways;
  /** When it was planned; milliseconds since 1970. */
  readonly now: number;
}

export interface FilmPlan {
  readonly action: "reuse" | "assemble" | "blocked";
  readonly reason: string;
}

/** Tasks in flight where nobody says otherwise: a person's account of the paid service allows three. */
export const DEFAULT_CONCURRENCY = 3;
/** Expected seconds of a task: minutes at the service, a few seconds at the emulator. */
const TASK_SECONDS: Record<RunKind, number> = { paid: 120, rehearsal: 2 };

export function taskSeconds(kind: RunKind): number {
  return TASK_SECONDS[kind];
}

/** Plans a storyboard. Reads the disk, sends nothing, writes nothing. */
export async function plan(options: PlanOptions = {}): Promise<Planned> {
  return planChecked(await check(options), options, thisMachine);
}

/** The same for a storyboard that is checked already, on any machine. */
export function planChecked(checked: Checked, options: PlanOptions, { files, clock }: Machine): Planned {
  const { diagnostics } = checked;
  const [first] = checked.films;
  if (!first) return { diagnostics, films: [] };
  const environment = options.environment ?? process.env;
  const cwd = options.cwd ?? process.cwd();
  const provider = chooseProvider(options.provider, environment, first.storyboard);
  const kind = runKindOf(provider.value);
  const read = readLock(first.project, kind, cwd, files, first.storyboard.scenes);
  const priced = readPrices(first.storyboard.prices, environment, cwd, files);
  const reached = readWays(first.storyboard, provider.value, environment, cwd, files);
  const all = [...diagnostics, ...read.diagnostics, ...priced.diagnostics, ...reached.diagnostics];
  if (hasErrors(all)) return { diagnostics: all, films: [] };
  const concurrency = options.concurrency ?? DEFAULT_CONCURRENCY;
  const { ways } = reached;
  const now = clock.now();
  const given = { provider, kind, lock: read.lock, concurrency, prices: priced.prices, ways, now };
  const asked = planAsked(checked.films, options, given, files);
  return asked.kind === "planned"
    ? { diagnostics: all, films: asked.films }
    : { diagnostics: all, films: [], wrongCall: asked.message };
}

export type PlannedFilms =
  | { readonly kind: "planned"; readonly films: readonly Plan[] }
  | { readonly kind: "wrong-call"; readonly message: string };

/** The plans of the films that are asked for, with what is asked of them. */
export function planAsked(
  films: readonly Compiled[],
  asked: Asked,
  given: Omit<Given, "wishes">,
  files: Files,
): PlannedFilms {
  const read = readAsked(films, asked);
  if (read.kind === "wrong-call") return read;
  const plans = planFilms(read.films, { ...given, wishes: read.wishes }, files);
  const isLost = (id: string): boolean =>
    plans.some(({ scenes }) => scenes.some(({ scene, abandon }) => scene.id === id && abandon));
  const sure = [...read.wishes.resubmit].find((id) => !isLost(id));
  if (sure === undefined) return { kind: "planned", films: plans };
  const message = `\`${sure}\` has no take of unknown outcome; for one more take there is \`--retake ${sure}\``;
  return { kind: "wrong-call", message };
}

type Given = Pick<Plan, "provider" | "kind" | "lock" | "concurrency" | "prices" | "wishes" | "ways" | "now">;

/** The plans of all films against one lock: what the first one makes, the next ones need not make again. */
export function planFilms(films: readonly Compiled[], given: Given, files: Files): Plan[] {
  const shared = new Map<string, string>();
  return films.map((film) => planFilm(film, given, files, shared));
}

/** The plan of one film. `shared`: what the films before it will have made, see `planScenes`. */
export function planFilm(
  compiled: Compiled,
  given: Given,
  files: Files,
  shared = new Map<string, string>(),
): Plan {
  const { project, storyboard, media } = compiled;
  const lowered = new Map(storyboard.scenes.map((scene) => [scene.id, lowerScene(storyboard, scene, media)]));
  const store = new ObjectStore(files, project.hidden);
  const record = new TakeRecord(files, project.hidden, given.kind);
  const scenes = planScenes({
    storyboard,
    lowered,
    media,
    lock: given.lock,
    wishes: given.wishes,
    ways: given.ways,
    now: given.now,
    shared,
    recall: (fingerprint) => record.recall(fingerprint),
    has: (digest) => store.has(digest),
  });
  const cut = cutOf(storyboard);
  const { concurrency, prices } = given;
  const options = { concurrency, prices, taskSeconds: taskSeconds(given.kind) };
  return {
    ...compiled,
    ...given,
    lowered,
    scenes,
    cut,
    film: planAssembly(compiled, given.kind, scenes, cut, files),
    estimate: estimate(scenes, lowered, media, options),
  };
}

/** True when a run would change nothing. */
export function nothingToDo(planned: Plan): boolean {
  return (
    planned.film.action === "reuse" &&
    planned.scenes.every(
      ({ action, renders, collect, abandon = [], take }) =>
        (action === "reuse" || action === "kept") && take && renders + collect.length + abandon.length === 0,
    )
  );
}

function planAssembly(
  compiled: Compiled,
  kind: RunKind,
  scenes: readonly ScenePlan[],
  cut: readonly CutPart[],
  files: Files,
): FilmPlan {
  const plans = new Map(scenes.map((scene) => [scene.scene.id, scene]));
  const stopped = cut.find(({ scene }) => plans.get(scene)?.action === "blocked");
  if (stopped) return { action: "blocked", reason: `\`${stopped.scene}\` has no clip` };
  const left = cut.find(({ scene }) => plans.get(scene)?.action === "left");
  if (left) return { action: "blocked", reason: `\`${left.scene}\` is left as it is, and not current` };
  const changing = cut.find(({ scene }) => settledClip(plans.get(scene)) === undefined);
  if (changing) return { action: "assemble", reason: `\`${changing.scene}\` will change` };
  const recipe = filmRecipe(cut, (scene) => settledClip(plans.get(scene))?.sha256 ?? "");
  return filmIsCurrent(compiled, kind, recipe, files)
    ? { action: "reuse", reason: "the film is current" }
    : { action: "assemble", reason: "the film is not there, or its cut has changed" };
}
