import type { Diagnostic } from "../base/diagnostic.ts";
import { hasErrors } from "../base/diagnostic.ts";
import { check, type Checked } from "./check.ts";
import { whileHeld, type Busy } from "./hold.ts";
import { thisMachine, type Machine } from "./machine.ts";
import { chooseProvider, connectionOf, runKindOf } from "./options.ts";
import { frozenProblem, providerNeeds } from "./frozen.ts";
import { DEFAULT_CONCURRENCY, planAsked, type Plan } from "./plan.ts";
import { readPrices } from "./prices.ts";
import { planMoved } from "./saved-plan.ts";
import type { Ran, RenderOptions } from "./rendering.ts";
import { Run } from "./run.ts";
import { spendGate } from "./spend-gate.ts";
import { findLostTakes } from "./find-lost-takes.ts";
import { foldJournal, readLock } from "./state.ts";
import { readWays } from "./ways.ts";

export type RenderResult =
  | { readonly kind: "invalid"; readonly diagnostics: readonly Diagnostic[] }
  | Busy
  | { readonly kind: "no-key"; readonly variable: string }
  /** What was asked for is not in the storyboard: a sentence, and what to do. */
  | { readonly kind: "wrong-call"; readonly message: string }
  /** The spend gate stayed closed: nothing was sent. */
  | { readonly kind: "refused"; readonly reason: string; readonly films: readonly Plan[] }
  | Ran;

/** Makes everything that the plan says, and joins the film. Resumes what an earlier run has begun. */
export async function render(options: RenderOptions = {}): Promise<RenderResult> {
  return renderOn(thisMachine, () => check(options), options);
}

const LOOK_AGAIN_MS = 5000;

/** The same on any machine. Checks anew after each wait for another run: the storyboard may be another one by then. */
export async function renderOn(
  machine: Machine,
  check: () => Promise<Checked>,
  options: RenderOptions,
): Promise<RenderResult> {
  const signal = options.signal ?? new AbortController().signal;
  for (let waits = 0; ; waits++) {
    const result = await renderChecked(await check(), options, machine);
    if (result.kind !== "busy" || !options.wait || signal.aborted) return result;
    if (waits === 0) options.onWait?.(result.holder);
    await machine.clock.sleep(LOOK_AGAIN_MS, signal);
  }
}

async function renderChecked(
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
  const { prices, diagnostics: unpriced } = readPrices(first.storyboard.prices, environment, cwd, files);
  const reached = readWays(first.storyboard, provider.value, environment, cwd, files);
  const wrong = [...unpriced, ...reached.diagnostics];
  if (hasErrors(wrong)) return { kind: "invalid", diagnostics: wrong };
  const found = provider.value === "emulator" ? undefined : connectionOf(provider.value, environment);
  const { ways, store } = reached;
  const connection = found && {
    ...found.connection,
    library: ways.library === "chosen",
    ...(store && { store }),
  };
  return whileHeld(project, kind, machine, async (held) => {
    const { lock: read, diagnostics, journal } = readLock(project, kind, cwd, files, first.storyboard.scenes);
    if (hasErrors(diagnostics)) return { kind: "invalid", diagnostics };
    // What a run that died has left goes into the lockfile before anything new happens.
    foldJournal(project, kind, read, files, journal);
    const lock = await findLostTakes({
      project,
      lock: read,
      connection,
      machine,
      options,
    });
    const concurrency = options.concurrency ?? DEFAULT_CONCURRENCY;
    const given = { provider, kind, lock, concurrency, prices, ways, now: machine.clock.now() };
    const planned = planAsked(checked.films, options, given, files);
    if (planned.kind === "wrong-call") return planned;
    const { films } = planned;
    options.onPlan?.(films, checked.diagnostics);
    const problem = planMoved(checked, films, options) ?? frozenProblem(films, options);
    if (problem !== undefined) return { kind: "refused", reason: problem, films };
    const isNeeded = connection && providerNeeds(films).length > 0;
    if (isNeeded && found?.kind === "no-key") return { kind: "no-key", variable: found.variable };
    const refusal = await spendGate(films, options);
    if (refusal !== undefined) return { kind: "refused", reason: refusal, films };
    return new Run(project, kind, options, connection, machine, held).films(films, lock);
  });
}
