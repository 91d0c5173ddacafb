import pLimit from "p-limit";

interface Waiting {
  readonly priority: number;
  readonly start: () => Promise<void>;
}

/**
 * A number of places, and a queue in which the work with the highest priority is next. A place is held around
 * the leaf call only, never while waiting for another step.
 */
export class Pool {
  readonly #limit: ReturnType<typeof pLimit>;
  readonly #waiting: Waiting[] = [];

  constructor(places: number) {
    this.#limit = pLimit(places);
  }

  run<T>(priority: number, work: () => Promise<T>): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      this.#insert({ priority, start: () => work().then(resolve, reject) });
      // Whichever place becomes free takes the best of those that wait then, not the one that asked first.
      void this.#limit(() => this.#waiting.shift()?.start());
    });
  }

  #insert(waiting: Waiting): void {
    const at = this.#waiting.findIndex(({ priority }) => priority < waiting.priority);
    if (at === -1) this.#waiting.push(waiting);
    else this.#waiting.splice(at, 0, waiting);
  }
}
