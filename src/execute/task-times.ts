import type { Lock, Take } from "../plan/lock.ts";

/** What decides how long a task takes, as far as is known. */
export interface Kind {
  readonly model: string;
  readonly resolution: string;
  readonly duration: number;
}

/** The service of last year says little about that of today. */
const MOST_REMEMBERED = 50;

/** How long the tasks of one provider have taken: those in the lock, and those that end in this run. */
export class TaskTimes {
  readonly #byKind = new Map<string, number[]>();

  constructor(lock: Lock, provider: string) {
    const takes = [...lock.scenes.values()].flatMap((scene) => scene.takes);
    const timed = takes.filter((take) => take.provider === provider && take.took !== undefined);
    for (const { recipe, took } of timed.sort(byAge)) if (took !== undefined) this.note(recipe, took);
  }

  /** Seconds, the latest last. */
  of(kind: Kind): readonly number[] {
    return this.#byKind.get(keyOf(kind)) ?? [];
  }

  /** The seconds in the middle; undefined where none is known. */
  typical(kind: Kind): number | undefined {
    const sorted = [...this.of(kind)].sort((a, b) => a - b);
    return sorted[Math.floor(sorted.length / 2)];
  }

  note(kind: Kind, took: number): void {
    this.#byKind.set(keyOf(kind), [...this.of(kind), took].slice(-MOST_REMEMBERED));
  }
}

function keyOf({ model, resolution, duration }: Kind): string {
  return `${model} ${resolution} ${duration}`;
}

function byAge(a: Take, b: Take): number {
  return a.at < b.at ? -1 : a.at > b.at ? 1 : 0;
}
