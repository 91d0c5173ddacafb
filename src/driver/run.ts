import type { SceneResult } from "../execute/events.ts";
import { execute } from "../execute/execute.ts";
import { InFlight } from "../execute/in-flight.ts";
import { Ledger } from "../execute/ledger.ts";
import { Poller, type Pace as Looking } from "../execute/poller.ts";
import { Pool } from "../execute/pool.ts";
import { RequestBudget } from "../execute/request-budget.ts";
import { RunStop } from "../execute/run-stop.ts";
import { TaskTimes } from "../execute/task-times.ts";
import { buildGraph } from "../plan/graph.ts";
import type { Lock } from "../plan/lock.ts";
import { quoteOf, shapeOfClip, type Shape } from "../plan/quote.ts";
import { nextLook, type Pace } from "../service/pace.ts";
import { Journal } from "../store/journal.ts";
import { ObjectStore } from "../store/objects.ts";
import type { Files } from "../store/files.ts";
import { TakeRecord } from "../store/take-record.ts";
import type { Connected } from "./connect.ts";
import type { Holding } from "./hold.ts";
import type { Machine } from "./machine.ts";
import { makeFilm } from "./make-film.ts";
import type { Connection } from "./options.ts";
import { nothingToDo, planFilm, taskSeconds, type Plan } from "./plan.ts";
import { emulatorPath, journalPath, type Project, type RunKind } from "./project.ts";
import type { FilmRun, Ran, RenderOptions } from "./rendering.ts";
import { exposeClips } from "./renders.ts";
import { SpendingCap } from "./spend-gate.ts";
import { foldJournal } from "./state.ts";
import { Stills } from "./stills.ts";

const DEFAULT_DEADLINE_SECONDS = 1800;
/** Creates and looks together; a person's account of the paid service allows 180. */
const REQUESTS_PER_MINUTE: Record<RunKind, number> = { paid: 120, rehearsal: 6000 };
const TAKEN_OVER = "another run has taken the storyboard over";
const TRANSFERS = 4;
const LOCAL_WORK = 2;

/** A run in progress: one service, one journal, one reason to stop for all films. */
export class Run {
  readonly #project: Project;
  readonly #kind: RunKind;
  readonly #options: RenderOptions;
  readonly #connection: Connection | undefined;
  readonly #machine: Machine;
  readonly #held: Holding;
  readonly #journal: Journal;
  readonly #store: ObjectStore;
  readonly #record: TakeRecord;
  readonly #stills: Stills;
  readonly #stop: RunStop;
  readonly #cap: SpendingCap;
  readonly #budget: RequestBudget;
  #connected: Connected | undefined;
  #inFlight: InFlight | undefined;
  #lock: () => Lock = () => ({ scenes: new Map() });

