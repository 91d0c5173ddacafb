import { inFieldOrder, LOCK_FIELDS, sortedEntries } from "./lock-fields.ts";
import type { Lock, LockedScene, Take } from "./lock.ts";

/**
 * The major version of the lockfile. It rises only when an older reader could not read the file safely; a minor
 * addition is a field more, which tells itself, so that two versions at work on one film do not rewrite each
 * other's number. See `docs/lockfile.md`.
 */
export const LOCK_VERSION = 1;

/**
 * One text for one lock: scenes by id, takes by number, one fact a line, so that two branches that rendered
 * different scenes merge, and a run that did nothing leaves it byte for byte the same.
 */
export function formatLock(lock: Lock): string {
  const { scenes, library, later } = lock;
  const record = {
    ...later,
    version: LOCK_VERSION,
    ...(library && library.size > 0 && { library: formatLibrary(library) }),
    scenes: byName([...scenes].map(([id, scene]) => [id, formatScene(scene)])),
  };
  return JSON.stringify(inFieldOrder(record, LOCK_FIELDS.top, "scenes"), null, 2) + "\n";
}

function formatScene(scene: LockedScene): object {
  const { selected, kept = {}, takes } = scene;
  const record = {
    ...scene,
    selected: byName(Object.entries(selected)),
    kept: Object.keys(kept).length > 0 ? byName(Object.entries(kept)) : undefined,
    takes: [...takes].sort((a, b) => a.take - b.take).map(formatTake),
  };
  return inFieldOrder(record, LOCK_FIELDS.scene, "takes");
}

function formatTake(take: Take): object {
  const { clip, quote, recipe } = take;
  const record = {
    ...take,
    recipe: inFieldOrder(recipe, LOCK_FIELDS.recipe),
    ...(quote && { quote: inFieldOrder(quote, LOCK_FIELDS.quote) }),
    ...(clip && { clip: inFieldOrder(clip, LOCK_FIELDS.clip) }),
  };
  return inFieldOrder(record, LOCK_FIELDS.take, "recipe");
}

function formatLibrary(library: NonNullable<Lock["library"]>): object {
  const providers = [...library].map(([provider, entries]): [string, object] => [
    provider,
    byName([...entries].map(([digest, entry]) => [digest, inFieldOrder(entry, LOCK_FIELDS.library)])),
  ]);
  return byName(providers);
}

function byName<T>(entries: readonly (readonly [string, T])[]): Record<string, T> {
  return Object.fromEntries(sortedEntries(entries));
}
