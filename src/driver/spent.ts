import { hasErrors, type Diagnostic } from "../base/diagnostic.ts";
import { costsOf, type TakeCost } from "../plan/spent.ts";
import { diskFiles, type Files } from "../store/files.ts";
import type { Environment } from "./options.ts";
import { readPrices } from "./prices.ts";
import { findProject, type RunKind } from "./project.ts";
import { readLock } from "./state.ts";

interface SpentOptions {
  readonly file?: string | undefined;
  readonly cwd?: string | undefined;
  readonly environment?: Environment | undefined;
  /** Rehearsals instead of paid work. */
  readonly kind?: RunKind | undefined;
}

interface ReadSpent {
  readonly diagnostics: readonly Diagnostic[];
  readonly name: string;
  readonly costs: readonly TakeCost[];
}

/**
 * What was paid for a storyboard, by its lockfile alone: what is paid stays so when the storyboard is broken, and
 * when it has the scene no longer.
 */
export function readSpent(options: SpentOptions = {}, files: Files = diskFiles): ReadSpent {
  const { file, cwd = process.cwd(), environment = process.env, kind = "paid" } = options;
  const found = findProject(file, cwd);
  if (found.kind === "not-found") return { diagnostics: found.diagnostics, name: "", costs: [] };
  const { project } = found;
  const { lock, diagnostics } = readLock(project, kind, cwd, files, []);
  const { prices, diagnostics: wrong } = readPrices(undefined, environment, cwd, files);
  const all = [...diagnostics, ...wrong];
  return { diagnostics: all, name: project.name, costs: hasErrors(all) ? [] : costsOf(lock, prices) };
}
