import { diagnose, hasErrors, type Diagnostic } from "../base/diagnostic.ts";
import { createSource } from "../base/source.ts";
import { isEntry, type JournalEntry } from "../execute/journal-entry.ts";
import { replayJournal } from "../execute/ledger.ts";
import { EMPTY_LOCK, type Lock } from "../plan/lock.ts";
import { formatLock } from "../plan/lock-format.ts";
import { parseLock } from "../plan/lock-read.ts";
import { renameScenes } from "../plan/lock-rename.ts";
import type { Scene } from "../storyboard/types.ts";
import { flushFolder, readText, writeWhole, type Files } from "../store/files.ts";
import { Journal, parseJournal } from "../store/journal.ts";
import { currentJournal, diagnoseLeftLock } from "./left-behind.ts";
import { journalPath, lockPath, shownPath, type Project, type RunKind } from "./project.ts";

export interface ReadLock {
  /** As it is with everything that the journal adds to the file, under the names that scenes have now. */
  readonly lock: Lock;
  readonly diagnostics: readonly Diagnostic[];
  /** The journal whose entries are in the lock: to be dropped as soon as the file has them. */
  readonly journal: string;
}

/**
 * The lockfile, and what a run that died had not written into it yet. Writes nothing. `scenes`: those of the
 * storyboard, for the names that they had before.
 */
export function readLock(
  project: Project,
  kind: RunKind,
  cwd: string,
  files: Files,
  scenes: readonly Pick<Scene, "id" | "was">[],
): ReadLock {
  const path = lockPath(project, kind);
  const text = readText(files, path);
  const ids = scenes.map(({ id }) => id);
  const unread = (diagnostics: readonly Diagnostic[]): ReadLock => ({
    lock: EMPTY_LOCK,
    diagnostics,
    journal: journalPath(project, kind),
  });
  const left = kind === "paid" ? diagnoseLeftLock(project, ids, cwd, files) : undefined;
  if (left) return unread([left]);
  const parsed =
    text === undefined ? { lock: EMPTY_LOCK, diagnostics: [] } : parseLock(shownPath(path, cwd), path, text);
  if (hasErrors(parsed.diagnostics)) return unread(parsed.diagnostics);
  const journal = journalOf(project, kind, files, scenes, parsed.lock);
  const { entries, diagnostics } = readEntries(journal, shownPath(journal, cwd), files);
  if (hasErrors(diagnostics)) return unread(diagnostics);
  const lock = entries.length > 0 ? replayJournal(parsed.lock, entries) : parsed.lock;
  return { lock: renameScenes(lock, scenes), diagnostics: [], journal };
}

/** The journal of a storyboard, under whatever name of it the run was killed. */
export function journalOf(
  project: Project,
  kind: RunKind,
  files: Files,
  scenes: readonly Pick<Scene, "id" | "was">[],
  { scenes: locked }: Lock,
): string {
  const known = new Set([
    ...scenes.flatMap(({ id, was }) => [id, ...(was === undefined ? [] : [was])]),
    ...locked.keys(),
  ]);
  return currentJournal(project, kind, files, (scene) => known.has(scene));
}

function readEntries(
  path: string,
  name: string,
  files: Files,
): { readonly entries: readonly JournalEntry[]; readonly diagnostics: readonly Diagnostic[] } {
  const text = readText(files, path) ?? "";
  const entries: JournalEntry[] = [];
  for (const { start, text: line, value } of parseJournal(text)) {
    if (isEntry(value)) entries.push(value);
    else {
      const span = { source: createSource(name, path, text), start, end: start + line.length };
      return { entries: [], diagnostics: [diagnose("journal/unreadable", span, ...whyNot(value))] };
    }
  }
  return { entries, diagnostics: [] };
}

/** Passed over, it might be a task that is paid. */
function whyNot(value: unknown): [message: string, details: { help: string }] {
  const { v } = (value ?? {}) as { v?: unknown };
  return typeof v === "number" && v > 1
    ? ["a newer storyc has written this line of the journal", { help: "use that storyc" }]
    : [
        "this line of the journal is damaged: what a run that was killed has done is not known whole",
        { help: "look at the provider's console for what it may have sent, then remove the line" },
      ];
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
export function foldJournal(
  project: Project,
  kind: RunKind,
  lock: Lock,
  files: Files,
  journal = journalPath(project, kind),
): void {
  writeLock(project, kind, lock, files);
  // A run that was killed may have renamed the lockfile and not flushed the name: the journal must not go before.
  if (files.existsSync(journal)) flushFolder(files, project.folder);
  new Journal(files, journal).clear();
}
