import { diagnose, type Diagnostic } from "../base/diagnostic.ts";
import { createSource, type Source, type Span } from "../base/source.ts";
import { parseJson } from "../syntax/json.ts";
import { locate, pointerParts } from "../syntax/locate.ts";
import { checkLockShape, type LockProblem } from "../syntax/lock-schema.ts";
import type { SyntaxNode } from "../syntax/tree.ts";
import { laterFields, LOCK_FIELDS } from "./lock-fields.ts";
import { LOCK_VERSION } from "./lock-format.ts";
import { diagnoseConflict } from "./lock-conflict.ts";
import { EMPTY_LOCK, type LibraryEntry, type Lock, type LockedScene } from "./lock.ts";

export interface ParsedLock {
  readonly lock: Lock;
  /** With an error in it the lock is empty: nothing is guessed of a file that cannot be read. */
  readonly diagnostics: readonly Diagnostic[];
}

/** A file that is damaged all over is not told of line by line. */
const MOST_TOLD = 8;

/** Reads a lockfile. `name` and `path` are for messages. */
export function parseLock(name: string, path: string, text: string): ParsedLock {
  const value = readQuickly(text);
  if (value !== undefined && isCurrent(value) && problemsOf(value).length === 0)
    return { lock: toLock(value as unknown as WrittenLock), diagnostics: [] };
  return readSlowly(createSource(name, path, text));
}

/** The shape that the schema has made sure of. */
interface WrittenLock {
  readonly scenes: Readonly<Record<string, LockedScene>>;
  readonly library?: Readonly<Record<string, Readonly<Record<string, LibraryEntry>>>>;
}

/**
 * The value of a text that holds no key twice, or undefined where that is not sure: JSON's own reader keeps one of
 * two scenes of the same name and says nothing. Every key ends in `":`; a text that holds the sign too is read slowly.
 */
