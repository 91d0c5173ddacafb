import { diagnose, type Diagnostic } from "../base/diagnostic.ts";
import { createSource } from "../base/source.ts";
import { EMPTY_LOCK, type LibraryEntry, type Lock, type LockedScene, type Take } from "./lock.ts";

/** Of the lockfile. A newer major version is not read, rather than lose what it says. */
const VERSION = 1;

export interface ParsedLock {
  readonly lock: Lock;
  readonly diagnostics: readonly Diagnostic[];
}

/**
 * One text for one lock: scenes by id, takes by number, one fact a line, so that two branches that rendered
 * different scenes merge, and a run that did nothing leaves it byte for byte the same.
 */
export function formatLock(lock: Lock): string {
  const { scenes, library } = lock;
  const record = {
    version: VERSION,
    scenes: sorted([...scenes].map(([id, scene]) => [id, formatScene(scene)])),
    ...(library && library.size > 0 && { library: formatLibrary(library) }),
  };
  return JSON.stringify(record, null, 2) + "\n";
}

function formatScene({ selected, kept = {}, takes }: LockedScene): object {
  return {
    selected: sorted(Object.entries(selected)),
    ...(Object.keys(kept).length > 0 && { kept: sorted(Object.entries(kept)) }),
    takes: takes.map(formatTake),
  };
}

function formatLibrary(library: NonNullable<Lock["library"]>): object {
  return sorted([...library].map(([provider, entries]) => [provider, sorted([...entries])]));
}

function sorted<T>(entries: readonly (readonly [string, T])[]): Record<string, T> {
  return Object.fromEntries([...entries].sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)));
}

/** Names the fields, so that their order in the file does not hang on how a take came to be. */
function formatTake(take: Take): object {
  const { state, fingerprint, provider, task, body, at, recipe, clip, tokens, error, differences } = take;
  const { quote, selects } = take;
  return {
    take: take.take,
    state,
    fingerprint,
    provider,
    task,
    body,
    at,
    quote,
    selects,
    clip,
    tokens,
    error,
    differences,
    recipe,
  };
}

/** Reads a lockfile. `path` is for messages. */
export function parseLock(name: string, path: string, text: string): ParsedLock {
  const source = createSource(name, path, text);
  const wrong = (message: string, help: string, at = 0): ParsedLock => ({
    lock: EMPTY_LOCK,
    diagnostics: [
      diagnose("lock/unreadable", { source, start: at, end: Math.min(at + 1, text.length) }, message, {
        help,
      }),
    ],
  });
  const conflict = /^(<{7}|={7}|>{7})/m.exec(text);
  if (conflict) {
    return wrong(
      "the lockfile still holds the marks of a merge conflict",
      "resolve the conflict, keeping the takes of both sides",
      conflict.index,
    );
  }
  let record: unknown;
  try {
    record = JSON.parse(text);
  } catch (error) {
    return wrong(`the lockfile is not JSON: ${(error as Error).message}`, "bring it back from git");
  }
  const { version, scenes, library } = (record ?? {}) as Readonly<Record<string, unknown>>;
  if (version !== VERSION)
    return wrong(
      `the lockfile has version ${String(version)}; this storyc reads version ${VERSION}`,
      "use a newer storyc",
    );
  if (typeof scenes !== "object" || scenes === null)
    return wrong("the lockfile has no `scenes`", "bring it back from git");
  const broken = Object.entries(scenes).find(([, scene]) => !isScene(scene));
  if (broken) return wrong(`the lockfile's scene \`${broken[0]}\` is damaged`, "bring it back from git");
  const read: Lock = { scenes: new Map(Object.entries(scenes as Record<string, LockedScene>)) };
  return { lock: isRecord(library) ? { ...read, library: readLibrary(library) } : read, diagnostics: [] };
}

function readLibrary(library: Readonly<Record<string, unknown>>): NonNullable<Lock["library"]> {
  const entries = Object.entries(library as Record<string, Record<string, LibraryEntry>>);
  return new Map(entries.map(([provider, known]) => [provider, new Map(Object.entries(known))]));
}

function isScene(value: unknown): value is LockedScene {
  const { takes, selected } = (value ?? {}) as Partial<Record<keyof LockedScene, unknown>>;
  return isRecord(selected) && Array.isArray(takes) && takes.every(isTake);
}

function isTake(value: unknown): value is Take {
  const { take, fingerprint, recipe, state } = (value ?? {}) as Partial<Record<keyof Take, unknown>>;
  return (
    Number.isInteger(take) &&
    typeof fingerprint === "string" &&
    typeof state === "string" &&
    isRecord(recipe) &&
    Array.isArray(recipe["media"])
  );
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
