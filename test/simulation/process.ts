import { PACE } from "../../src/service/pace.ts";
import type { Connected } from "../../src/driver/connect.ts";
import type { Machine } from "../../src/driver/machine.ts";
import { openHandover, type Way } from "../../src/execute/handover.ts";
import { ProviderLinks } from "../../src/execute/provider-links.ts";
import type { MediaFacts } from "../../src/base/media-facts.ts";
import { writeAll, type Files } from "../../src/store/files.ts";
import { digestOf } from "../../src/base/digest.ts";
import type { Chance } from "./chance.ts";
import type { Gate, SimulatedDisk } from "./disk.ts";
import { diskFault } from "./disk-nodes.ts";
import { shapeOf, type Remote } from "./remote.ts";
import type { Timeline } from "./timeline.ts";
import type { Weather } from "./weather.ts";
import { Wire, type WireTap } from "./wire.ts";

/** Thrown wherever a process that is gone would go on. */
class Gone extends Error {}

/** A disk that does not do what it is told, from one operation on. */
export interface DiskTrouble {
  readonly code: "ENOSPC" | "EIO" | "EACCES";
  /** The operation, counted from the start of the process. */
  readonly from: number;
  /** How many operations fail. */
  readonly lasts: number;
}

/** What will befall a process. */
export interface Fate {
  /** After how many touches of the outer world it is killed. */
  readonly killedAfter?: number;
  readonly trouble?: DiskTrouble;
}

export function anyFate(chance: Chance): Fate {
  const killedAfter = chance.between(1, chance.one([30, 150, 600]));
  const code = chance.one(["ENOSPC", "EIO", "EACCES"] as const);
  const trouble = { code, from: chance.between(0, 150), lasts: chance.one([1, 1, 5, Infinity]) };
  return { ...(chance.happens(0.5) && { killedAfter }), ...(chance.happens(0.2) && { trouble }) };
}

export interface Surroundings {
  readonly timeline: Timeline;
  readonly chance: Chance;
  readonly disk: SimulatedDisk;
  readonly remote: Remote;
  readonly weather: () => Weather;
  readonly tap: (process: SimulatedProcess) => WireTap;
  readonly isAlive: (host: string, pid: number) => boolean;
  /** Called when a process is killed, before its end is felt. */
  readonly onKill: (process: SimulatedProcess) => void;
}

const WRITING = new Set([
  "openSync",
  "writeSync",
  "fsyncSync",
  "renameSync",
  "linkSync",
  "copyFileSync",
  "mkdirSync",
]);
const DENIED = new Set([
  "openSync",
  "renameSync",
  "linkSync",
  "copyFileSync",
  "mkdirSync",
  "rmSync",
  "readFileSync",
]);

/** One process, from its start to its end or its death. After that nothing it does has any effect. */
export class SimulatedProcess implements Gate {
  readonly pid: number;
  readonly host: string;
  readonly startedAt: number;
  readonly interrupt = new AbortController();
  readonly machine: Machine;
  readonly files: Files;
  readonly #around: Surroundings;
  readonly #fate: Fate;
  #touches = 0;
  #operations = 0;
  #dies = false;
  isAlive = true;
  hadTrouble = false;
  /** Until when nothing reaches it: its machine sleeps, or its container is paused. */
  #asleepUntil = 0;
  hasSlept = false;

  constructor(around: Surroundings, identity: { pid: number; host: string }, fate: Fate) {
    this.#around = around;
    this.#fate = fate;
    this.pid = identity.pid;
    this.host = identity.host;
    this.startedAt = around.timeline.now;
    this.files = around.disk.files(this);
    this.machine = this.#machine();
  }

  get touches(): number {
    return this.#touches;
  }

  kill(): void {
    if (!this.isAlive) return;
    this.isAlive = false;
    this.#around.onKill(this);
  }

  get isAsleep(): boolean {
    return this.#around.timeline.now < this.#asleepUntil;
  }

  sleepFor(ms: number): void {
    this.hasSlept = true;
    this.#asleepUntil = this.#around.timeline.now + ms;
  }

  #deliver(news: () => void): void {
    if (!this.isAlive) return;
    const { timeline } = this.#around;
    if (this.isAsleep) timeline.in(this.#asleepUntil - timeline.now, () => this.#deliver(news));
    else news();
  }

  /** Ctrl-C. */
  interruptNow(): void {
    this.#deliver(() => this.interrupt.abort());
  }

  /** It has come to its end by itself. */
  exit(): void {
    this.isAlive = false;
  }

