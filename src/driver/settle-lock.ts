import { basename } from "node:path";
import type { Diagnostic } from "../base/diagnostic.ts";
import { splitConflict } from "../plan/lock-conflict.ts";
import { formatLock } from "../plan/lock-format.ts";
import { EMPTY_LOCK } from "../plan/lock.ts";
import { mergeLockTexts, type LockTexts } from "../plan/merge-texts.ts";
import type { MergeNote } from "../plan/merge-notes.ts";
import { readText, writeWhole } from "../store/files.ts";
import { takeRunLock, type Holder } from "../store/run-lock.ts";
import { git, unmergedVersions } from "./git.ts";
import { thisMachine, type Machine } from "./machine.ts";
import { lockPath, runLockPath, shownPath, type Project, type RunKind } from "./project.ts";

export type Settled =
  | { readonly kind: "merged"; readonly path: string; readonly notes: readonly MergeNote[] }
  /** There is no conflict, and nothing was written. */
  | { readonly kind: "nothing"; readonly path: string }
  | { readonly kind: "busy"; readonly holder: Holder }
  | { readonly kind: "unreadable"; readonly diagnostics: readonly Diagnostic[] };

/**
 * Settles the conflict that git has left in a storyboard's lockfile. The versions come from git's index; where that
 * has none, as after `git add`, they are read from the marks.
 */
export function settleLock(
  project: Project,
  kind: RunKind,
  cwd: string,
  { files, clock, self }: Machine = thisMachine,
): Settled {
  const path = lockPath(project, kind);
  const held = takeRunLock(files, runLockPath(project, kind), new Date(clock.now()), self);
  if (held.kind === "busy") return held;
  try {
    const texts = versionsOf(project, path, readText(files, path) ?? "");
    if (!texts) return { kind: "nothing", path };
    const merged = mergeLockTexts(shownPath(path, cwd), texts);
    if (merged.kind === "unreadable") return merged;
    writeWhole(files, path, merged.text);
    return { kind: "merged", path, notes: merged.notes };
  } finally {
    held.release();
  }
}

function versionsOf({ folder }: Project, path: string, text: string): LockTexts | undefined {
  const known = unmergedVersions(folder, basename(path));
  if (!known) return splitConflict(text);
  // A side that has deleted the file knows of no take; those of the other side stay.
  const none = formatLock(EMPTY_LOCK);
  return { base: known.base, ours: known.ours ?? none, theirs: known.theirs ?? none };
}

/** Paths of the files that git gives to a merge driver. */
export interface DriverFiles {
  readonly base: string;
  /** The result is written here. */
  readonly ours: string;
  readonly theirs: string;
  /** As a person knows the file. */
  readonly name: string;
}

export type Driven =
  | { readonly kind: "merged"; readonly notes: readonly MergeNote[] }
  /** Not both sides are lockfiles that can be read: git's own merge has had its way. */
  | { readonly kind: "left-to-git"; readonly isClean: boolean; readonly diagnostics: readonly Diagnostic[] };

/** What git asks of a merge driver. */
export function driveMerge(
  cwd: string,
  { base, ours, theirs, name }: DriverFiles,
  { files }: Pick<Machine, "files"> = thisMachine,
): Driven {
  const [before, our, their] = [base, ours, theirs].map((path) => readText(files, path));
  if (our === undefined || their === undefined)
    throw new Error(`there is no file ${our === undefined ? ours : theirs}`);
  const merged = mergeLockTexts(name, { base: before, ours: our, theirs: their });
  if (merged.kind === "merged") {
    writeWhole(files, ours, merged.text);
    return merged;
  }
  const labels = ["-L", "ours", "-L", "base", "-L", "theirs"];
  const { exit } = git(cwd, ["merge-file", ...labels, ours, base, theirs]);
  return { kind: "left-to-git", isClean: exit === 0, diagnostics: merged.diagnostics };
}
