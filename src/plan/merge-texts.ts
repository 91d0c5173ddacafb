import { hasErrors, type Diagnostic } from "../base/diagnostic.ts";
import { formatLock } from "./lock-format.ts";
import { mergeLocks } from "./lock-merge.ts";
import { parseLock } from "./lock-read.ts";
import { EMPTY_LOCK } from "./lock.ts";
import type { MergeNote } from "./merge-notes.ts";

/** The texts of three versions of one lockfile; `base` is empty or absent where there was none. */
export interface LockTexts {
  readonly base: string | undefined;
  readonly ours: string;
  readonly theirs: string;
}

export type MergedTexts =
  | { readonly kind: "merged"; readonly text: string; readonly notes: readonly MergeNote[] }
  /** One of the sides cannot be read. */
  | { readonly kind: "unreadable"; readonly diagnostics: readonly Diagnostic[] };

/** `name` is for messages: that of the lockfile, as a person knows it. */
export function mergeLockTexts(name: string, { base, ours, theirs }: LockTexts): MergedTexts {
  const our = parseLock(`${name} (ours)`, "", ours);
  const their = parseLock(`${name} (theirs)`, "", theirs);
  const diagnostics = [...our.diagnostics, ...their.diagnostics];
  if (hasErrors(diagnostics)) return { kind: "unreadable", diagnostics };
  const before = base ? parseLock(name, "", base) : { lock: EMPTY_LOCK, diagnostics: [] };
  const { lock, notes } = mergeLocks({ base: before.lock, ours: our.lock, theirs: their.lock });
  const noBase: MergeNote[] = hasErrors(before.diagnostics) ? [{ kind: "no-base" }] : [];
  return { kind: "merged", text: formatLock(lock), notes: [...noBase, ...notes] };
}
