import type { Lock, Take } from "../plan/lock.ts";
import type { JournalEntry } from "./journal-entry.ts";

/**
 * The entries with the numbers that their takes have in this lock. A journal belongs to the lockfile that its run
 * began with; after a kill a person may check out another branch, or merge one, where the same numbers are other
 * takes. A take is known by the moment at which it was to be sent: one that this lock does not have gets a number of
 * its own, since its task may be running and paid, and nothing is ever said of a take that it was not said of.
 */
export function fitJournal(lock: Lock, entries: readonly JournalEntry[]): JournalEntry[] {
  const marks = marksOf(entries);
  const scenes = new Map<string, SceneNumbers>();
  const open = (scene: string): SceneNumbers => {
    const numbers = scenes.get(scene) ?? new SceneNumbers(lock, scene, marks);
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

/** By what a take of the journal is known again. */
interface Marks {
  /** Every moment at which it was to be sent; again and again where the service was busy. */
  readonly moments: Set<string>;
  /** Digest of what was sent; unknown where the journal begins after its intent. */
  body?: string;
}

/** By scene and number. */
function marksOf(entries: readonly JournalEntry[]): ReadonlyMap<string, Marks> {
  const marks = new Map<string, Marks>();
  const add = (scene: string, take: number, at: string | undefined, body: string | undefined): void => {
    if (at === undefined) return;
    const key = `${scene} ${take}`;
    const known = marks.get(key) ?? { moments: new Set() };
    known.moments.add(at);
    if (body !== undefined) known.body = body;
    marks.set(key, known);
  };
  for (const entry of entries) {
    if (entry.kind === "recalled") add(entry.scene, entry.take.take, entry.take.at, entry.take.body);
    if (entry.kind !== "observed") continue;
    const { at, body } = entry.seen.kind === "intent" ? entry.seen.intent : { at: entry.at, body: undefined };
    add(entry.scene, entry.take, at, body);
  }
  return marks;
}

/** The numbers of one scene: those of the journal, and those of the lock. */
class SceneNumbers {
  readonly #scene: string;
  readonly #marks: ReadonlyMap<string, Marks>;
  /** Of the lock. */
  readonly #known: Map<number, Pick<Take, "at" | "body">>;
  readonly #found = new Map<number, number | undefined>();

  constructor(lock: Lock, scene: string, marks: ReadonlyMap<string, Marks>) {
    this.#scene = scene;
    this.#marks = marks;
    this.#known = new Map(lock.scenes.get(scene)?.takes.map((take) => [take.take, take]));
  }

  /** Undefined for a take that is not in the lock, unless it is new there. */
  numberOf(take: number, isNew: boolean): number | undefined {
    if (!this.#found.has(take)) this.#found.set(take, this.#find(take, isNew));
    return this.#found.get(take);
  }

  #find(take: number, isNew: boolean): number | undefined {
    const marks = this.#marks.get(`${this.#scene} ${take}`);
    // Takes that were sent in the same moment: one number is not found twice, and not in place of another's own.
    const taken = new Set(this.#found.values());
    if (this.#known.has(take) && !taken.has(take) && (!marks || this.#fits(marks, take))) return take;
    const isFree = (number: number): boolean => !taken.has(number) && !this.#isOwn(number);
    const moved = [...this.#known.keys()].find(
      (number) => marks && this.#fits(marks, number) && isFree(number),
    );
    if (moved !== undefined || !isNew) return moved;
    const number = this.#known.has(take) ? Math.max(...this.#known.keys()) + 1 : take;
    const [at = ""] = marks?.moments ?? [];
    this.#known.set(number, { at, ...(marks?.body !== undefined && { body: marks.body }) });
    return number;
  }

  #fits({ moments, body }: Marks, number: number): boolean {
    const known = this.#known.get(number);
    return known !== undefined && moments.has(known.at) && (body ?? known.body) === known.body;
  }

  /** Whether the journal's take of this number is the lock's. */
  #isOwn(number: number): boolean {
    const marks = this.#marks.get(`${this.#scene} ${number}`);
    return marks !== undefined && this.#fits(marks, number);
  }
}
