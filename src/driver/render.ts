import { readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import type { Diagnostic } from "../base/diagnostic.ts";
import { hasErrors } from "../base/diagnostic.ts";
import { systemClock } from "../execute/clock.ts";
import type { Emit, SceneResult } from "../execute/events.ts";
import { execute } from "../execute/execute.ts";
import { Ledger } from "../execute/ledger.ts";
import { Poller } from "../execute/poller.ts";
import { Pool } from "../execute/pool.ts";
import { RunStop } from "../execute/run-stop.ts";
import { probeMedia } from "../media/probe.ts";
import { buildGraph } from "../plan/graph.ts";
import type { Lock } from "../plan/lock.ts";
import { nextLook } from "../service/pace.ts";
import { diskFiles } from "../store/files.ts";
import { Journal } from "../store/journal.ts";
import { ObjectStore } from "../store/objects.ts";
import { takeRunLock, type Holder } from "../store/run-lock.ts";
import { TakeRecord } from "../store/take-record.ts";
import { check } from "./check.ts";
import { connectEmulator, connectProvider, type Connected } from "./connect.ts";
import { makeFilm, type FilmResult } from "./make-film.ts";
import { chooseProvider, connectionOf, runKindOf, type Connection } from "./options.ts";
import { nothingToDo, planCompiled, taskSeconds, type Plan, type PlanOptions } from "./plan.ts";
import { journalPath, runLockPath, type Project, type RunKind } from "./project.ts";
import { exposeClips } from "./renders.ts";
import { spendGate, type Spending } from "./spend-gate.ts";
import { readLock, writeLock } from "./state.ts";
import { Stills } from "./stills.ts";

export interface RenderOptions extends PlanOptions, Spending {
  /** Seconds to the first look at a task, and at most between two looks. */
  readonly pollFirst?: number | undefined;
  readonly pollEvery?: number | undefined;
  /** Seconds to wait for a task in this run; it stays collectable afterwards. Default 1800. */
  readonly deadline?: number | undefined;
  /** Aborting ends the run in order: nothing new is sent, what is known is written down. */
  readonly signal?: AbortSignal | undefined;
  readonly onEvent?: Emit | undefined;
  /** Called with the plan before anything is done. */
  readonly onPlan?: ((plan: Plan, diagnostics: readonly Diagnostic[]) => void) | undefined;
}

export type RenderResult =
  | { readonly kind: "invalid"; readonly diagnostics: readonly Diagnostic[] }
  /** Another run holds the storyboard. */
  | { readonly kind: "busy"; readonly holder: Holder }
  | { readonly kind: "no-key"; readonly variable: string }
  /** The spend gate stayed closed: nothing was sent. */
  | { readonly kind: "refused"; readonly reason: string; readonly plan: Plan }
  | Ran;

export interface Ran {
  readonly kind: "ran";
  readonly plan: Plan;
  readonly scenes: ReadonlyMap<string, SceneResult>;
  readonly film: FilmResult;
  readonly interrupted: boolean;
  /** Why the run was stopped as a whole: the key, the account, or this machine. */
  readonly stopped?: string;
}

const DEFAULT_DEADLINE_SECONDS = 1800;
const TRANSFERS = 4;
const LOCAL_WORK = 2;

/** Makes everything that the plan says, and joins the film. Resumes what an earlier run has begun. */
export async function render(options: RenderOptions = {}): Promise<RenderResult> {
  const checked = await check(options);
  if (!checked.compiled) return { kind: "invalid", diagnostics: checked.diagnostics };
  const { compiled } = checked;
  const environment = options.environment ?? process.env;
  const provider = chooseProvider(options.provider, environment, compiled.storyboard);
  const kind = runKindOf(provider.value);
  const connection = provider.value === "emulator" ? undefined : connectionOf(provider.value, environment);
  if (connection?.kind === "no-key") return connection;
  const held = takeRunLock(diskFiles, runLockPath(compiled.project, kind), new Date());
  if (held.kind === "busy") return held;
  try {
    const { lock, diagnostics } = readLock(compiled.project, kind, options.cwd ?? process.cwd());
    if (hasErrors(diagnostics)) return { kind: "invalid", diagnostics };
    foldJournal(compiled.project, kind, lock);
    const plan = planCompiled(compiled, { provider, kind, lock, concurrency: options.concurrency ?? 3 });
    options.onPlan?.(plan, checked.diagnostics);
    const refusal = await spendGate(plan, options);
    if (refusal !== undefined) return { kind: "refused", reason: refusal, plan };
    return await run(plan, options, connection?.connection);
  } finally {
    held.release();
  }
}

/** What a run that died has left goes into the lockfile before anything new happens. */
function foldJournal(project: Project, kind: RunKind, lock: Lock): void {
  writeLock(project, kind, lock);
  new Journal(diskFiles, journalPath(project, kind)).clear();
}

async function run(plan: Plan, options: RenderOptions, connection: Connection | undefined): Promise<Ran> {
  const { project, kind } = plan;
  const journal = new Journal(diskFiles, journalPath(project, kind));
  const ledger = new Ledger(plan.lock, (entry) => journal.append(entry));
  const stop = new RunStop(options.signal ?? new AbortController().signal);
  const store = new ObjectStore(diskFiles, project.hidden);
  try {
    const scenes = nothingToDo(plan)
      ? await settled(plan, ledger)
      : await executePlan(plan, options, { connection, ledger, stop, store });
    showClips(plan, ledger, store);
    const film = await makeFilm(plan, (scene) => ledger.selected(scene)?.clip, scenes);
    const interrupted = options.signal?.aborted ?? false;
    const stopped = stop.failure?.message ?? (stop.halted ? stop.reason : undefined);
    return { kind: "ran", plan, scenes, film, interrupted, ...(stopped !== undefined && { stopped }) };
  } finally {
    // Whatever has happened is in the journal; a lockfile that cannot be written now is written by the next run.
    journal.close();
    foldJournal(project, kind, ledger.lock());
    sweepEmulator(project, kind, ledger);
  }
}

interface RunParts {
  readonly connection: Connection | undefined;
  readonly ledger: Ledger;
  readonly stop: RunStop;
  readonly store: ObjectStore;
}

async function executePlan(
  plan: Plan,
  options: RenderOptions,
  parts: RunParts,
): Promise<ReadonlyMap<string, SceneResult>> {
  const { project, kind, media, lowered } = plan;
  const { stop, store, ledger } = parts;
  const connected = parts.connection
    ? connectProvider(parts.connection, stop.giveUp)
    : await connectEmulator(project, store, stop.giveUp);
  const stills = new Stills(project, store);
  const record = new TakeRecord(diskFiles, project.hidden, kind);
  try {
    store.sweepIncoming();
    return await execute({
      graph: buildGraph(
        plan.storyboard,
        plan.cut.map(({ scene }) => scene),
      ),
      plans: plan.scenes,
      lowered,
      media,
      ...connectedParts(connected, options, stop),
      clock: systemClock,
      ledger,
      store,
      stop,
      remote: new Pool(plan.concurrency),
      transfers: new Pool(TRANSFERS),
      local: new Pool(LOCAL_WORK),
      patience: (options.deadline ?? DEFAULT_DEADLINE_SECONDS) * 1000,
      taskSeconds: taskSeconds(kind),
      emit: options.onEvent ?? (() => undefined),
      probe: probeMedia,
      recall: (fingerprint) => record.recall(fingerprint),
      remember: (take) => record.remember(take),
      still: (digest, which) => stills.take(digest, which),
      read: (path) => readFileSync(path),
      spendProblem: spendingProblem(plan, options),
    });
  } finally {
    await Promise.all([stills.close(), connected.close()]);
  }
}

function connectedParts(connected: Connected, options: RenderOptions, stop: RunStop) {
  const { service, provider, handover } = connected;
  const pace = {
    pollFirst: options.pollFirst ?? connected.pace.pollFirst,
    pollEvery: options.pollEvery ?? connected.pace.pollEvery,
  };
  const poller = new Poller(service, systemClock, (looks) => nextLook(looks, pace), stop.signal);
  return { service, provider, handover, poller };
}

/** Counts what this run has sent against the cap, before each request again. */
function spendingProblem(plan: Plan, { maxCost }: Spending): (scene: string) => string | undefined {
  let spent = 0;
  return (scene) => {
    const price = plan.estimate.prices.get(scene);
    const renders = plan.scenes.find((planned) => planned.scene.id === scene)?.renders ?? 1;
    const one = (price?.usd ?? 0) / Math.max(1, renders);
    if (plan.kind === "paid" && maxCost !== undefined && spent + one > maxCost) {
      return `sending it would pass --max-cost ${maxCost}`;
    }
    spent += one;
    return undefined;
  };
}

/** Nothing is to be made: only the selection of a take that was made before may be new. */
function settled(plan: Plan, ledger: Ledger): Promise<ReadonlyMap<string, SceneResult>> {
  const store = new ObjectStore(diskFiles, plan.project.hidden);
  const results = plan.scenes.map(({ scene, take }): [string, SceneResult] => {
    if (!take?.clip) throw new Error(`scene ${scene.id} is planned to be reused without a clip`);
    const known = ledger
      .takes(scene.id)
      .some((one) => one.take === take.take && one.fingerprint === take.fingerprint);
    const mine = known ? take : ledger.recall(scene.id, take);
    ledger.select(scene.id, mine.take);
    return [scene.id, { kind: "reused", take: mine.take, clip: store.pathOf(take.clip.sha256) }];
  });
  return Promise.resolve(new Map(results));
}

function showClips({ project, kind, storyboard }: Plan, ledger: Ledger, store: ObjectStore): void {
  const clips = new Map(
    storyboard.scenes.flatMap(({ id }) => {
      const clip = ledger.selected(id)?.clip;
      return clip ? [[id, clip.sha256] as const] : [];
    }),
  );
  exposeClips(project, kind, store, clips);
}

export function emulatorFolder(project: Project): string {
  return join(project.hidden, "emulator", project.name);
}

/** The emulator's copies are needed only as long as a task is under way there. */
function sweepEmulator(project: Project, kind: RunKind, ledger: Ledger): void {
  const open = [...ledger.lock().scenes.values()].some(({ takes }) =>
    takes.some(({ state }) => state === "submitted"),
  );
  if (kind === "rehearsal" && !open) rmSync(emulatorFolder(project), { recursive: true, force: true });
}
