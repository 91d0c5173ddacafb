import type { Asked } from "../../src/driver/asking.ts";
import { digestOf } from "../../src/base/digest.ts";
import type { Take } from "../../src/plan/lock.ts";
import type { CreateOutcome } from "../../src/seedance/outcome.ts";
import { runLockPath } from "../../src/driver/project.ts";
import { ObjectStore } from "../../src/store/objects.ts";
import { PROJECT } from "../support/memory-machine.ts";
import { FREE_GATE, type Moment, type SimulatedDisk } from "./disk.ts";
import { DiskStates, type DiskState } from "./disk-state.ts";
import type { SimulatedProcess } from "./process.ts";
import { isModerated, type Purchase, type Remote, type RemoteTask } from "./remote.ts";
import type { WireTap } from "./wire.ts";

/** A run as its user has started it. */
export interface RunTerms {
  readonly name: string;
  /** How many takes the storyboard wants of a scene. */
  readonly wanted: ReadonlyMap<string, number>;
  /** How many more for each of them, should outputs be moderated. */
  readonly retries: ReadonlyMap<string, number>;
  readonly asked: Asked;
  readonly maxUsd: number | undefined;
  readonly process: Pick<SimulatedProcess, "pid" | "isAlive" | "hasSlept" | "hadTrouble">;
}

interface Sending {
  readonly terms: RunTerms;
  readonly scene: string;
  /** As in `dawn#1`. */
  readonly take: string;
  /** Digest of what was sent. */
  readonly body: string;
  readonly purchase: Purchase;
  /** `open`: no answer has come. `free`: for certain nothing was created. */
  state: "open" | "free" | "refused" | "unknown" | "accepted";
  task?: RemoteTask;
  /** The runs that were told of its failure. */
  readonly toldFailed: Set<RunTerms>;
}

interface Known {
  readonly name: string;
  readonly task: string;
  readonly clip: string | undefined;
}

const RUN_LOCK = runLockPath(PROJECT, "paid");

/** Of lockfile and journal: what a loss of power may leave. */
const LEFT: readonly (readonly [Moment, Moment])[] = [
  ["flushed", "flushed"],
  ["now", "flushed"],
  ["flushed", "now"],
];

/** Sees all that is sent, and all that is on the disk, and says what must never be. */
export class Witness {
  readonly #disk: SimulatedDisk;
  readonly #remote: Remote;
  readonly #states: DiskStates;
  readonly #store: ObjectStore;
  readonly #sendings: Sending[] = [];
  /** What has been on the disk for certain of takes whose task is known, by take and task. */
  readonly #known = new Map<string, Known>();
  #version = -1;
  /** Scenes of which a person has said that their lost takes may be sent again. */
  readonly #givenUp = new Set<string>();
  /** Takes that were given up before a run began: what it gives up itself, it may send once more. */
  readonly #abandonedBefore = new WeakMap<RunTerms, ReadonlySet<string>>();
  /** The first thing that must not be. */
  violation: string | undefined;

  constructor(disk: SimulatedDisk, remote: Remote) {
    this.#disk = disk;
    this.#remote = remote;
    this.#states = new DiskStates(disk);
    this.#store = new ObjectStore(disk.files(FREE_GATE), PROJECT.hidden);
  }

  /** A person has started a run. */
  begins(terms: RunTerms): void {
    for (const scene of terms.asked.resubmit ?? []) this.#givenUp.add(scene);
    this.#abandonedBefore.set(terms, new Set(this.#abandoned().keys()));
  }

  get requests(): number {
    return this.#sendings.length;
  }

