import { hasErrors, type Diagnostic } from "../base/diagnostic.ts";
import { plan, type Plan, type PlanOptions } from "./plan.ts";
import { readText, diskFiles } from "../store/files.ts";
import { journalPath } from "./project.ts";

export interface Status {
  readonly diagnostics: readonly Diagnostic[];
  readonly plan?: Plan;
  /** True when a run has ended without writing its lockfile: it was killed, or it is still going on. */
  readonly unfolded: boolean;
}

/** What is made, what is under way, what is stale, what is unknown. */
export async function status(options: PlanOptions = {}): Promise<Status> {
  const planned = await plan(options);
  if (!planned.plan || hasErrors(planned.diagnostics))
    return { diagnostics: planned.diagnostics, unfolded: false };
  const journal = readText(diskFiles, journalPath(planned.plan.project, planned.plan.kind));
  return { ...planned, plan: planned.plan, unfolded: journal !== undefined && journal !== "" };
}
