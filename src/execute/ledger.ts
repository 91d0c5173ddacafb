import type { Lock, LockedScene, Take } from "../plan/lock.ts";
import { MAIN_NAME } from "../storyboard/names.ts";
import { advance, stateOf, takeOf, type Effect, type Observation, type TaskState } from "./protocol.ts";

/** A line of the journal. */
export type JournalEntry =
  | {
      readonly v: 1;
      readonly kind: "observed";
      readonly scene: string;
      readonly take: number;
      readonly seen: Observation;
    }
  | { readonly v: 1; readonly kind: "recalled"; readonly scene: string; readonly take: Take }
  | {
      readonly v: 1;
      readonly kind: "selected";
      readonly scene: string;
      readonly variant: string;
      readonly take: number;
    };

interface LedgerScene {
  /** By variant. */
  readonly selected: Map<string, number>;
  readonly takes: Map<number, { state: TaskState; take: Take | undefined }>;
}

/**
 * The lock of a run in progress. Every change is on disk before it counts: `append` must have flushed the entry
 * when it returns, and throws where it could not, in which case nothing has changed here.
 */
export class Ledger {
  readonly #append: (entry: JournalEntry) => void;
  readonly variant: string;
  readonly #scenes = new Map<string, LedgerScene>();

  /** `variant`: whose selection this run reads and sets. */
  constructor(lock: Lock, append: (entry: JournalEntry) => void, variant = MAIN_NAME) {
    this.#append = append;
    this.variant = variant;
    for (const [id, locked] of lock.scenes) this.#scenes.set(id, openScene(locked));
  }

  /** The number of the next take of a scene. Numbers are never used twice, refused and unknown ones included. */
  nextTake(scene: string): number {
    const numbers = [...(this.#scenes.get(scene)?.takes.keys() ?? [])];
    return Math.max(0, ...numbers) + 1;
  }

  observe(scene: string, take: number, seen: Observation): Effect {
    const state = this.#scenes.get(scene)?.takes.get(take)?.state ?? { kind: "idle" };
    const next = advance(state, seen);
    if (next.state !== state) this.#record({ v: 1, kind: "observed", scene, take, seen });
    return next.effect;
  }

  /** Brings a take that was made before, for another state of the storyboard, into the lock. */
  recall(scene: string, made: Take): Take {
    const take = { ...made, take: this.nextTake(scene) };
    this.#record({ v: 1, kind: "recalled", scene, take });
    return take;
  }

  select(scene: string, take: number): void {
    const variant = this.variant;
    if (this.#scenes.get(scene)?.selected.get(variant) === take) return;
    this.#record({ v: 1, kind: "selected", scene, variant, take });
  }

  takes(scene: string): Take[] {
    return [...(this.#scenes.get(scene)?.takes.values() ?? [])].flatMap(({ take }) => take ?? []);
  }

  selected(scene: string): Take | undefined {
    const found = this.#scenes.get(scene);
    const number = found?.selected.get(this.variant);
    return number === undefined ? undefined : found?.takes.get(number)?.take;
  }

  lock(): Lock {
    return { scenes: new Map([...this.#scenes.keys()].flatMap((id) => [...this.sceneLock(id).scenes])) };
  }

  /** The lock of one scene alone. */
  sceneLock(id: string): Lock {
    const scene = this.#scenes.get(id);
    const takes = this.takes(id).sort((a, b) => a.take - b.take);
    if (!scene || takes.length === 0) return { scenes: new Map() };
    return { scenes: new Map([[id, { selected: Object.fromEntries(scene.selected), takes }]]) };
  }

  /** Applies entries that are on disk already. */
  replay(entries: readonly JournalEntry[]): void {
    for (const entry of entries) this.#apply(entry);
  }

  /** After a replay: what was under way when the last run died. */
  settle(): void {
    for (const scene of this.#scenes.values()) {
      for (const [number, { state }] of scene.takes)
        setState(scene, number, advance(state, { kind: "restarted" }).state);
    }
  }

  #record(entry: JournalEntry): void {
    this.#append(entry);
    this.#apply(entry);
  }

  #apply(entry: JournalEntry): void {
    const scene = this.#open(entry.scene);
    switch (entry.kind) {
      case "observed": {
        const state = scene.takes.get(entry.take)?.state ?? { kind: "idle" };
        setState(scene, entry.take, advance(state, entry.seen).state);
        return;
      }
      case "recalled":
        scene.takes.set(entry.take.take, { state: stateOf(entry.take), take: entry.take });
        return;
      case "selected":
        scene.selected.set(entry.variant, entry.take);
        return;
    }
  }

  #open(id: string): LedgerScene {
    const scene = this.#scenes.get(id) ?? { selected: new Map(), takes: new Map() };
    this.#scenes.set(id, scene);
    return scene;
  }
}

function openScene(locked: LockedScene): LedgerScene {
  return {
    selected: new Map(Object.entries(locked.selected)),
    takes: new Map(locked.takes.map((take) => [take.take, { state: stateOf(take), take }])),
  };
}

/** A take that nothing has changed keeps its record as it stands in the file, later fields included. */
function setState(scene: LedgerScene, number: number, state: TaskState): void {
  if (scene.takes.get(number)?.state === state) return;
  scene.takes.set(number, { state, take: takeOf(number, state) });
}

/** The lock as it is when everything in the journal has happened. Entries of other versions are not guessed at. */
export function replayJournal(lock: Lock, entries: readonly unknown[]): Lock {
  const ledger = new Ledger(lock, () => undefined);
  ledger.replay(entries.filter(isEntry));
  ledger.settle();
  return ledger.lock();
}

function isEntry(value: unknown): value is JournalEntry {
  return typeof value === "object" && value !== null && (value as { v?: unknown }).v === 1;
}
