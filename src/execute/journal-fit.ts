import type { Lock } from "../plan/lock.ts";
import type { JournalEntry } from "./journal-entry.ts";

/**
 * The entries with the numbers that their takes have in this lock. A journal belongs to the lockfile that its run
 * began with; after a kill a person may check out another branch, or merge one, where the same numbers are other
 * takes. A take is known by the moment at which it was to be sent: one that this lock does not have gets a number of
 * its own, since its task may be running and paid, and nothing is ever said of a take that it was not said of.
 */
export function fitJournal(lock: Lock, entries: readonly JournalEntry[]): JournalEntry[] {
  const moments = momentsOf(entries);
  const scenes = new Map<string, SceneNumbers>();
  const open = (scene: string): SceneNumbers => {
    const numbers = scenes.get(scene) ?? new SceneNumbers(lock, scene, moments);
    scenes.set(scene, numbers);
    return numbers;
  };
  return entries.flatMap((entry): JournalEntry[] => {
    switch (entry.kind) {
      case "observed": {
        const take = open(entry.scene).numberOf(entry.take, entry.seen.kind === "intent");
        return take === undefined ? [] : [{ ...entry, take }];
      }
      case "recalled": {
        const take = open(entry.scene).numberOf(entry.take.take, true);
        return take === undefined ? [] : [{ ...entry, take: { ...entry.take, take } }];
      }
      case "selected": {
        const take = open(entry.scene).numberOf(entry.take, false);
        return take === undefined ? [] : [{ ...entry, take }];
      }
      case "kept":
      case "library":
        return [entry];
    }
  });
}

/** By scene and number: every moment at which that take was to be sent; again and again where the service was busy. */
function momentsOf(entries: readonly JournalEntry[]): ReadonlyMap<string, ReadonlySet<string>> {
  const moments = new Map<string, Set<string>>();
  const add = (scene: string, take: number, at: string | undefined): void => {
    if (at === undefined) return;
    const key = `${scene} ${take}`;
    moments.set(key, (moments.get(key) ?? new Set()).add(at));
  };
  for (const entry of entries) {
    if (entry.kind === "recalled") add(entry.scene, entry.take.take, entry.take.at);
    if (entry.kind === "observed")
      add(entry.scene, entry.take, entry.seen.kind === "intent" ? entry.seen.intent.at : entry.at);
  }
  return moments;
}

/** The numbers of one scene: those of the journal, and those of the lock. */
class SceneNumbers {
  readonly #scene: string;
  readonly #moments: ReadonlyMap<string, ReadonlySet<string>>;
  /** Of the lock, with the moment of each take. */
  readonly #known: Map<number, string>;
  readonly #found = new Map<number, number | undefined>();

  constructor(lock: Lock, scene: string, moments: ReadonlyMap<string, ReadonlySet<string>>) {
    this.#scene = scene;
    this.#moments = moments;
    this.#known = new Map(lock.scenes.get(scene)?.takes.map(({ take, at }) => [take, at]));
  }

  /** Undefined for a take that is not in the lock, unless it is new there. */
  numberOf(take: number, isNew: boolean): number | undefined {
    if (!this.#found.has(take)) this.#found.set(take, this.#find(take, isNew));
    return this.#found.get(take);
  }

  #find(take: number, isNew: boolean): number | undefined {
    const moments = this.#moments.get(`${this.#scene} ${take}`);
    const isSame = (number: number): boolean => moments?.has(this.#known.get(number) ?? "") ?? true;
    // Takes that were sent in the same moment: one number is not found twice.
    const taken = new Set(this.#found.values());
    if (this.#known.has(take) && !taken.has(take) && isSame(take)) return take;
    const moved = [...this.#known.keys()].find((number) => moments && isSame(number) && !taken.has(number));
    if (moved !== undefined || !isNew) return moved;
    const number = this.#known.has(take) ? Math.max(...this.#known.keys()) + 1 : take;
    this.#known.set(number, [...(moments ?? [])][0] ?? "");
    return number;
  }
}
