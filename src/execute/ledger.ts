import type { Digest } from "../base/digest.ts";
import { keepLaterFields, laterFields, LOCK_FIELDS } from "../plan/lock-fields.ts";
import type { LibraryEntry, Lock, LockedScene, Take } from "../plan/lock.ts";
import { unreachable } from "../base/unreachable.ts";
import { MAIN_NAME } from "../storyboard/names.ts";
import { isEntry, type JournalEntry } from "./journal-entry.ts";
import { fitJournal } from "./journal-fit.ts";
import { advance, stateOf, takeOf, type Effect, type Observation, type TaskState } from "./protocol.ts";

interface LedgerScene {
  /** By variant. */
  readonly selected: Map<string, number>;
  /** By variant. */
  readonly kept: Map<string, Digest>;
  readonly takes: Map<number, { state: TaskState; take: Take | undefined }>;
  /** What a newer minor version of the lockfile says of the scene. */
  readonly later: Readonly<Record<string, unknown>>;
}

/**
 * The lock of a run in progress. Every change is on disk before it counts: `append` must have flushed the entry
 * when it returns, and throws where it could not, in which case nothing has changed here.
 */
export class Ledger {
  readonly #append: (entry: JournalEntry) => void;
  readonly variant: string;
  readonly #scenes = new Map<string, LedgerScene>();
  readonly #library = new Map<string, Map<Digest, LibraryEntry>>();
  readonly #later: Lock["later"];

  /** `variant`: whose selection this run reads and sets. */
  constructor(lock: Lock, append: (entry: JournalEntry) => void, variant = MAIN_NAME) {
    this.#append = append;
    this.variant = variant;
    this.#later = lock.later;
    for (const [id, locked] of lock.scenes) this.#scenes.set(id, openScene(locked));
    for (const [provider, entries] of lock.library ?? []) this.#library.set(provider, new Map(entries));
  }

