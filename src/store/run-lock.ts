import { hostname } from "node:os";
import { dirname } from "node:path";
import { readText, writeAll, type Files } from "./files.ts";

/** Who holds a storyboard. */
export interface Holder {
  readonly pid: number;
  readonly host: string;
  /** ISO 8601, UTC. */
  readonly since: string;
}

export type RunLockResult =
  { readonly kind: "held"; release(): void } | { readonly kind: "busy"; readonly holder: Holder };

/** One run per storyboard at a time. A lock whose process is dead is taken over. */
export function takeRunLock(files: Files, path: string, now: Date, isAlive = processIsAlive): RunLockResult {
  files.mkdirSync(dirname(path), { recursive: true });
  const mine: Holder = { pid: process.pid, host: hostname(), since: now.toISOString() };
  for (let attempt = 0; ; attempt++) {
    if (createExclusive(files, path, mine)) {
      return { kind: "held", release: () => files.rmSync(path, { force: true }) };
    }
    const holder = readHolder(files, path);
    // Another host's processes cannot be seen from here, so its lock is believed.
    const dead = !holder || (holder.host === mine.host && !isAlive(holder.pid));
    if (!dead || attempt > 3) return { kind: "busy", holder: holder ?? mine };
    files.rmSync(path, { force: true });
  }
}

function createExclusive(files: Files, path: string, holder: Holder): boolean {
  let fd: number;
  try {
    fd = files.openSync(path, "wx");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") return false;
    throw error;
  }
  try {
    writeAll(files, fd, Buffer.from(JSON.stringify(holder) + "\n"));
  } finally {
    files.closeSync(fd);
  }
  return true;
}

function readHolder(files: Files, path: string): Holder | undefined {
  try {
    return JSON.parse(readText(files, path) ?? "") as Holder;
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
