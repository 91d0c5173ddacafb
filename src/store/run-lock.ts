import { randomUUID } from "node:crypto";
import { constants } from "node:fs";
import { hostname } from "node:os";
import { dirname } from "node:path";
import { makeFolder, readText, writeWhole, type Files } from "./files.ts";

/** Who holds a storyboard. */
export interface Holder {
  readonly pid: number;
  readonly host: string;
  /** ISO 8601, UTC. */
  readonly since: string;
}

/** The process that asks for a storyboard, and what it can see of others. */
export interface Self {
  readonly pid: number;
  readonly host: string;
  /** When it began; milliseconds since 1970. */
  startedAt(): number;
  /** Whether a process of this host lives. */
  isAlive(pid: number): boolean;
}

export const thisProcess: Self = {
  pid: process.pid,
  host: hostname(),
  startedAt: () => Date.now() - process.uptime() * 1000,
  isAlive: processIsAlive,
};

export type RunLockResult =
  { readonly kind: "held"; release(): void } | { readonly kind: "busy"; readonly holder: Holder };

/** One run per storyboard at a time. A lock whose process is dead is taken over. */
export function takeRunLock(files: Files, path: string, now: Date, self: Self = thisProcess): RunLockResult {
  makeFolder(files, dirname(path));
  const mine: Holder = { pid: self.pid, host: self.host, since: now.toISOString() };
  // Another host's processes cannot be seen from here, so its lock is believed.
  const isDead = (holder: Holder | undefined): boolean =>
    !holder || (holder.host === mine.host && (!self.isAlive(holder.pid) || isFormerSelf(holder, self)));
  // Two runs may find the same dead holder: what the slower one removes must not be the lock of the quicker one.
  const takingOver = `${path}.takeover`;
  for (;;) {
    if (claim(files, path, mine)) return { kind: "held", release: () => files.rmSync(path, { force: true }) };
    const holder = readHolder(files, path);
    if (holder && !isDead(holder)) return { kind: "busy", holder };
    if (claim(files, takingOver, mine)) {
      if (isDead(readHolder(files, path))) files.rmSync(path, { force: true });
    } else {
      const other = readHolder(files, takingOver);
      if (other && !isDead(other)) return { kind: "busy", holder: other };
    }
    files.rmSync(takingOver, { force: true });
  }
}

/** A container that starts again has the same host and often the same process number as the one that died in it. */
function isFormerSelf({ pid, since }: Holder, self: Self): boolean {
  return pid === self.pid && Date.parse(since) < self.startedAt() - 1000;
}

/** False when somebody was quicker. A lock appears with its holder in it: an empty one would look abandoned. */
function claim(files: Files, path: string, holder: Holder): boolean {
  const temporary = `${path}.${randomUUID()}.tmp`;
  try {
    writeWhole(files, temporary, JSON.stringify(holder) + "\n");
    linkNew(files, temporary, path);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") return false;
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

/** Undefined when there is no lock, or none that a run has written. */
function readHolder(files: Files, path: string): Holder | undefined {
  const text = readText(files, path);
  try {
    const holder = JSON.parse(text ?? "") as Holder | null;
    return typeof holder?.pid === "number" ? holder : undefined;
  } catch {
    return undefined;
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
