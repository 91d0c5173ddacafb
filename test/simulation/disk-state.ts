import type { Lock, Take } from "../../src/plan/lock.ts";
import { journalPath, lockPath } from "../../src/driver/project.ts";
import { readLock } from "../../src/driver/state.ts";
import type { Files } from "../../src/store/files.ts";
import { PROJECT } from "../support/memory-machine.ts";
import type { Moment, SimulatedDisk } from "./disk.ts";
import { diskFault } from "./disk-nodes.ts";

const LOCK = lockPath(PROJECT, "paid");
/** As many as there are ways to combine two moments of two files. */
const MOST_KEPT = 4;
const JOURNAL = journalPath(PROJECT, "paid");

/** What the next run would know. */
export interface DiskState {
  readonly lock: Lock;
  /** By scene and number: `dawn#1`. */
  readonly takes: ReadonlyMap<string, Take>;
  /** Why the lockfile cannot be read. */
  readonly problem?: string;
}

/** Reads what runs leave on the disk as a run would read it, also as if the power went now. */
export class DiskStates {
  readonly #disk: SimulatedDisk;
  #read: { lock: Buffer | undefined; journal: Buffer | undefined; state: DiskState }[] = [];

  constructor(disk: SimulatedDisk) {
    this.#disk = disk;
  }

  /** The two files lie in different folders: of one the old state may be left, and of the other the new one. */
  read(lockMoment: Moment, journalMoment = lockMoment): DiskState {
    const [lock, journal] = [this.#disk.read(LOCK, lockMoment), this.#disk.read(JOURNAL, journalMoment)];
    const known = this.#read.find((one) => one.lock === lock && one.journal === journal);
    if (known) return known.state;
    const state = readState(lock, journal);
    this.#read = [{ lock, journal, state }, ...this.#read.slice(0, MOST_KEPT)];
    return state;
  }
}

function readState(lockBytes: Buffer | undefined, journalBytes: Buffer | undefined): DiskState {
  const bytes = (path: string): Buffer | undefined =>
    path === LOCK ? lockBytes : path === JOURNAL ? journalBytes : undefined;
  const files = {
    existsSync: (path: string) => bytes(path) !== undefined,
    readdirSync: () => [],
    readFileSync: (path: string) => (bytes(path) ?? missing(path)).toString(),
  } as unknown as Files;
  const { lock, diagnostics } = readLock(PROJECT, "paid", PROJECT.folder, files, []);
  const [problem] = diagnostics;
  const takes = [...lock.scenes].flatMap(([scene, locked]) =>
    locked.takes.map((take): [string, Take] => [`${scene}#${take.take}`, take]),
  );
  return { lock, takes: new Map(takes), ...(problem && { problem: problem.message }) };
}

function missing(path: string): never {
  throw diskFault("ENOENT", "open", path);
}
