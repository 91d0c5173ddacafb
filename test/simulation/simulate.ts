import type { Asked } from "../../src/driver/asking.ts";
import { lockPath } from "../../src/driver/project.ts";
import type { RenderOptions } from "../../src/driver/rendering.ts";
import { PROJECT } from "../support/memory-machine.ts";
import { Chance } from "./chance.ts";
import { FREE_GATE, SimulatedDisk } from "./disk.ts";
import { anyDraft, editedDraft, type Draft } from "./film.ts";
import { anyFate, SimulatedProcess, type Fate, type Surroundings } from "./process.ts";
import { Person, type Decision } from "./person.ts";
import { Remote } from "./remote.ts";
import { SimulatedRun, type Program } from "./run.ts";
import { Timeline } from "./timeline.ts";
import { anyWeather, CALM, type Weather } from "./weather.ts";
import { Witness, type RunTerms } from "./witness.ts";

export interface Figures {
  steps: number;
  runs: number;
  kills: number;
  powerLosses: number;
  /** Runs in which the disk failed. */
  troubles: number;
  requests: number;
  clips: number;
}

export interface Simulated {
  readonly seed: number;
  readonly figures: Figures;
  /** The first thing that must never be; undefined when all was well. */
  readonly violation: string | undefined;
  /** What has happened, where it was asked for. */
  readonly story: readonly string[];
}

/** One storyboard and its person, disk, network, service and time, all decided by the seed. */
export function simulate(seed: number, program: Program, tellsStory = false): Promise<Simulated> {
  return new Simulation(seed, program, tellsStory).whole();
}

const MOST_STEPS = 50_000;
const HOUR_MS = 3_600_000;
const LOCK = lockPath(PROJECT, "paid");
/** Runs until nothing is left to do: a task that has failed is told by one run and tried again by the next. */
const MOST_CALM_RUNS = 7;

class Simulation {
  readonly #seed: number;
  readonly #program: Program;
  readonly #chance: Chance;
  readonly #timeline: Timeline;
  readonly #disk: SimulatedDisk;
  readonly #remote: Remote;
  readonly #witness: Witness;
  readonly #person: Person;
  readonly #story: string[] | undefined;
  readonly #figures = { steps: 0, runs: 0, kills: 0, powerLosses: 0, troubles: 0 };
  #weather: Weather = CALM;
  #draft: Draft;
  #runs: SimulatedRun[] = [];
  #powerIsLost = false;

  constructor(seed: number, program: Program, tellsStory: boolean) {
    this.#seed = seed;
    this.#program = program;
    this.#chance = new Chance(seed);
    this.#timeline = new Timeline(this.#chance);
    const now = (): number => this.#timeline.now;
    this.#disk = new SimulatedDisk(now);
    this.#remote = new Remote(this.#chance, now, this.#chance.happens(0.3));
    this.#witness = new Witness(this.#disk, this.#remote);
    this.#person = new Person(this.#chance, this.#witness);
    this.#story = tellsStory ? [] : undefined;
    this.#draft = anyDraft(this.#chance);
    const files = this.#disk.files(FREE_GATE);
    files.mkdirSync(PROJECT.folder);
    for (const folder of ["/", PROJECT.folder]) files.fsyncSync(files.openSync(folder, "r"));
  }

  async whole(): Promise<Simulated> {
    try {
      const rounds = this.#chance.between(1, 4);
      for (let round = 0; round < rounds && !this.#isOver; round++) await this.#round();
      if (!this.#isOver) await this.#calm();
    } catch (error) {
      this.#fail(`the simulation itself: ${(error as Error).stack}`);
    }
    const { violation, requests, clips } = this.#witness;
    const figures = { ...this.#figures, requests, clips };
    return { seed: this.#seed, figures, violation, story: this.#story ?? [] };
  }

  get #isOver(): boolean {
    return this.#witness.violation !== undefined;
  }

  get #isCalm(): boolean {
    return this.#weather === CALM;
  }

  #fail(message: string): void {
    this.#witness.violation ??= message;
  }

  #tell(line: () => string): void {
    this.#story?.push(`${new Date(this.#timeline.now).toISOString().slice(5, 23)} ${line()}`);
  }