  /** Clips that are for certain on the disk. */
  get clips(): number {
    return [...this.#known.values()].filter(({ clip }) => clip !== undefined).length;
  }

  state(moment: Moment = "now"): DiskState {
    return this.#states.read(moment);
  }

  tap(terms: () => RunTerms): WireTap {
    return {
      sending: (body, label) => this.#sending(terms(), body, label),
      created: (number, task) => {
        const sending = this.#sendings[number];
        if (sending) sending.task = task;
      },
      answered: (number, outcome) => this.#answered(number, outcome),
      toldFailed: (task) => {
        for (const sending of this.#sendings) if (sending.task === task) sending.toldFailed.add(terms());
      },
    };
  }

  /** Tasks whose id has come to a run, and which the disk does not know. */
  unwritten(terms: RunTerms): string[] {
    const { takes } = this.#states.read("now");
    const accepted = this.#sendings.filter((one) => one.terms === terms && one.state === "accepted");
    return accepted.flatMap(({ take, task }) =>
      task && takes.get(take)?.task === undefined ? [task.id] : [],
    );
  }

  /** The task that a lost request has created, as a person finds it in the provider's console. */
  taskOf(take: string): RemoteTask | undefined {
    return this.#sendings.findLast((sending) => sending.take === take && sending.task)?.task;
  }

  /** After every step. */
  check(): void {
    if (this.#version === this.#disk.version) return;
    this.#version = this.#disk.version;
    const states = new Set<DiskState>();
    for (const [lock, journal] of LEFT) states.add(this.#states.read(lock, journal));
    for (const state of states) this.#checkState(state, "flushed");
    const now = this.#states.read("now");
    if (!states.has(now)) this.#checkState(now, "now");
    for (const [name, { task, clip }] of this.#states.read("flushed").takes)
      if (task !== undefined) this.#known.set(`${name} ${task}`, { name, task, clip: clip?.sha256 });
  }

  #fail(message: string): void {
    this.violation ??= message;
  }

  #sending(terms: RunTerms, body: string, label: string): number {
    const scene = label.split("#")[0] ?? "";
    const take = label.includes("#") ? label : `${label}#1`;
    const purchase = this.#remote.read(body);
    const written = this.#states.read("flushed").takes.get(take);
    if (written?.body !== digestOf(body) || written.state !== "unknown")
      this.#fail(`${terms.name} sends ${take} before its intent is on the disk`);
    if (this.#holder() !== terms.process.pid) this.#fail(`${terms.name} sends without the storyboard`);
    const other = this.#sendings.find((one) => one.terms !== terms && canBeSeen(one.terms));
    if (other) this.#fail(`${terms.name} sends while ${other.terms.name} runs`);
    this.#checkWanted(terms, scene, take, purchase);
    this.#sendings.push({
      terms,
      scene,
      take,
      body: digestOf(body),
      purchase,
      state: "open",
      toldFailed: new Set(),
    });
    this.#checkCap(terms);
    return this.#sendings.length - 1;
  }

  /** The number of the process whose name stands in the run lock. */
  #holder(): unknown {
    const lock = this.#disk.read(RUN_LOCK, "now")?.toString() ?? "";
    return lock === "" ? undefined : (JSON.parse(lock) as { pid?: unknown }).pid;
  }

  /**
   * No more than the storyboard wants, unless a person asks for one more, of what may have been accepted. What has
   * failed is tried again by another run, and by the same one only where its output was moderated, as often as the
   * storyboard says.
   */
  #checkWanted(terms: RunTerms, scene: string, take: string, { key }: Purchase): void {
    const { takes } = this.#states.read("flushed");
    const isRetaken = terms.asked.retake?.includes(scene) ?? false;
    const same = this.#sendings.filter((one) => one.scene === scene && one.purchase.key === key);
    const blocking = same.filter(
      (one) =>
        one.state !== "free" &&
        // One more take is one more try of what was refused.
        !(isRetaken && one.state === "refused" && one.terms !== terms) &&
        ![...one.toldFailed].some((told) => told !== terms) &&
        takes.get(one.take)?.state !== "abandoned",
    );
    const mine = blocking.filter((one) => one.terms === terms).length;
    const others = blocking.length - mine;
    const wanted = (terms.wanted.get(scene) ?? 0) - others;
    const most = Math.max(wanted, isRetaken ? 1 : 0, this.#replaced(terms, scene, take));
    const moderated = same.filter(
      ({ task, toldFailed }) => task && isModerated(task) && toldFailed.has(terms),
    );
    const series = most + moderated.filter((one) => one.terms !== terms).length;
    const retried = Math.min(moderated.length, series * (terms.retries.get(scene) ?? 0));
    if (mine < most + retried) return;
    const states = blocking.map((one) => `${one.take} ${one.state}`).join(", ");
    this.#fail(`${terms.name} sends ${take} again: ${states}`);
  }

  /** By name, the recipes of takes that are given up; also of one that a kill kept from being sent. */
  #abandoned(): Map<string, string> {
    const { takes } = this.#states.read("flushed");
    const given = [...takes].filter(([, { state }]) => state === "abandoned");
    return new Map(given.map(([name, { fingerprint }]) => [name, fingerprint]));
  }

