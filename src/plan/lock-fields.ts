import type { Clip, LibraryEntry, LockedScene, Quote, Take } from "./lock.ts";
import type { Recipe } from "./recipe.ts";

/** Every field of a record, in the order in which they stand in the lockfile. The compiler holds it complete. */
type FieldsOf<T> = Readonly<Record<keyof T, true>>;

const SCENE: FieldsOf<LockedScene> = { selected: true, kept: true, takes: true };

const TAKE: FieldsOf<Take> = {
  take: true,
  state: true,
  fingerprint: true,
  provider: true,
  task: true,
  body: true,
  at: true,
  quote: true,
  retries: true,
  selects: true,
  clip: true,
  tokens: true,
  took: true,
  error: true,
  differences: true,
  recipe: true,
};

const CLIP: FieldsOf<Clip> = {
  sha256: true,
  bytes: true,
  seconds: true,
  width: true,
  height: true,
  fps: true,
  frames: true,
  sound: true,
};

const QUOTE: FieldsOf<Quote> = { kind: true, tokens: true, amount: true, currency: true };

const RECIPE: FieldsOf<Recipe> = {
  recipe: true,
  model: true,
  resolution: true,
  ratio: true,
  duration: true,
  generate_audio: true,
  watermark: true,
  web_search: true,
  prompt: true,
  media: true,
};

const LIBRARY: FieldsOf<LibraryEntry> = { state: true, id: true, group: true, at: true };

const TOP = { version: true, library: true, scenes: true } as const;

export const LOCK_FIELDS = {
  top: Object.keys(TOP),
  scene: Object.keys(SCENE),
  take: Object.keys(TAKE),
  clip: Object.keys(CLIP),
  quote: Object.keys(QUOTE),
  recipe: Object.keys(RECIPE),
  library: Object.keys(LIBRARY),
} as const;

type Later = Readonly<Record<string, unknown>>;

/** The fields that a newer minor version has added: nobody here reads them, and nobody may lose them. */
export function laterFields(record: object | undefined, known: readonly string[]): Later {
  return record ? Object.fromEntries(laterEntries(record, known)) : {};
}

function laterEntries(record: object, known: readonly string[]): [string, unknown][] {
  const keys = Object.keys(record).filter((key) => !known.includes(key));
  return keys.map((key) => [key, valueOf(record, key)]);
}

/** A take's new record with what a newer minor version has said of the old one. */
export function keepLaterFields(before: Take | undefined, take: Take): Take {
  const isSameError =
    before?.error?.code === take.error?.code && before?.error?.message === take.error?.message;
  return {
    ...laterFields(before, LOCK_FIELDS.take),
    ...take,
    ...(before?.error && isSameError && { error: before.error }),
  };
}

/**
 * One order for one record: the known fields in theirs, then the later ones by name. A list or record that is long
 * stays at the end: were a field put after it, its last line would get a comma, and git would see a neighbour change.
 */
export function inFieldOrder(record: object, known: readonly string[], last?: string): object {
  const later = sortedEntries(laterEntries(record, known));
  const ordered: Record<string, unknown> = {};
  for (const key of known) if (key !== last) put(ordered, record, key);
  if (later.length > 0) return withLater(ordered, later, last === undefined ? {} : put({}, record, last));
  return last === undefined ? ordered : put(ordered, record, last);
}

function put(ordered: Record<string, unknown>, record: object, key: string): Record<string, unknown> {
  const value = valueOf(record, key);
  if (value !== undefined) ordered[key] = value;
  return ordered;
}

/** Not by assignment: a later field may be named `__proto__`. */
function withLater(first: object, later: readonly (readonly [string, unknown])[], last: object): object {
  return Object.fromEntries([...Object.entries(first), ...later, ...Object.entries(last)]);
}

function valueOf(record: object, key: string): unknown {
  return (record as Later)[key];
}

/** By code unit: the order of a language would differ between machines. */
export function sortedEntries<T>(entries: readonly (readonly [string, T])[]): (readonly [string, T])[] {
  return [...entries].sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
}