  constructor(
    project: Project,
    kind: RunKind,
    options: RenderOptions,
    connection: Connection | undefined,
    machine: Machine,
    held: Holding,
  ) {
    const { files } = machine;
    this.#project = project;
    this.#kind = kind;
    this.#options = options;
    this.#connection = connection;
    this.#machine = machine;
    this.#held = held;
    this.#journal = new Journal(files, journalPath(project, kind));
    this.#store = new ObjectStore(files, project.hidden);
    this.#record = new TakeRecord(files, project.hidden, kind);
    this.#stills = new Stills(project, this.#store, machine);
    this.#stop = new RunStop(options.signal ?? new AbortController().signal, (ms) => machine.grace(ms));
    held.lost.addEventListener("abort", () => this.#stop.fail(new Error(TAKEN_OVER)));
    this.#cap = new SpendingCap(options);
    const perMinute = options.requestsPerMinute ?? REQUESTS_PER_MINUTE[kind];
    this.#budget = new RequestBudget(perMinute, machine.clock);
  }

  /** One film after the other, so that what one has made is there for the next. */
  async films(plans: readonly Plan[], lock: Lock): Promise<Ran> {
    this.#lock = () => lock;
    const films: FilmRun[] = [];
    try {
      for (const [i, plan] of plans.entries()) {
        const { files } = this.#machine;
        const known = i === 0 ? plan : planAgain(plan, this.#lock(), files);
        films.push(await this.#film(known));
      }
    } finally {
      // What the run has to tell, the tasks that are under way above all, must not be lost with this failure.
      await this.#close().catch((error: unknown) => this.#stop.fail(error as Error));
    }
    const stopped = this.#stop.failure?.message ?? (this.#stop.halted ? this.#stop.reason : undefined);
    const interrupted = this.#options.signal?.aborted ?? false;
    return { kind: "ran", films, interrupted, ...(stopped !== undefined && { stopped }) };
  }

  async #film(plan: Plan): Promise<FilmRun> {
    const ledger = new Ledger(plan.lock, (entry) => this.#append(entry), plan.storyboard.variant);
    this.#lock = () => ledger.lock();
    const scenes = nothingToDo(plan) ? settled(plan, ledger, this.#store) : await this.#execute(plan, ledger);
    const clipOf = (scene: string) => ledger.selected(scene)?.clip;
    try {
      const clips = plan.storyboard.scenes.map(({ id }) => [id, clipOf(id)?.sha256] as const);
      exposeClips(plan, this.#kind, this.#store, new Map(clips), this.#machine.files);
      return { plan, scenes, film: await makeFilm(plan, clipOf, scenes, this.#machine) };
    } catch (error) {
      this.#stop.fail(error as Error);
      return { plan, scenes, film: { kind: "not-made", reason: (error as Error).message } };
    }
  }

  async #execute(plan: Plan, ledger: Ledger): Promise<ReadonlyMap<string, SceneResult>> {
    const connected = await this.#connect();
    const { service, provider, pace } = connected;
    const { clock, files } = this.#machine;
    const { pollFirst, pollEvery } = this.#options;
    const looking: Pace = {
      pollFirst: pollFirst ?? pace.pollFirst,
      pollEvery: pollEvery ?? pace.pollEvery,
      isFirstFixed: pollFirst !== undefined || this.#kind === "rehearsal",
    };
    const look: Looking = (looks) => nextLook(looks, looking, this.#machine.random());
    const shapeOf = (scene: string): Shape | undefined => {
      const clip = ledger.selected(scene)?.clip;
      return clip && shapeOfClip(clip);
    };
    return execute({
      graph: buildGraph(
        plan.storyboard,
        plan.cut.map(({ scene }) => scene),
      ),
      plans: plan.scenes,
      lowered: plan.lowered,
      media: plan.media,
      service,
      provider,
      handover: connected.handover({ ledger, clock, budget: this.#budget, stop: this.#stop }),
      ways: plan.ways,
      poller: new Poller(service, clock, look, this.#budget, this.#stop.signal),
      budget: this.#budget,
      times: new TaskTimes(plan.lock, provider),
      clock,
      ledger,
      store: this.#store,
      stop: this.#stop,
      remote: this.#remote(plan.concurrency),
      transfers: new Pool(TRANSFERS),
      local: new Pool(LOCAL_WORK),
      patience: (this.#options.deadline ?? DEFAULT_DEADLINE_SECONDS) * 1000,
      taskSeconds: taskSeconds(this.#kind),
      emit: this.#options.onEvent ?? (() => undefined),
      probe: (path) => this.#machine.probe(path),
      recall: (fingerprint) => this.#record.recall(fingerprint),
      remember: (take) => this.#record.remember(take),
      still: (digest, which) => this.#stills.take(digest, which),
      read: (path) => files.readFileSync(path),
      quoteOf: (lowered) => quoteOf(lowered, { media: plan.media, prices: plan.prices, shapeOf }),
      spendProblem: (quote) => (this.#kind === "paid" ? this.#cap.problem(quote) : undefined),
      wishes: plan.wishes,
    });
  }

  /** Every step is written before it counts: a run that has lost its storyboard, say in a long sleep, ends here. */
  #append(entry: object): void {
    if (!this.#held.isMine()) throw new Error(TAKEN_OVER);
    this.#journal.append(entry);
  }

  /** One for all films: what the service refused during one counts for the next. */
  #remote(ceiling: number): InFlight {
    const { clock, random } = this.#machine;
    return (this.#inFlight ??= new InFlight({ ceiling, clock, random, signal: this.#stop.signal }));
  }

  async #connect(): Promise<Connected> {
    if (this.#connected) return this.#connected;
    this.#store.sweepIncoming();
    this.#connected = await this.#machine.connect({
      project: this.#project,
      store: this.#store,
      connection: this.#connection,
    });
    return this.#connected;
  }

  /** Whatever has happened is in the journal: a lockfile that cannot be written now is written by the next run. */
  async #close(): Promise<void> {
    await Promise.all([this.#stills.close(), this.#connected?.close()]);
    this.#journal.close();
    const lock = this.#lock();
    if (!this.#held.isMine()) return;
    foldJournal(this.#project, this.#kind, lock, this.#machine.files);
    // The emulator's copies are needed only as long as a task is under way there.
    const isOpen = [...lock.scenes.values()].some(({ takes }) =>
      takes.some(({ state }) => state === "submitted"),
    );
    if (this.#kind === "rehearsal" && !isOpen)
      this.#machine.files.rmSync(emulatorPath(this.#project), { recursive: true, force: true });
  }
}

/**
 * With what the films before it have made. Nothing is sent beyond its first plan: what another film was to make, and
 * could not, is not tried once more in the same run.
 */
function planAgain(plan: Plan, lock: Lock, files: Files): Plan {
  const first = new Map(plan.scenes.map(({ scene, renders }) => [scene.id, renders]));
  const again = planFilm(plan, { ...plan, lock }, files);
  const scenes = again.scenes.map((scene) => {
    const renders = Math.min(scene.renders, first.get(scene.scene.id) ?? 0);
    return { ...scene, renders };
  });
  return { ...again, scenes };
}

/** Nothing is to be made: only the selection of a take that was made before may be new. */
function settled(plan: Plan, ledger: Ledger, store: ObjectStore): ReadonlyMap<string, SceneResult> {
  const results = plan.scenes.map(({ scene, take }): [string, SceneResult] => {
    if (!take?.clip) throw new Error(`scene ${scene.id} is planned to be reused without a clip`);
    const isMine = ledger
      .takes(scene.id)
      .some((one) => one.take === take.take && one.fingerprint === take.fingerprint);
    const mine = isMine ? take : ledger.recall(scene.id, take);
    ledger.select(scene.id, mine.take);
    return [scene.id, { kind: "reused", take: mine.take, clip: store.pathOf(take.clip.sha256) }];
  });
  return new Map(results);
}
