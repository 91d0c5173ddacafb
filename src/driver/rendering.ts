import type { Diagnostic } from "../base/diagnostic.ts";
import type { Emit, SceneResult } from "../execute/events.ts";
import type { Holder } from "../store/run-lock.ts";
import type { FilmResult } from "./make-film.ts";
import type { Plan, PlanOptions } from "./plan.ts";
import type { SavedPlan } from "./saved-plan.ts";
import type { Spending } from "./spend-gate.ts";

export interface RenderOptions extends PlanOptions, Spending {
  /** Seconds to the first look at a task, and at most between two looks. */
  readonly pollFirst?: number | undefined;
  readonly pollEvery?: number | undefined;
  /** Creates and looks together, at most. Default 120 at a paid service. */
  readonly requestsPerMinute?: number | undefined;
  /** Seconds to wait for a task in this run; it stays collectable afterwards. Default 1800. */
  readonly deadline?: number | undefined;
  /** Waits until another run on the storyboard has ended, instead of giving up at once. */
  readonly wait?: boolean | undefined;
  /** Called when there is another run to wait for. */
  readonly onWait?: ((holder: Holder) => void) | undefined;
  /** Fails before anything is paid for, or fetched from the provider. */
  readonly frozen?: boolean | undefined;
  /** A plan that was saved: exactly it is done, or nothing. */
  readonly plan?: SavedPlan | undefined;
  /** Aborting ends the run in order: nothing new is sent, what is known is written down. */
  readonly signal?: AbortSignal | undefined;
  readonly onEvent?: Emit | undefined;
  /** Called with the plans before anything is done. */
  readonly onPlan?: ((films: readonly Plan[], diagnostics: readonly Diagnostic[]) => void) | undefined;
}

/** How one film of a run ended. */
export interface FilmRun {
  readonly plan: Plan;
  readonly scenes: ReadonlyMap<string, SceneResult>;
  readonly film: FilmResult;
}

export interface Ran {
  readonly kind: "ran";
  /** One for each film of the storyboard. */
  readonly films: readonly FilmRun[];
  readonly interrupted: boolean;
  /** Why the run was stopped as a whole: the key, the account, or this machine. */
  readonly stopped?: string;
}
