import { randomUUID } from "node:crypto";
import { constants, readlinkSync } from "node:fs";
import { hostname, uptime } from "node:os";
import { dirname } from "node:path";
import { makeFolder, readText, writeAll, writeWhole, type Files } from "./files.ts";

/** Who holds a storyboard. */
export interface Holder {
  readonly pid: number;
  readonly host: string;
  /** ISO 8601, UTC. */
  readonly since: string;
  /** Where its number means a process: containers that share a host's name have each their own numbers. */
  readonly namespace?: string;
}

/** The process that asks for a storyboard, and what it can see of others. */
export interface Self extends Pick<Holder, "pid" | "host" | "namespace"> {
  /** When it began; milliseconds since 1970. */
  startedAt(): number;
  /** When its machine began, likewise. */
  bootedAt(): number;
  /** Whether a process of this host lives. */
  isAlive(pid: number): boolean;
}

export const thisProcess: Self = {
  pid: process.pid,
  host: hostname(),
  ...namespaceOf(),
  startedAt: () => Date.now() - process.uptime() * 1000,
  bootedAt: () => Date.now() - uptime() * 1000,
  isAlive: processIsAlive,
};

export type RunLockResult = Held | { readonly kind: "busy"; readonly holder: Holder };

/** A storyboard that is held, until it is released. */
export interface Held {
  readonly kind: "held";
  /**
   * To be called every `RENEW_EVERY_MS`: the sign of life for those who cannot see this process. False when it is
   * certain that another run has the storyboard by now.
   */
  renew(): boolean;
  /** False when another run thought this one dead, as after a long sleep: then nothing more may be sent or written. */
  isMine(): boolean;
  release(): void;
}

export const RENEW_EVERY_MS = 15_000;
/** Twelve signs of life that did not come; a shared disk may show each of them a minute late. */
const STALE_MS = 180_000;

/** One run per storyboard at a time. A lock whose process is dead is taken over. */
export function takeRunLock(files: Files, path: string, now: Date, self: Self = thisProcess): RunLockResult {
  makeFolder(files, dirname(path));
  const { pid, host, namespace } = self;
  const mine: Holder = { pid, host, since: now.toISOString(), ...(namespace !== undefined && { namespace }) };
  // Two runs may find the same dead holder: what the slower one removes must not be the lock of the quicker one.
  const takingOver = `${path}.takeover`;
  for (;;) {
    const asked = claim(files, path, mine);
    if (asked.won) return hold(files, path, mine);
    const found = look(files, path);
    if (found.kind === "run" && !isDead(found, asked.at, self)) return { kind: "busy", holder: found.holder };
    const taking = claim(files, takingOver, mine);
    const there = look(files, taking.won ? path : takingOver);
    const isOver = there.kind === "nobody" || (there.kind === "run" && isDead(there, taking.at, self));
    if (taking.won && isOver) files.rmSync(path, { force: true });
    if (!taking.won && there.kind === "run" && !isOver) return { kind: "busy", holder: there.holder };
    files.rmSync(takingOver, { force: true });
  }
}

function hold(files: Files, path: string, mine: Holder): Held {
  const isMine = (): boolean => {
    const found = look(files, path);
    if (found.kind !== "run") return false;
    const { pid, host, since } = found.holder;
    return pid === mine.pid && host === mine.host && since === mine.since;
  };
  return {
    kind: "held",
    isMine,
    renew: () => {
      try {
        const mine = isMine();
        if (mine) addByte(files, path);
        return mine;
      } catch {
        // A disk that fails is met by the run itself, which says more of it.
        return true;
      }
    },
    release: () => {
      try {
        if (isMine()) files.rmSync(path, { force: true });
      } catch {
        // It stays, and is soon the lock of a dead process. What the run has to tell must not be lost with it.
      }
    },
  };
}

/** Moves the file's time of change by the clock of the disk, which is the same for all who share it. */
function addByte(files: Files, path: string): void {
  const fd = files.openSync(path, "a");
  try {
    writeAll(files, fd, Buffer.from("\n"));
  } finally {
    files.closeSync(fd);
  }
}

interface FoundRun {
  readonly kind: "run";
  readonly holder: Holder;
  /** Its last sign of life by the disk's clock; milliseconds since 1970. */
  readonly renewedAt: number;
}

type Found =
  | FoundRun
  /** A file in which no run has written its name. */
  | { readonly kind: "nobody" }
  | { readonly kind: "no-lock" };

/** `at`: now, by the disk's clock. */
function isDead({ holder, renewedAt }: FoundRun, at: number, self: Self): boolean {
  const isStale = at - renewedAt > STALE_MS;
  // Processes of another host or container cannot be seen from here: only their signs of life can.
  if (holder.host !== self.host || holder.namespace !== self.namespace) return isStale;
  if (!self.isAlive(holder.pid) || isFormerSelf(holder, self)) return true;
  // The number is of another process by now. The clock may have been wrong then, so this is not enough alone.
  return isStale && Date.parse(holder.since) < self.bootedAt() - 1000;
}

/** A machine that starts again may give the same process number as to the one that died in it. */
function isFormerSelf({ pid, since }: Holder, self: Self): boolean {
  return pid === self.pid && Date.parse(since) < self.startedAt() - 1000;
}

/**
 * `won` is false when somebody was quicker; `at` is now, by the disk's clock. A lock appears with its holder in it:
 * an empty one would look abandoned.
 */
function claim(files: Files, path: string, holder: Holder): { readonly won: boolean; readonly at: number } {
  const temporary = `${path}.${randomUUID()}.tmp`;
  let at = 0;
  try {
    writeWhole(files, temporary, JSON.stringify(holder) + "\n");
    at = files.statSync(temporary).mtimeMs;
    linkNew(files, temporary, path);
    return { won: true, at };
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") return { won: false, at };
    throw error;
  } finally {
    files.rmSync(temporary, { force: true });
  }
}

/** A disk without links gets a copy, whose holder is there a moment later than its name. */
function linkNew(files: Files, from: string, to: string): void {
  try {
    files.linkSync(from, to);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") throw error;
    files.copyFileSync(from, to, constants.COPYFILE_EXCL);
  }
}

function look(files: Files, path: string): Found {
  const text = readText(files, path);
  const stat = files.statSync(path, { throwIfNoEntry: false });
  if (text === undefined || !stat) return { kind: "no-lock" };
  try {
    const holder = JSON.parse(text) as Holder | null;
    if (typeof holder?.pid === "number") return { kind: "run", holder, renewedAt: stat.mtimeMs };
  } catch {
    return { kind: "nobody" };
  }
  return { kind: "nobody" };
}

function namespaceOf(): { readonly namespace?: string } {
  try {
    return { namespace: readlinkSync("/proc/self/ns/pid") };
  } catch {
    // Not Linux: processes of one host see each other.
    return {};
  }
}

function processIsAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}
