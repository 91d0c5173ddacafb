import type { Diagnostic } from "../base/diagnostic.ts";
import { diskFiles, readText } from "../store/files.ts";
import { plan, type Plan, type PlanOptions } from "./plan.ts";
import { journalOf } from "./state.ts";

export interface Status {
  readonly diagnostics: readonly Diagnostic[];
  /** One for each film; empty when there is an error. */
  readonly films: readonly Plan[];
  /** True when a run has ended without writing its lockfile: it was killed, or it is still going on. */
  readonly unfolded: boolean;
  /** What was asked for that the storyboard does not have. */
  readonly wrongCall?: string;
}

/** What is made, what is under way, what is stale, what is unknown. */
export async function status(options: PlanOptions = {}): Promise<Status> {
  const { diagnostics, films, wrongCall } = await plan(options);
  const [first] = films;
  const path = first && journalOf(first.project, first.kind, diskFiles, first.storyboard.scenes, first.lock);
  const journal = path === undefined ? undefined : readText(diskFiles, path);
  return {
    diagnostics,
    films,
    unfolded: journal !== undefined && journal !== "",
    ...(wrongCall !== undefined && { wrongCall }),
  };
}
