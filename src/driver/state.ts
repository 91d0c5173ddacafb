import { hasErrors, type Diagnostic } from "../base/diagnostic.ts";
import { replayJournal } from "../execute/ledger.ts";
import { EMPTY_LOCK, type Lock } from "../plan/lock.ts";
import { formatLock } from "../plan/lock-format.ts";
import { parseLock } from "../plan/lock-read.ts";
import { flushFolder, readText, writeWhole, type Files } from "../store/files.ts";
import { Journal, readJournal } from "../store/journal.ts";
import { journalPath, lockPath, shownPath, type Project, type RunKind } from "./project.ts";

export interface ReadLock {
  /** As it is with everything that the journal adds to the file. */
  readonly lock: Lock;
  readonly diagnostics: readonly Diagnostic[];
}

/** The lockfile, and what a run that died had not written into it yet. Writes nothing. */
export function readLock(project: Project, kind: RunKind, cwd: string, files: Files): ReadLock {
  const path = lockPath(project, kind);
  const text = readText(files, path);
  const parsed =
    text === undefined ? { lock: EMPTY_LOCK, diagnostics: [] } : parseLock(shownPath(path, cwd), path, text);
  if (hasErrors(parsed.diagnostics)) return parsed;
  const entries = readJournal(files, journalPath(project, kind));
  return { lock: entries.length > 0 ? replayJournal(parsed.lock, entries) : parsed.lock, diagnostics: [] };
}

/** Writes the lockfile where it says something new; a run that did nothing must not touch it. */
function writeLock(project: Project, kind: RunKind, lock: Lock, files: Files): void {
  const path = lockPath(project, kind);
  const text = formatLock(lock);
  const before = readText(files, path);
  const says = before === undefined ? formatLock(EMPTY_LOCK) : before;
  // Other line ends, or the layout of an older version, say nothing new.
  if (says === text || formatLock(parseLock("", path, says).lock) === text) return;
  writeWhole(files, path, text);
}

/** Writes the lockfile, then drops the journal, of which it now holds everything. */
export function foldJournal(project: Project, kind: RunKind, lock: Lock, files: Files): void {
  const journal = journalPath(project, kind);
  writeLock(project, kind, lock, files);
  // A run that was killed may have renamed the lockfile and not flushed the name: the journal must not go before.
  if (files.existsSync(journal)) flushFolder(files, project.folder);
  new Journal(files, journal).clear();
}
