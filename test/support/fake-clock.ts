import type { Clock } from "../../src/execute/clock.ts";
import { settle } from "./held.ts";

interface Sleeper {
  readonly until: number;
  wake(): void;
}

/** Time that stands still until a test moves it on. */
export class FakeClock implements Clock {
  #now = Date.UTC(2026, 0, 1);
  readonly #sleepers = new Set<Sleeper>();
  /** How long each sleep was meant to be, in order. */
  readonly slept: number[] = [];

  now(): number {
    return this.#now;
  }

  sleep(ms: number, signal: AbortSignal): Promise<void> {
    this.slept.push(ms);
    if (signal.aborted) return Promise.resolve();
    return new Promise((resolve) => {
      const wake = (): void => {
        this.#sleepers.delete(sleeper);
        signal.removeEventListener("abort", wake);
        resolve();
      };
      const sleeper = { until: this.#now + ms, wake };
      this.#sleepers.add(sleeper);
      signal.addEventListener("abort", wake);
    });
  }

  /** Moves time on, waking each sleeper at its moment. */
  async advance(ms: number): Promise<void> {
    const end = this.#now + ms;
    await settle();
    for (let next = this.#next(end); next; next = this.#next(end)) {
      this.#now = next.until;
      next.wake();
      await settle();
    }
    this.#now = end;
  }

  /** Moves time on until `work` has ended, whatever it waits for; it must not wait for more than a day. */
  async until<T>(work: Promise<T>): Promise<T> {
    let ended = false;
    const watch = (): void => void (ended = true);
    work.then(watch, watch);
    const limit = this.#now + 24 * 3600 * 1000;
    for (await settle(); !ended; await settle()) {
      const next = this.#next(limit);
      if (!next) throw new Error("it waits for something that is not the clock");
      this.#now = next.until;
      next.wake();
    }
    return work;
  }

  #next(end: number): Sleeper | undefined {
    return [...this.#sleepers].filter(({ until }) => until <= end).sort((a, b) => a.until - b.until)[0];
  }
}
