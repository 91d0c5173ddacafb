import type { Clock } from "./clock.ts";
import {
  afterAcceptance,
  afterRefusal,
  nextPlaceAt,
  openFlow,
  placesAt,
  type Flow,
} from "./in-flight-rule.ts";

interface Waiting {
  readonly priority: number;
  start(): void;
}

export interface InFlightOptions {
  /** The most tasks at once. */
  readonly ceiling: number;
  readonly clock: Clock;
  /** Aborts when nothing new may begin: what waits is started then, to be told so. */
  readonly signal: AbortSignal;
  /** From 0 to 1. */
  random(): number;
}

/**
 * The tasks in flight at the service, and a queue in which the work with the highest priority is next. The number of
 * places falls when the service refuses and comes back with time, see `in-flight-rule.ts`.
 */
export class InFlight {
  readonly #options: InFlightOptions;
  readonly #waiting: Waiting[] = [];
  /** Until when places are kept for tasks that nobody knows of. */
  readonly #kept: { until: number }[] = [];
  #flow: Flow;
  #running = 0;
  #timer: AbortController | undefined;

  constructor(options: InFlightOptions) {
    this.#options = options;
    this.#flow = openFlow(options.ceiling);
    options.signal.addEventListener("abort", () => this.#startMore());
  }

  /** Does the work as soon as there is a place for it. */
  run<T>(priority: number, work: () => Promise<T>): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      const start = (): void => void this.occupy(work).then(resolve, reject);
      const at = this.#waiting.findIndex((other) => other.priority < priority);
      this.#waiting.splice(at === -1 ? this.#waiting.length : at, 0, { priority, start });
      // Not at once: what becomes ready at the same moment is to be compared first.
      queueMicrotask(() => this.#startMore());
    });
  }

  /** Work on a task that is in flight already: it takes a place, and waits for none. */
  async occupy<T>(work: () => Promise<T>): Promise<T> {
    this.#running++;
    try {
      return await work();
    } finally {
      this.#running--;
      this.#startMore();
    }
  }

  /** The service refused what was sent at `begun`. Gives the milliseconds for which nothing is sent. */
  refused(begun: number, retryAfterMs?: number): number {
    const now = this.#options.clock.now();
    const chance = this.#options.random();
    const asked = retryAfterMs !== undefined && { retryAfterMs };
    this.#flow = afterRefusal(this.#flow, { begun, now, chance, ...asked });
    this.#startMore();
    return this.#flow.pausedUntil - now;
  }

  accepted(): void {
    this.#flow = afterAcceptance(this.#flow);
  }

  /**
   * Keeps a place for a task that may be in flight, until it will have ended or is found. The last place is never
   * kept: the run would stand still for a task that may not exist, and the service refuses what is too much.
   */
  keepPlace(ms: number): { free(): void } {
    const kept = { until: this.#options.clock.now() + ms };
    this.#kept.push(kept);
    const free = (): void => {
      kept.until = 0;
      this.#startMore();
    };
    return { free };
  }

  #places(now: number): number {
    if (this.#options.signal.aborted) return Infinity;
    const places = placesAt(this.#flow, now);
    return places === 0 ? 0 : Math.max(1, places - this.#kept.filter(({ until }) => until > now).length);
  }

  #startMore(): void {
    const now = this.#options.clock.now();
    while (this.#running < this.#places(now) && this.#waiting.length > 0) this.#waiting.shift()?.start();
    this.#timer?.abort();
    if (this.#waiting.length > 0) this.#watchTime(now);
  }

  /** Starts what waits when time alone makes a place. Nothing is watched for when nobody waits. */
  #watchTime(now: number): void {
    const ends = this.#kept.map(({ until }) => until).filter((until) => until > now);
    const at = Math.min(nextPlaceAt(this.#flow, now), ...ends);
    if (at === Infinity) return;
    const timer = new AbortController();
    this.#timer = timer;
    void this.#options.clock.sleep(at - now, timer.signal).then(() => {
      if (!timer.signal.aborted) this.#startMore();
    });
  }
}