  /** A person changes something, and renders; perhaps twice at a time, perhaps not for long. */
  async #round(): Promise<void> {
    this.#setWeather(anyWeather(this.#chance));
    if (this.#chance.happens(0.4)) this.#draft = editedDraft(this.#draft, this.#chance);
    if (this.#chance.happens(0.3)) {
      this.#decide(this.#person.anyDecision(this.#draft), anyFate(this.#chance));
      await this.#untilEnded();
      if (this.#isOver) return;
    }
    this.#render(anyFate(this.#chance), "desk", this.#person.anyWish(this.#draft));
    if (this.#chance.happens(0.2)) this.#renderLater(this.#chance.between(0, 300_000));
    await this.#untilEnded();
    this.#timeline.pass(this.#chance.one([0, 1, 2, 30]) * HOUR_MS);
  }

  #setWeather(weather: Weather): void {
    this.#weather = weather;
    this.#remote.failsOften = weather.taskFails;
    this.#remote.hangsOften = weather.taskHangs;
    this.#remote.deniesOften = weather.taskDenied;
  }

  #render(fate: Fate, host: string, asked: Asked): SimulatedRun {
    const run = this.#start(fate, host, asked);
    run.render(this.#program, { ...asked, ...this.#anyOptions(run) }, () => this.#ended(run));
    if (!this.#isCalm) this.#befall(run);
    return run;
  }

  #decide(decision: Decision, fate: Fate): void {
    const run = this.#start(fate, "desk", {});
    this.#tell(() => `${run.terms.name} is ${decision.name}`);
    run.amend(this.#program, decision, () => this.#ended(run));
  }

  #start(fate: Fate, host: string, asked: Asked): SimulatedRun {
    const number = ++this.#figures.runs;
    const process = new SimulatedProcess(this.#surroundings(), { pid: 100 + number, host }, fate);
    const maxUsd = !this.#isCalm && this.#chance.happens(0.15) ? this.#anyCap() : undefined;
    const terms: RunTerms = {
      name: `run ${number}`,
      wanted: new Map(this.#draft.map(({ id, takes }) => [id, takes])),
      retries: new Map(this.#draft.map(({ id, retries }) => [id, retries])),
      asked,
      maxUsd,
      process,
    };
    const run = new SimulatedRun(terms, process, this.#draft);
    this.#runs.push(run);
    this.#witness.begins(terms);
    this.#tell(() => `${terms.name} starts on ${host}: ${JSON.stringify({ ...asked, ...fate, maxUsd })}`);
    return run;
  }

  /** From less than one take to more than all of them, with their tries. */
  #anyCap(): number {
    return this.#chance.fraction() * this.#chance.one([0.5, 1, 2]);
  }

  #anyOptions({ terms }: SimulatedRun): RenderOptions {
    const chance = this.#chance;
    return {
      concurrency: chance.between(1, 4),
      wait: this.#isCalm || chance.happens(0.3),
      ...(!this.#isCalm && chance.happens(0.2) && { deadline: chance.between(1, 300) }),
      onEvent: (event) => this.#tell(() => `${terms.name}: ${JSON.stringify(event)}`),
    };
  }

  #surroundings(): Surroundings {
    return {
      timeline: this.#timeline,
      chance: this.#chance,
      disk: this.#disk,
      remote: this.#remote,
      weather: () => this.#weather,
      tap: (process) => this.#witness.tap(() => this.#runOf(process).terms),
      isAlive: (host, pid) =>
        this.#runs.some(({ process }) => process.host === host && process.pid === pid && process.isAlive),
      onKill: (process) => this.#killed(process),
    };
  }

  #runOf(process: SimulatedProcess): SimulatedRun {
    const run = this.#runs.find((one) => one.process === process);
    if (!run) throw new Error("a process that is no run sends something");
    return run;
  }

  /** Ctrl-C, or a machine that sleeps. */
  #befall(run: SimulatedRun): void {
    const { process, terms } = run;
    if (this.#chance.happens(0.2)) {
      this.#timeline.in(this.#chance.between(0, 500_000), () => {
        if (!process.isAlive) return;
        this.#tell(() => `${terms.name} is interrupted`);
        run.interrupt(this.#timeline.now);
      });
    }
    if (!this.#chance.happens(0.15)) return;
    const minutes = this.#chance.one([1, 2, 4, 10, 30]);
    this.#timeline.in(this.#chance.between(0, 200_000), () => {
      if (!process.isAlive) return;
      this.#tell(() => `${terms.name} sleeps for ${minutes} min`);
      process.sleepFor(minutes * 60_000);
      // Somebody else may think that it is dead.
      if (this.#chance.happens(0.5)) this.#renderLater(this.#chance.between(0, minutes * 60_000));
    });
  }

