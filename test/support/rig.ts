import type { MediaFacts } from "../../src/base/media-facts.ts";
import type { RunEvent } from "../../src/execute/events.ts";
import type { JournalEntry } from "../../src/execute/journal-entry.ts";
import { InFlight } from "../../src/execute/in-flight.ts";
import { Ledger, replayJournal } from "../../src/execute/ledger.ts";
import { Poller, type Pace } from "../../src/execute/poller.ts";
import { Pool } from "../../src/execute/pool.ts";
import { RequestBudget } from "../../src/execute/request-budget.ts";
import { RunStop } from "../../src/execute/run-stop.ts";
import type { TakeContext } from "../../src/execute/take-context.ts";
import { TaskTimes } from "../../src/execute/task-times.ts";
import { EMPTY_LOCK, type Lock, type Quote } from "../../src/plan/lock.ts";
import type { Files } from "../../src/store/files.ts";
import { Journal, readJournal } from "../../src/store/journal.ts";
import { ObjectStore } from "../../src/store/objects.ts";
import { FakeClock } from "./fake-clock.ts";
import { FakeService } from "./fake-service.ts";
import { hold, type Held } from "./held.ts";
import { diskError, memoryFiles } from "./memory-files.ts";

export const HIDDEN = "/project/.storyc";
const JOURNAL = `${HIDDEN}/journal/film.paid.jsonl`;

export const VIDEO: MediaFacts = {
  kind: "video",
  format: "mp4",
  bytes: 1,
  width: 864,
  height: 496,
  seconds: 97 / 24,
  fps: 24,
  frames: 97,
  sound: true,
};

/** What a run rests on, with all three seams in the hands of a test. */
export interface Rig extends TakeContext {
  readonly service: FakeService;
  readonly clock: FakeClock;
  readonly files: Files;
  readonly events: RunEvent[];
  readonly interrupt: AbortController;
  /** What an interrupt grants to what is under way; released by the test. */
  readonly grace: Held<undefined>;
  /** What the disk has of the journal. */
  journal(): JournalEntry[];
  /** The lock that the next run would begin with. */
  nextLock(): Lock;
}

export interface RigOptions {
  readonly lock?: Lock;
  readonly concurrency?: number;
  readonly provider?: string;
  readonly pace?: Pace;
  readonly patience?: number;
  readonly facts?: MediaFacts;
  readonly files?: Files;
  /** What each take costs. */
  readonly quote?: Quote;
  spendProblem?(quote: Quote | undefined): string | undefined;
  /** Called with each entry of the journal before it is written; may throw as a disk does. */
  beforeEntry?(entry: JournalEntry, nth: number): void;
}

export function openRig(options: RigOptions = {}): Rig {
  const { lock = EMPTY_LOCK, files = memoryFiles(), concurrency = 3 } = options;
  const service = new FakeService();
  const clock = new FakeClock();
  const interrupt = new AbortController();
  const grace = hold<undefined>();
  const stop = new RunStop(interrupt.signal, () => grace.promise);
  const journal = new Journal(files, JOURNAL);
  let entries = 0;
  const ledger = new Ledger(lock, (entry) => {
    options.beforeEntry?.(entry, entries++);
    journal.append(entry);
  });
  const events: RunEvent[] = [];
  const budget = new RequestBudget(60_000, clock);
  const provider = options.provider ?? "anyfast";
  return {
    service,
    clock,
    budget,
    times: new TaskTimes(lock, provider),
    files,
    events,
    interrupt,
    grace,
    ledger,
    stop,
    provider,
    store: new ObjectStore(files, HIDDEN),
    poller: new Poller(service, clock, options.pace ?? (() => 1000), budget, stop.signal),
    remote: new InFlight({ ceiling: concurrency, clock, random: () => 0, signal: stop.signal }),
    transfers: new Pool(4),
    patience: options.patience ?? 1_800_000,
    taskSeconds: 10,
    emit: (event) => events.push(event),
    probe: () => Promise.resolve(options.facts ?? VIDEO),
    quoteOf: () => options.quote,
    spendProblem: (quote) => options.spendProblem?.(quote),
    journal: () => readJournal(files, JOURNAL) as JournalEntry[],
    nextLock: () => replayJournal(lock, readJournal(files, JOURNAL)),
  };
}

/** A disk that is full from the nth entry of the journal on. */
export function fullFrom(nth: number): NonNullable<RigOptions["beforeEntry"]> {
  return (_entry, at) => {
    if (at >= nth) throw diskError("ENOSPC", "writeSync");
  };
}
