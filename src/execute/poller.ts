import type { HaltReason, PollOutcome, ServiceError } from "../seedance/outcome.ts";
import type { Clock } from "./clock.ts";
import type { Service } from "./service.ts";

/** How a watched task ended. */
export type TaskEnd =
  | { readonly kind: "succeeded"; readonly url: string; readonly tokens?: number }
  | { readonly kind: "failed"; readonly error: ServiceError }
  | { readonly kind: "missing"; readonly error: ServiceError }
  | { readonly kind: "halt"; readonly reason: HaltReason; readonly error: ServiceError }
  /** Our patience is over, or the run is; the task may go on. */
  | { readonly kind: "deadline" }
  | { readonly kind: "interrupted" };

/** When to look at a task next, in milliseconds from now: a pure rule, see `service/pace.ts`. */
export type Pace = (looks: {
  /** Since the task was submitted. */
  readonly ageSeconds: number;
  /** Looks made in this run. */
  readonly made: number;
  /** Looks in a row that could not be read. */
  readonly failed: number;
  readonly retryAfterMs?: number;
}) => number;

interface Watched {
  readonly task: string;
  /** When the task was submitted; earlier than this run where another one did it. */
  readonly since: number;
  readonly deadline: number;
  readonly onProgress: (progress: number | undefined) => void;
  readonly end: (end: TaskEnd) => void;
  made: number;
  failed: number;
  missing: number;
  due: number;
}

/** A new task may not be found at once, behind a gateway that copies its records. */
const LOOKS_BEFORE_MISSING = 3;
const LOOKS_AT_ONCE = 4;
/** Timers take no more than 2^31 ms, and nothing is lost by looking up once an hour. */
const LONGEST_SLEEP_MS = 3_600_000;

/** One loop that looks after every running task. Only a terminal word ends a task, never a failing look. */
export class Poller {
  readonly #service: Service;
  readonly #clock: Clock;
  readonly #pace: Pace;
  readonly #signal: AbortSignal;
  readonly #watched = new Set<Watched>();
  readonly #looking = new Set<Watched>();
  #loop: Promise<void> | undefined;
  #wake = new AbortController();

  constructor(service: Service, clock: Clock, pace: Pace, signal: AbortSignal) {
    this.#service = service;
    this.#clock = clock;
    this.#pace = pace;
    this.#signal = signal;
    signal.addEventListener("abort", () => this.#interrupt());
  }

  /** `since`: when the task was submitted. `patience`: milliseconds after which we stop looking in this run. */
  watch(task: string, since: number, patience: number, onProgress: Watched["onProgress"]): Promise<TaskEnd> {
    if (this.#signal.aborted) return Promise.resolve({ kind: "interrupted" });
    return new Promise((end) => {
      const now = this.#clock.now();
      const pause = this.#pace({ ageSeconds: (now - since) / 1000, made: 0, failed: 0 });
      const due = now + Math.min(pause, patience);
      this.#watched.add({
        task,
        since,
        deadline: now + patience,
        onProgress,
        end,
        made: 0,
        failed: 0,
        missing: 0,
        due,
      });
      this.#wake.abort();
      this.#loop ??= this.#run();
    });
  }

  async #run(): Promise<void> {
    while (this.#watched.size > 0) {
      const now = this.#clock.now();
      const idle = [...this.#watched].filter((watched) => !this.#looking.has(watched));
      const due = idle.filter((watched) => watched.due <= now).sort((a, b) => a.due - b.due);
      const places = LOOKS_AT_ONCE - this.#looking.size;
      for (const watched of due.slice(0, places)) this.#begin(watched);
      this.#wake = new AbortController();
      // With every place taken, the end of a look is what wakes us.
      const next =
        due.length > places
          ? Infinity
          : Math.min(...idle.map((watched) => watched.due).filter((at) => at > now));
      await this.#clock.sleep(Math.min(LONGEST_SLEEP_MS, Math.max(0, next - now)), this.#wake.signal);
    }
    this.#loop = undefined;
  }

  /** Not waited for: a look that hangs must not hold back the others. */
  #begin(watched: Watched): void {
    this.#looking.add(watched);
    void this.#look(watched).finally(() => {
      this.#looking.delete(watched);
      this.#wake.abort();
    });
  }

  async #look(watched: Watched): Promise<void> {
    const outcome = await this.#service.poll(watched.task, this.#signal);
    if (!this.#watched.has(watched)) return;
    watched.made++;
    watched.failed = outcome.kind === "unreadable" ? watched.failed + 1 : 0;
    watched.missing = outcome.kind === "missing" ? watched.missing + 1 : 0;
    const end = this.#endOf(watched, outcome);
    if (end) {
      this.#finish(watched, end);
      return;
    }
    if (outcome.kind === "pending") watched.onProgress(outcome.progress);
    const retryAfterMs = outcome.kind === "unreadable" ? outcome.retryAfterMs : undefined;
    const { made, failed, since, deadline } = watched;
    const now = this.#clock.now();
    const ageSeconds = (now - since) / 1000;
    const pause = this.#pace({
      ageSeconds,
      made,
      failed,
      ...(retryAfterMs !== undefined && { retryAfterMs }),
    });
    // The last look is at the deadline, so that a task which has just ended is not left behind.
    watched.due = Math.max(now, Math.min(now + pause, deadline));
  }

  #endOf(watched: Watched, outcome: PollOutcome): TaskEnd | undefined {
    switch (outcome.kind) {
      case "succeeded":
      case "failed":
      case "halt":
        return outcome;
      case "missing":
        if (watched.missing >= LOOKS_BEFORE_MISSING) return outcome;
        break;
      case "pending":
      case "unreadable":
        break;
    }
    return this.#clock.now() >= watched.deadline ? { kind: "deadline" } : undefined;
  }

  #finish(watched: Watched, end: TaskEnd): void {
    this.#watched.delete(watched);
    watched.end(end);
  }

  #interrupt(): void {
    for (const watched of this.#watched) this.#finish(watched, { kind: "interrupted" });
    this.#wake.abort();
  }
}
