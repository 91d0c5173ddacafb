import type { Clock } from "./clock.ts";

/** So many seconds' worth of requests may be sent at once, after a time without any. */
const BURST_SECONDS = 10;

/**
 * How many requests the service may be sent: creates and looks together, since it counts them together. Requests
 * are spread evenly once a burst is used up.
 */
export class RequestBudget {
  readonly #clock: Clock;
  readonly #msEach: number;
  /** When the next request would be due, had all been sent evenly. */
  #even = 0;
  #pausedUntil = 0;

  constructor(perMinute: number, clock: Clock) {
    this.#clock = clock;
    this.#msEach = 60_000 / perMinute;
  }

  /** Milliseconds until a request may be sent; 0 when it may be now, and then it counts as sent. */
  take(): number {
    const now = this.#clock.now();
    const even = Math.max(this.#even, now);
    const wait = Math.max(this.#pausedUntil - now, even - now - BURST_SECONDS * 1000);
    if (wait > 0) return wait;
    this.#even = even + this.#msEach;
    return 0;
  }

  /** Resolves when a request may be sent, or when the signal aborts. */
  async turn(signal: AbortSignal): Promise<void> {
    for (let wait = this.take(); wait > 0 && !signal.aborted; wait = this.take())
      await this.#clock.sleep(wait, signal);
  }

  /** The service has said that there are too many. */
  pause(ms: number): void {
    this.#pausedUntil = Math.max(this.#pausedUntil, this.#clock.now() + ms);
  }
}
