import type { Diagnostic } from "../base/diagnostic.ts";
import { hasErrors } from "../base/diagnostic.ts";
import { takeRunLock, type Holder } from "../store/run-lock.ts";
import { check, type Checked } from "./check.ts";
import { thisMachine, type Machine } from "./machine.ts";
import { chooseProvider, connectionOf, runKindOf } from "./options.ts";
import { DEFAULT_CONCURRENCY, planFilms, type Plan } from "./plan.ts";
import { readPrices } from "./prices.ts";
import { runLockPath } from "./project.ts";
import type { Ran, RenderOptions } from "./rendering.ts";
import { Run } from "./run.ts";
import { spendGate } from "./spend-gate.ts";
import { foldJournal, readLock } from "./state.ts";

export type RenderResult =
  | { readonly kind: "invalid"; readonly diagnostics: readonly Diagnostic[] }
  /** Another run holds the storyboard. */
  | { readonly kind: "busy"; readonly holder: Holder }
  | { readonly kind: "no-key"; readonly variable: string }
  /** The spend gate stayed closed: nothing was sent. */
  | { readonly kind: "refused"; readonly reason: string; readonly films: readonly Plan[] }
  | Ran;

/** Makes everything that the plan says, and joins the film. Resumes what an earlier run has begun. */
export async function render(options: RenderOptions = {}): Promise<RenderResult> {
  return renderChecked(await check(options), options, thisMachine);
}

/** The same for a storyboard that is checked already, on any machine. */
export async function renderChecked(
  checked: Checked,
  options: RenderOptions,
  machine: Machine,
): Promise<RenderResult> {
  const { files } = machine;
  const [first] = checked.films;
  if (!first) return { kind: "invalid", diagnostics: checked.diagnostics };
  const { project } = first;
  const environment = options.environment ?? process.env;
  const provider = chooseProvider(options.provider, environment, first.storyboard);
  const kind = runKindOf(provider.value);
  const cwd = options.cwd ?? process.cwd();
  const { prices, diagnostics: wrong } = readPrices(first.storyboard.prices, environment, cwd, files);
  if (hasErrors(wrong)) return { kind: "invalid", diagnostics: wrong };
  const connection = provider.value === "emulator" ? undefined : connectionOf(provider.value, environment);
  if (connection?.kind === "no-key") return connection;
  const held = takeRunLock(files, runLockPath(project, kind), new Date(machine.clock.now()), machine.self);
  if (held.kind === "busy") return held;
  try {
    const { lock, diagnostics, journal } = readLock(project, kind, cwd, files, first.storyboard.scenes);
    if (hasErrors(diagnostics)) return { kind: "invalid", diagnostics };
    // What a run that died has left goes into the lockfile before anything new happens.
    foldJournal(project, kind, lock, files, journal);
    const concurrency = options.concurrency ?? DEFAULT_CONCURRENCY;
    const films = planFilms(checked.films, { provider, kind, lock, concurrency, prices }, files);
    options.onPlan?.(films, checked.diagnostics);
    const refusal = await spendGate(films, options);
    if (refusal !== undefined) return { kind: "refused", reason: refusal, films };
    return await new Run(project, kind, options, connection?.connection, machine).films(films, lock);
  } finally {
    held.release();
  }
}
