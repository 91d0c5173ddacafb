import type { HaltReason, PollOutcome, ServiceError } from "../seedance/outcome.ts";
import type { Clock } from "./clock.ts";
import type { RequestBudget } from "./request-budget.ts";
import type { Service } from "./service.ts";

/** How a watched task ended. */
export type TaskEnd =
  | {
      readonly kind: "succeeded";
      readonly url: string;
      readonly tokens?: number;
      /** Seconds from its acceptance to its end; absent where its end was seen too late to tell. */
      readonly took?: number;
    }
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
  /** Seconds that tasks of this kind have taken. */
  readonly known: readonly number[];
}) => number;

export interface TaskToWatch {
  readonly task: string;
  /** When it was submitted; earlier than this run where another one did it. */
  readonly since: number;
  /** Milliseconds after which we stop looking in this run. */
  readonly patience: number;
  readonly known: readonly number[];
  onProgress(progress: number | undefined): void;
}

interface Watched extends TaskToWatch {
  readonly deadline: number;
  readonly end: (end: TaskEnd) => void;
  made: number;
  failed: number;
  missing: number;
  due: number;
  /** When it was last seen to go on; at its beginning where this run has begun it. */
  seenPending: number | undefined;
}

/** A new task may not be found at once, behind a gateway that copies its records. */
const LOOKS_BEFORE_MISSING = 3;
const LOOKS_AT_ONCE = 4;
/** A service that is asked too often and does not say how long to wait. */
const PAUSE_MS = 5000;
/** An end that was seen later than this share of the age after the last look is not measured. */
const MEASURED_WITHIN = 0.3;
/** Of the time that the service tells beyond ours: a create may be answered so much later than it was accepted. */
const LATEST_ANSWER_SECONDS = 300;
/** Timers take no more than 2^31 ms, and nothing is lost by looking up once an hour. */
const LONGEST_SLEEP_MS = 3_600_000;

/**
 * One loop that looks after every running task, within one budget of requests. Only a terminal word ends a task,
 * never a failing look.
 */
export class Poller {
  readonly #service: Service;
  readonly #clock: Clock;
  readonly #pace: Pace;
  readonly #signal: AbortSignal;
  readonly #budget: RequestBudget;
  readonly #watched = new Set<Watched>();
  readonly #looking = new Set<Watched>();
  #loop: Promise<void> | undefined;
  #wake = new AbortController();

  constructor(service: Service, clock: Clock, pace: Pace, budget: RequestBudget, signal: AbortSignal) {
    this.#service = service;
    this.#clock = clock;
    this.#pace = pace;
    this.#budget = budget;
    this.#signal = signal;
    signal.addEventListener("abort", () => this.#interrupt());
  }

  watch(task: TaskToWatch): Promise<TaskEnd> {
    if (this.#signal.aborted) return Promise.resolve({ kind: "interrupted" });
    return new Promise((end) => {
      const now = this.#clock.now();
      const { since, patience, known } = task;
      const pause = this.#pace({ ageSeconds: (now - since) / 1000, made: 0, failed: 0, known });
      this.#watched.add({
        ...task,
        deadline: now + patience,
        end,
        made: 0,
        failed: 0,
        missing: 0,
        due: now + Math.min(pause, patience),
        seenPending: now - since < 1000 ? since : undefined,
      });
      this.#wake.abort();
      this.#loop ??= this.#run();
    });
  }

  async #run(): Promise<void> {
    while (this.#watched.size > 0) {
      const pause = this.#beginDue(this.#clock.now());
      this.#wake = new AbortController();
      await this.#clock.sleep(Math.min(LONGEST_SLEEP_MS, pause), this.#wake.signal);
    }
    this.#loop = undefined;
  }

  /** Begins the looks that are due; gives the milliseconds until there is something to do again. */
  #beginDue(now: number): number {
    const idle = [...this.#watched].filter((watched) => !this.#looking.has(watched));
    for (const watched of idle.sort((a, b) => a.due - b.due)) {
      if (watched.due > now) return watched.due - now;
      // With every place taken, the end of a look is what wakes us.
      if (this.#looking.size >= LOOKS_AT_ONCE) return Infinity;
      const wait = this.#budget.take();
      if (wait > 0) return wait;
      this.#begin(watched);
    }
    return Infinity;
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
    const now = this.#clock.now();
    watched.made++;
    watched.failed = outcome.kind === "unreadable" ? watched.failed + 1 : 0;
    watched.missing = outcome.kind === "missing" ? watched.missing + 1 : 0;
    const end = this.#endOf(watched, outcome, now);
    if (end) {
      this.#finish(watched, end);
      return;
    }
    if (outcome.kind === "pending") {
      watched.seenPending = now;
      watched.onProgress(outcome.progress);
    }
    this.#plan(watched, outcome, now);
  }

  #plan(watched: Watched, outcome: PollOutcome, now: number): void {
    const retryAfterMs = outcome.kind === "unreadable" ? outcome.retryAfterMs : undefined;
    if (outcome.kind === "unreadable" && outcome.error.status === 429)
      this.#budget.pause(retryAfterMs ?? PAUSE_MS);
    const { made, failed, since, deadline, known } = watched;
    const pause = this.#pace({
      ageSeconds: (now - since) / 1000,
      made,
      failed,
      known,
      ...(retryAfterMs !== undefined && { retryAfterMs }),
    });
    // The last look is at the deadline, so that a task which has just ended is not left behind.
    watched.due = Math.max(now, Math.min(now + pause, deadline));
  }

  #endOf(watched: Watched, outcome: PollOutcome, now: number): TaskEnd | undefined {
    switch (outcome.kind) {
      case "succeeded": {
        const { url, tokens } = outcome;
        const took = tookSeconds(watched, outcome.took, now);
        return {
          kind: "succeeded",
          url,
          ...(tokens !== undefined && { tokens }),
          ...(took !== undefined && { took }),
        };
      }
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
    return now >= watched.deadline ? { kind: "deadline" } : undefined;
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

/** The service's own figure where it can be true, else ours where the end was seen soon after it came. */
function tookSeconds(
  { since, seenPending }: Watched,
  told: number | undefined,
  now: number,
): number | undefined {
  const age = (now - since) / 1000;
  const inTenths = (seconds: number): number => Math.round(seconds * 10) / 10;
  if (told !== undefined && told <= age + LATEST_ANSWER_SECONDS) return inTenths(told);
  if (seenPending === undefined) return undefined;
  const blind = (now - seenPending) / 1000;
  return seenPending === since || blind <= MEASURED_WITHIN * age ? inTenths(age) : undefined;
}