  /** Also a lost retake is one that its user wants, beside those that the storyboard wants. */
  #replaced(terms: RunTerms, scene: string, take: string): number {
    const before = this.#abandonedBefore.get(terms);
    const recipe = this.#states.read("flushed").takes.get(take)?.fingerprint;
    const mine = [...this.#abandoned()].filter(
      ([name, one]) => name.startsWith(`${scene}#`) && one === recipe && before?.has(name) === false,
    );
    return mine.length;
  }

  #checkCap(terms: RunTerms): void {
    if (terms.maxUsd === undefined) return;
    const mine = this.#sendings.filter((one) => one.terms === terms && one.state !== "free");
    const usd = mine.reduce((sum, { purchase }) => sum + purchase.usd, 0);
    if (usd > terms.maxUsd + 1e-5) this.#fail(`${terms.name} spends $${usd} of at most $${terms.maxUsd}`);
  }

  #answered(number: number, { kind }: CreateOutcome): void {
    const sending = this.#sendings[number];
    if (sending?.state !== "open") return;
    if (kind === "accepted" || kind === "refused" || kind === "unknown") sending.state = kind;
    else sending.state = "free";
  }

  #checkState(state: DiskState, moment: Moment): void {
    if (state.problem !== undefined) return this.#fail(`the lockfile: ${state.problem} (${moment})`);
    for (const [name, take] of state.takes) {
      if (take.state === "done") this.#checkClip(name, take, moment);
      if (take.state === "abandoned" && !this.#givenUp.has(name.split("#")[0] ?? ""))
        this.#fail(`${name} is given up, and nobody asked for it (${moment})`);
    }
    for (const { name, task, clip } of this.#known.values()) {
      const take = state.takes.get(name);
      if (take?.task !== task) this.#fail(`task ${task} of ${name} is forgotten (${moment})`);
      if (clip !== undefined && take?.clip?.sha256 !== clip)
        this.#fail(`the clip of ${name} is forgotten (${moment})`);
    }
    for (const [scene, { selected }] of state.lock.scenes) {
      for (const number of Object.values(selected))
        if (state.takes.get(`${scene}#${number}`)?.state !== "done")
          this.#fail(`take ${number} of ${scene} is selected without a clip (${moment})`);
    }
    for (const sending of this.#sendings) this.#checkSending(sending, state, moment);
  }

  #checkClip(name: string, { clip, task }: Take, moment: Moment): void {
    const bytes = clip && this.#disk.read(this.#store.pathOf(clip.sha256), moment);
    if (!bytes) return this.#fail(`the clip of ${name} is named, and not there (${moment})`);
    const whole = this.#remote.tasks.get(task ?? "")?.clip;
    if (!whole?.equals(bytes)) this.#fail(`the clip of ${name} is not what the service made (${moment})`);
  }

  /** What may have been accepted stays on the disk, whatever happens. */
  #checkSending({ state, take, body, terms }: Sending, { takes }: DiskState, moment: Moment): void {
    if (state === "free") return;
    const written = takes.get(take);
    if (written?.body !== body) return this.#fail(`${take} was sent, and is forgotten (${moment})`);
    const { isAlive, hadTrouble, hasSlept } = terms.process;
    const isTold = state === "accepted" && isAlive && !hadTrouble && !hasSlept;
    if (isTold && written.task === undefined)
      this.#fail(`${take} was accepted, and its task not written (${moment})`);
  }
}

/** One that has slept, or whose disk takes no sign of life, may be thought dead before it knows. It sends nothing more. */
function canBeSeen({ process }: RunTerms): boolean {
  return process.isAlive && !process.hasSlept && !process.hadTrouble;
}
