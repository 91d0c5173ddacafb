import type { Digest } from "../base/digest.ts";
import type { LibraryEntry, Lock, LockedScene } from "./lock.ts";
import type { MergeNote } from "./merge-notes.ts";
import { mergeScenes } from "./scene-merge.ts";
import { isSameValue, mergeFields, threeWay, type Sides } from "./three-way.ts";

export interface LockMerge {
  readonly lock: Lock;
  readonly notes: readonly MergeNote[];
}

export interface LockVersions {
  /** What both began with; empty where that is not known. */
  readonly base: Lock;
  readonly ours: Lock;
  readonly theirs: Lock;
}

/**
 * Joins two locks that have gone apart. No take of either side is lost: where both have rendered a scene, both are
 * its takes. Ours keep their numbers, theirs are numbered after them. What both have decided, each in its way, stays
 * as ours have it, and is told.
 */
export function mergeLocks({ base, ours, theirs }: LockVersions): LockMerge {
  const notes: MergeNote[] = [];
  const ids = new Set([...ours.scenes.keys(), ...theirs.scenes.keys()]);
  const scenes = [...ids].map((id): [string, LockedScene] => {
    const sides = { base: base.scenes.get(id), ours: ours.scenes.get(id), theirs: theirs.scenes.get(id) };
    return [id, mergeScenes(id, sides, notes)];
  });
  const library = mergeLibraries({ base, ours, theirs }, notes);
  const later = mergeFields({ base: base.later, ours: ours.later, theirs: theirs.later }, (field) =>
    notes.push({ kind: "both-changed", field }),
  );
  return {
    lock: {
      scenes: new Map(scenes),
      ...(library.size > 0 && { library }),
      ...(Object.keys(later).length > 0 && { later }),
    },
    notes,
  };
}

const UPLOADED: readonly LibraryEntry["state"][] = ["intended", "unknown", "failed", "processing", "active"];

type Library = NonNullable<Lock["library"]>;

function mergeLibraries({ base, ours, theirs }: LockVersions, notes: MergeNote[]): Library {
  const providers = new Set([...(ours.library?.keys() ?? []), ...(theirs.library?.keys() ?? [])]);
  const of = (lock: Lock, provider: string): Library extends ReadonlyMap<string, infer T> ? T : never =>
    lock.library?.get(provider) ?? new Map<Digest, LibraryEntry>();
  return new Map(
    [...providers].map((provider) => {
      const [before, our, their] = [base, ours, theirs].map((lock) => of(lock, provider));
      const digests = new Set([...(our?.keys() ?? []), ...(their?.keys() ?? [])]);
      const entries = [...digests].flatMap((digest): [Digest, LibraryEntry][] => {
        const sides = { base: before?.get(digest), ours: our?.get(digest), theirs: their?.get(digest) };
        const entry = mergeEntry(provider, digest, sides, notes);
        return entry ? [[digest, entry]] : [];
      });
      return [provider, new Map(entries)];
    }),
  );
}

/** An entry is never taken away: putting the bytes there again would be billed again. */
function mergeEntry(
  provider: string,
  digest: Digest,
  sides: Sides<LibraryEntry>,
  notes: MergeNote[],
): LibraryEntry | undefined {
  const { ours, theirs } = sides;
  if (!ours || !theirs) return ours ?? theirs;
  return threeWay(sides, () => {
    const isBehind = UPLOADED.indexOf(ours.state) < UPLOADED.indexOf(theirs.state);
    if (!isSameValue(ours.id, theirs.id)) {
      const lost = isBehind ? ours.id : theirs.id;
      if (lost !== undefined) notes.push({ kind: "two-uploads", provider, digest, id: lost });
    }
    return isBehind ? theirs : ours;
  });
}