  /** A moment at which it may die. What goes on after that throws. */
  touch(): void {
    if (!this.#survives()) throw new Gone("it is gone");
  }

  /** The same between two things that are waited for: what waits for a process that is gone waits for ever. */
  moment(): Promise<void> {
    return this.#survives() ? Promise.resolve() : new Promise(() => undefined);
  }

  #survives(): boolean {
    if (this.isAlive && ++this.#touches === this.#fate.killedAfter) this.kill();
    return this.isAlive;
  }

  before(operation: string, path: string): void {
    this.touch();
    const { trouble } = this.#fate;
    if (!trouble) return;
    const nth = this.#operations++ - trouble.from;
    if (nth < 0 || nth >= trouble.lasts) return;
    if (trouble.code === "ENOSPC" && !WRITING.has(operation)) return;
    if (trouble.code === "EACCES" && !DENIED.has(operation)) return;
    this.hadTrouble = true;
    throw diskFault(trouble.code, operation, path);
  }

  admit(length: number): number {
    this.#dies = ++this.#touches === this.#fate.killedAfter;
    if (this.#dies) return this.#around.chance.between(0, length);
    // A write may take less than it was given.
    return length > 1 && this.#around.chance.happens(0.02) ? this.#around.chance.between(1, length) : length;
  }

  afterWrite(): void {
    if (!this.#dies) return;
    this.kill();
    throw new Gone("it is gone");
  }

  /** Resolves after `ms`, or at once when the signal aborts; for a process that is gone never. */
  sleep(ms: number, signal?: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const wake = (): void => {
        signal?.removeEventListener("abort", wake);
        this.#deliver(resolve);
      };
      if (signal?.aborted) return wake();
      signal?.addEventListener("abort", wake);
      this.#around.timeline.in(ms, wake);
    });
  }

  #machine(): Machine {
    const { timeline, remote, tap, isAlive } = this.#around;
    const wire = new Wire(this.#around, tap(this), {
      moment: () => this.moment(),
      isAlive: () => this.isAlive,
      deliver: (news) => this.#deliver(news),
    });
    return {
      files: this.files,
      clock: { now: () => timeline.now, sleep: (ms, signal) => this.sleep(ms, signal) },
      self: {
        pid: this.pid,
        host: this.host,
        namespace: this.host,
        startedAt: () => this.startedAt,
        bootedAt: () => 0,
        isAlive: (pid) => isAlive(this.host, pid),
      },
      random: () => this.#around.chance.fraction(),
      grace: (ms) => this.sleep(ms),
      connect: ({ connection, store }) => {
        const provider = connection?.provider ?? "emulator";
        const handover: Connected["handover"] = ({ clock, budget, stop }) => {
          const links = new ProviderLinks({ service: wire, provider, clock, budget, signal: stop.giveUp });
          return openHandover(links, provider === "emulator" ? [shareOf(remote)] : [], store);
        };
        return Promise.resolve({ service: wire, provider, handover, pace: PACE, close: () => wire.close() });
      },
      probe: (path) => Promise.resolve(this.#probe(path)),
      openCodec: () => {
        const codec = { name: "none", still: this.#still.bind(this), close: () => Promise.resolve() };
        return Promise.resolve({ kind: "codec", codec });
      },
      assemble: (parts, output) => {
        const names = parts.map(({ path }) => digestOf(this.files.readFileSync(path)));
        this.#write(output, names.join("\n"));
        return Promise.resolve({ kind: "joined", seconds: parts.length });
      },
    };
  }

  #probe(path: string): MediaFacts {
    const bytes = this.files.readFileSync(path);
    const shape = shapeOf(bytes);
    if (!shape) return { kind: "unreadable", bytes: bytes.length, reason: "is damaged" };
    const { frames } = shape;
    return { kind: "video", format: "mp4", bytes: bytes.length, ...shape, seconds: frames / 24, fps: 24 };
  }

  async #still(clip: string, which: "first" | "last", png: string): Promise<void> {
    await this.sleep(this.#around.chance.between(1, 200));
    this.#write(png, `${which} of ${digestOf(this.files.readFileSync(clip))}`);
  }

  #write(path: string, text: string): void {
    this.files.mkdirSync(path.slice(0, path.lastIndexOf("/")), { recursive: true });
    const fd = this.files.openSync(`${path}.part`, "w");
    writeAll(this.files, fd, Buffer.from(text));
    this.files.fsyncSync(fd);
    this.files.closeSync(fd);
    this.files.renameSync(`${path}.part`, path);
  }
}

/** The emulator reads a clip of ours from this machine; what it finds is the clip that the task has made. */
function shareOf(remote: Remote): Way {
  return {
    urlOf: ({ digest }) => {
      const task = [...remote.tasks.values()].find(({ clip }) => digestOf(clip) === digest);
      return Promise.resolve(task ? { kind: "url", url: remote.linkOf(task) } : { kind: "none", why: "" });
    },
  };
}