  /** A second run, as long as the first one has not ended. */
  #renderLater(ms: number): void {
    const runs = this.#runs;
    const host = this.#chance.one(["desk", "container"]);
    this.#timeline.in(ms, () => {
      if (this.#runs === runs) this.#render(anyFate(this.#chance), host, {});
    });
  }

  #killed(process: SimulatedProcess): void {
    this.#figures.kills++;
    this.#powerIsLost ||= this.#chance.happens(0.4);
    this.#tell(() => `process ${process.pid} is killed${this.#powerIsLost ? ", the power is lost" : ""}`);
    if (this.#powerIsLost) for (const run of this.#runs) run.process.exit();
  }

  #ended(run: SimulatedRun): void {
    this.#tell(() => `${run.terms.name} ends: ${run.outline}`);
    const problem = run.problem(this.#witness, this.#timeline.now, this.#isCalm);
    if (problem !== undefined) this.#fail(`${run.terms.name} ${problem}`);
  }

  /** Lets things happen, one after the other, and looks at the disk after each. */
  async #untilEnded(): Promise<void> {
    for (;;) {
      await turn();
      if (this.#powerIsLost) {
        this.#figures.powerLosses++;
        this.#disk.losePower(this.#chance);
      }
      this.#powerIsLost = false;
      this.#witness.check();
      if (this.#isOver || !this.#runs.some(({ process }) => process.isAlive)) break;
      if (this.#timeline.isEmpty) return this.#fail("a run hangs");
      if (++this.#figures.steps % MOST_STEPS === 0) return this.#fail("a run does not end");
      this.#timeline.step();
    }
    this.#figures.troubles += this.#runs.filter(({ process }) => process.hadTrouble).length;
    this.#runs = [];
  }

  /** Nothing goes wrong any more: all that can be made is made, and then there is nothing to do. */
  async #calm(): Promise<void> {
    this.#setWeather(CALM);
    this.#remote.recover();
    this.#tell(() => "all is calm");
    // The lock of a process that nobody can see from here is respected until it has given no sign of life for long.
    this.#timeline.pass(200_000);
    let [sent, lock]: [number, Buffer | undefined] = [-1, undefined];
    let resubmit: string[] = [];
    for (let runs = 0; runs < MOST_CALM_RUNS; runs++) {
      for (const found of this.#person.findLost()) {
        this.#decide(found, {});
        await this.#untilEnded();
      }
      const run = this.#render({}, "desk", resubmit.length > 0 ? { resubmit } : {});
      await this.#untilEnded();
      if (this.#isOver) return;
      // A lost take of a recipe that nobody wants any more is in nobody's way, nor is it where another one was refused.
      const isInTheWay = ({ scene, take }: { scene: string; take: number }): boolean =>
        run.results.get(scene)?.message?.startsWith(`take ${take} may have been accepted`) ?? false;
      const neverMade = this.#person.findNeverMade().filter(isInTheWay);
      resubmit = neverMade.map(({ scene }) => scene);
      const isSame = sent === this.#witness.requests && lock === this.#disk.read(LOCK);
      if (isSame && resubmit.length === 0) return this.#checkMade(run);
      [sent, lock] = [this.#witness.requests, this.#disk.read(LOCK)];
    }
    if (this.#draft.every(({ trouble }) => trouble === "")) this.#fail("there is always something to do");
  }

  #checkMade({ results }: SimulatedRun): void {
    const stuck = this.#draft
      .filter(({ id }) => !/^(done|reused)$/.test(results.get(id)?.kind ?? "") && this.#canBeMade(id))
      .map(({ id }) => `${id} ${JSON.stringify(results.get(id))}`);
    if (stuck.length > 0) this.#fail(`not made, although nothing is wrong: ${stuck.join(", ")}`);
  }

  /** Not refused, not failing, nor anything that it uses. */
  #canBeMade(id: string): boolean {
    const scene = this.#draft.find((one) => one.id === id);
    if (!scene || scene.trouble !== "") return false;
    return scene.from === undefined || this.#canBeMade(scene.from);
  }
}

/** Lets everything happen that waits for nothing but its turn. */
function turn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