  /** The number of the next take of a scene. Numbers are never used twice, refused and unknown ones included. */
  nextTake(scene: string): number {
    const numbers = [...(this.#scenes.get(scene)?.takes.keys() ?? [])];
    return Math.max(0, ...numbers) + 1;
  }

  observe(scene: string, take: number, seen: Observation): Effect {
    const state = this.#scenes.get(scene)?.takes.get(take)?.state ?? { kind: "idle" };
    const next = advance(state, seen);
    if (next.state === state) return next.effect;
    const selects = next.state.kind === "done" ? next.state.intent.selects : undefined;
    const at = state.kind === "idle" ? undefined : state.intent.at;
    this.#record({
      v: 1,
      kind: "observed",
      scene,
      take,
      seen,
      ...(seen.kind !== "intent" && at !== undefined && { at }),
      ...(selects !== undefined && { selects }),
    });
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

  /** Accepts the selected take for a recipe from which it was not made. */
  keep(scene: string, fingerprint: Digest): void {
    const variant = this.variant;
    if (this.#scenes.get(scene)?.kept.get(variant) === fingerprint) return;
    this.#record({ v: 1, kind: "kept", scene, variant, fingerprint });
  }

  library(provider: string, digest: Digest): LibraryEntry | undefined {
    return this.#library.get(provider)?.get(digest);
  }

  /** The groups that a provider's entries are in, the newest last. */
  libraryGroups(provider: string): string[] {
    const entries = [...(this.#library.get(provider)?.values() ?? [])];
    return entries.sort((a, b) => (a.at < b.at ? -1 : 1)).flatMap(({ group }) => group ?? []);
  }

  /** What a group was asked for, and may have been made for: its answer was lost, or is still to come. */
  groupsToFind(provider: string): (readonly [Digest, LibraryEntry])[] {
    return [...(this.#library.get(provider) ?? [])].filter(([, { group }]) => group === undefined);
  }

  /** `null`: nothing has been put there after all. */
  recordLibrary(provider: string, digest: Digest, entry: LibraryEntry | null): void {
    this.#record({ v: 1, kind: "library", provider, digest, entry });
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
    const scenes = new Map([...this.#scenes.keys()].flatMap((id) => [...this.sceneLock(id).scenes]));
    return {
      scenes,
      ...(this.#library.size > 0 && { library: this.#library }),
      ...(this.#later && { later: this.#later }),
    };
  }

  /** The lock of one scene alone. */
  sceneLock(id: string): Lock {
    const scene = this.#scenes.get(id);
    const takes = this.takes(id).sort((a, b) => a.take - b.take);
    if (!scene || takes.length + Object.keys(scene.later).length === 0) return { scenes: new Map() };
    const kept = scene.kept.size > 0 && { kept: Object.fromEntries(scene.kept) };
    // A journal that is older than the lockfile may know of a take that this one has not.
    const selected = Object.fromEntries(
      [...scene.selected].filter(([, take]) => scene.takes.get(take)?.take),
    );
    return { scenes: new Map([[id, { ...scene.later, selected, takes, ...kept }]]) };
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
    switch (entry.kind) {
      case "observed":
        this.#observed(this.#open(entry.scene), entry);
        return;
      case "recalled":
        this.#open(entry.scene).takes.set(entry.take.take, { state: stateOf(entry.take), take: entry.take });
        return;
      case "selected":
        selectTake(this.#open(entry.scene), entry.variant, entry.take);
        return;
      case "kept":
        this.#open(entry.scene).kept.set(entry.variant, entry.fingerprint);
        return;
      case "library":
        this.#put(entry);
        return;
      default:
        return unreachable(entry);
    }
  }

  #put({ provider, digest, entry }: Extract<JournalEntry, { kind: "library" }>): void {
    const entries = new Map(this.#library.get(provider));
    if (entry) entries.set(digest, entry);
    else entries.delete(digest);
    if (entries.size > 0) this.#library.set(provider, entries);
    else this.#library.delete(provider);
  }

  #observed(scene: LedgerScene, { take, seen, selects }: Extract<JournalEntry, { kind: "observed" }>): void {
    const state = scene.takes.get(take)?.state ?? { kind: "idle" };
    setState(scene, take, advance(state, seen).state);
    if (selects !== undefined) selectTake(scene, selects, take);
  }

  #open(id: string): LedgerScene {
    const empty = { selected: new Map(), kept: new Map(), takes: new Map(), later: {} };
    const scene: LedgerScene = this.#scenes.get(id) ?? empty;
    this.#scenes.set(id, scene);
    return scene;
  }
}

function openScene(locked: LockedScene): LedgerScene {
  return {
    selected: new Map(Object.entries(locked.selected)),
    kept: new Map(Object.entries(locked.kept ?? {})),
    takes: new Map(locked.takes.map((take) => [take.take, { state: stateOf(take), take }])),
    later: laterFields(locked, LOCK_FIELDS.scene),
  };
}

/** What was said of the take that was selected before is not true of this one. */
function selectTake(scene: LedgerScene, variant: string, take: number): void {
  scene.selected.set(variant, take);
  scene.kept.delete(variant);
}

/** A take that nothing has changed keeps its record as it stands in the file; a changed one its later fields. */
function setState(scene: LedgerScene, number: number, state: TaskState): void {
  const before = scene.takes.get(number);
  if (before?.state === state) return;
  const take = takeOf(number, state);
  scene.takes.set(number, { state, take: take && keepLaterFields(before?.take, take) });
}

/** The lock as it is when everything in the journal has happened. Entries of other versions are not guessed at. */
export function replayJournal(lock: Lock, entries: readonly unknown[]): Lock {
  const ledger = new Ledger(lock, () => undefined);
  ledger.replay(fitJournal(lock, entries.filter(isEntry)));
  ledger.settle();
  return ledger.lock();
}
