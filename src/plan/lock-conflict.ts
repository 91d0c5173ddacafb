import { diagnose, type Diagnostic, type Label } from "../base/diagnostic.ts";
import { positionAt, type Source, type Span } from "../base/source.ts";

/** One conflict that git has left in a file: the offsets of its marks. */
interface Conflict {
  readonly ours: number;
  /** Where the common ancestor begins, in git's `diff3` style. */
  readonly base?: number;
  readonly theirs: number;
  readonly end: number;
}

/** No line of a lockfile begins so: every text in it stands in quotation marks. */
const MARK = /^(?:<{7}|\|{7}|={7}|>{7})(?= |\r?$)/gm;

/** The marks of a merge conflict, with their lines; undefined where there are none. */
export function diagnoseConflict(source: Source): Diagnostic | undefined {
  const marks = [...source.text.matchAll(MARK)].map(({ index, 0: sign }) => ({ index, sign }));
  const [first] = marks;
  if (!first) return undefined;
  const line = (at: number): number => positionAt(source, at).line;
  const ends = marks.filter(({ sign }) => sign.startsWith(">"));
  const starts = marks.filter(({ sign }) => sign.startsWith("<"));
  const parts = starts.map(({ index }, i) => `${line(index)}–${line(ends[i]?.index ?? source.text.length)}`);
  const where = parts.length > 0 ? parts.join(", ") : String(line(first.index));
  const message = `the lockfile still holds the marks of a merge conflict, in lines ${where}`;
  return diagnose("lock/conflict", markSpan(source, first.index), message, {
    labels: labelsOf(source, marks.slice(1, 3)),
    help: "settle it with `storyc lock merge`, which keeps the takes of both sides; after `storyc lock install-merge-driver` git does so by itself",
  });
}

function labelsOf(source: Source, marks: readonly { index: number; sign: string }[]): Label[] {
  return marks.map(({ index, sign }) => ({
    span: markSpan(source, index),
    message: sign.startsWith(">")
      ? "and ends here"
      : sign.startsWith("|")
        ? "what both began with"
        : "the other side begins here",
  }));
}

function markSpan(source: Source, start: number): Span {
  return { source, start, end: start + 7 };
}

/** The versions that a file with conflict marks was made of. */
export interface Versions {
  readonly base: string | undefined;
  readonly ours: string;
  readonly theirs: string;
}

/**
 * Takes the versions apart again. Undefined where the marks do not stand in their order. Without git's `diff3` style
 * the common ancestor is not known.
 */
export function splitConflict(text: string): Versions | undefined {
  const conflicts = conflictsOf(text);
  if (!conflicts || conflicts.length === 0) return undefined;
  const pick = (part: (conflict: Conflict) => string): string => {
    let at = 0;
    let picked = "";
    for (const conflict of conflicts) {
      picked += text.slice(at, conflict.ours) + part(conflict);
      at = lineAfter(text, conflict.end);
    }
    return picked + text.slice(at);
  };
  const between = (from: number, to: number): string => text.slice(lineAfter(text, from), to);
  const hasBase = conflicts.every(({ base }) => base !== undefined);
  return {
    base: hasBase ? pick(({ base = 0, theirs }) => between(base, theirs)) : undefined,
    ours: pick(({ ours, base, theirs }) => between(ours, base ?? theirs)),
    theirs: pick(({ theirs, end }) => between(theirs, end)),
  };
}

function conflictsOf(text: string): Conflict[] | undefined {
  const conflicts: Conflict[] = [];
  const marks = [...text.matchAll(MARK)].map(({ index, 0: sign }) => ({ index, sign: sign[0] }));
  for (let at = 0; at < marks.length;) {
    const taken = marks.slice(at, at + 4);
    const hasBase = taken[1]?.sign === "|";
    const parts = hasBase ? taken : taken.slice(0, 3);
    if (parts.map(({ sign }) => sign).join("") !== (hasBase ? "<|=>" : "<=>")) return undefined;
    const [ours = 0, ...rest] = parts.map(({ index }) => index);
    const [end = 0, theirs = 0, base] = rest.reverse();
    conflicts.push({ ours, theirs, end, ...(base !== undefined && { base }) });
    at += parts.length;
  }
  return conflicts;
}

function lineAfter(text: string, at: number): number {
  const end = text.indexOf("\n", at);
  return end === -1 ? text.length : end + 1;
}