function readQuickly(text: string): unknown {
  if (/"\s+:/.test(text)) return undefined;
  try {
    const value: unknown = JSON.parse(text);
    let signs = 0;
    for (let at = text.indexOf('":'); at !== -1; at = text.indexOf('":', at + 2)) signs++;
    return signs === countKeys(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function countKeys(value: unknown): number {
  if (typeof value !== "object" || value === null) return 0;
  const members = Object.values(value);
  return members.reduce<number>(
    (sum, member) => sum + countKeys(member),
    Array.isArray(value) ? 0 : members.length,
  );
}

/** With the place of every mistake. */
function readSlowly(source: Source): ParsedLock {
  const { text } = source;
  const conflict = diagnoseConflict(source);
  if (conflict) return { lock: EMPTY_LOCK, diagnostics: [conflict] };
  const { root, mistakes } = parseJson(source);
  if (!root)
    return unreadable(
      mistakes
        .slice(0, MOST_TOLD)
        .map(({ message, span, first }) =>
          damage(`the lockfile ${message}`, span, first && [{ span: first, message: "first here" }]),
        ),
    );
  const value: unknown = JSON.parse(text.replace(/^\uFEFF/, ""));
  const newer = diagnoseVersion(root, value);
  if (newer) return unreadable([newer]);
  const problems = problemsOf(value);
  if (problems.length === 0) return { lock: toLock(value as WrittenLock), diagnostics: [] };
  return unreadable(
    problems
      .map(({ pointer, message }) => damage(`${nameOf(pointer, value)} ${message}`, placeOf(root, pointer)))
      .sort((a, b) => (a.span?.start ?? 0) - (b.span?.start ?? 0))
      .slice(0, MOST_TOLD),
  );
}

function unreadable(diagnostics: readonly Diagnostic[]): ParsedLock {
  return { lock: EMPTY_LOCK, diagnostics };
}

function damage(message: string, span: Span, labels?: Diagnostic["labels"]): Diagnostic {
  const help = "mend the marked place, or bring the file back from git";
  return diagnose("lock/unreadable", span, message, { help, labels });
}

function isCurrent(value: unknown): boolean {
  return isRecord(value) && value["version"] === LOCK_VERSION;
}

function diagnoseVersion(root: SyntaxNode, value: unknown): Diagnostic | undefined {
  const version = isRecord(value) ? value["version"] : undefined;
  if (typeof version !== "number" || version <= LOCK_VERSION) return undefined;
  const message = `the lockfile has version ${version}; this storyc reads version ${LOCK_VERSION}`;
  const help = "use a newer storyc: what it has written there would be lost";
  return diagnose("lock/newer", locate(root, "/version").node.span, message, { help });
}

/** What the schema finds, and what it cannot say: numbers that are there twice, or lead nowhere. */
function problemsOf(value: unknown): LockProblem[] {
  const problems = checkLockShape(value);
  if (problems.length > 0) return problems;
  return Object.entries((value as WrittenLock).scenes).flatMap(([id, scene]) => sceneProblems(id, scene));
}

function sceneProblems(id: string, { selected, takes }: LockedScene): LockProblem[] {
  const pointer = `/scenes/${id.replaceAll("~", "~0").replaceAll("/", "~1")}`;
  const problems: LockProblem[] = [];
  const numbers = new Set<number>();
  for (const [i, { take }] of takes.entries()) {
    if (numbers.has(take))
      problems.push({
        pointer: `${pointer}/takes/${i}/take`,
        message: "is the number of another take as well",
      });
    numbers.add(take);
  }
  for (const [variant, take] of Object.entries(selected)) {
    const at = `${pointer}/selected/${variant.replaceAll("~", "~0").replaceAll("/", "~1")}`;
    if (!numbers.has(take)) problems.push({ pointer: at, message: `names take ${take}, which is not there` });
  }
  return problems;
}

function toLock(value: WrittenLock): Lock {
  const later = laterFields(value, LOCK_FIELDS.top);
  return {
    scenes: new Map(Object.entries(value.scenes)),
    ...(value.library && { library: readLibrary(value.library) }),
    ...(Object.keys(later).length > 0 && { later }),
  };
}

function readLibrary(library: NonNullable<WrittenLock["library"]>): NonNullable<Lock["library"]> {
  return new Map(
    Object.entries(library).map(([provider, entries]) => [provider, new Map(Object.entries(entries))]),
  );
}

/** As a person would say it: "`clip.sha256` of take 2 of scene `dawn`". */
function nameOf(pointer: string, value: unknown): string {
  const [section, id, list, index, ...rest] = pointerParts(pointer);
  if (section === undefined) return "the lockfile";
  if (section !== "scenes" || id === undefined) return `\`${pointerParts(pointer).join(".")}\``;
  const scene = `scene \`${id}\``;
  if (list === undefined) return scene;
  if (list !== "takes" || index === undefined)
    return `\`${pointerParts(pointer).slice(2).join(".")}\` of ${scene}`;
  const number = takeNumber(value, id, Number(index));
  if (number === undefined) return `\`${pointerParts(pointer).slice(2).join(".")}\` of ${scene}`;
  const take = `take ${number} of ${scene}`;
  return rest.length === 0 ? take : `\`${rest.join(".")}\` of ${take}`;
}

/** Undefined where the number itself is damaged. */
function takeNumber(value: unknown, id: string, index: number): number | undefined {
  const { scenes } = value as { scenes: Readonly<Record<string, { takes: readonly unknown[] }>> };
  const take = scenes[id]?.takes[index];
  const number = isRecord(take) ? take["take"] : undefined;
  return Number.isInteger(number) ? (number as number) : undefined;
}

/** The value, or the key of what lacks something: a whole scene is too long to be marked. */
function placeOf(root: SyntaxNode, pointer: string): Span {
  const { node, entry } = locate(root, pointer);
  if (node.kind === "scalar") return node.span;
  return entry?.keySpan ?? { ...node.span, end: Math.min(node.span.start + 1, node.span.end) };
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
