import type { MediaFacts } from "../base/media-facts.ts";
import type { Quote } from "../plan/lock.ts";
import type { LoweredScene } from "../seedance/lower.ts";
import type { ObjectStore } from "../store/objects.ts";
import type { Clock } from "./clock.ts";
import type { Emit } from "./events.ts";
import type { InFlight } from "./in-flight.ts";
import type { Ledger } from "./ledger.ts";
import type { Poller } from "./poller.ts";
import type { Pool } from "./pool.ts";
import type { RequestBudget } from "./request-budget.ts";
import type { RunStop } from "./run-stop.ts";
import type { Service } from "./service.ts";
import type { TaskTimes } from "./task-times.ts";

/** What a take needs from its run. */
export interface TakeContext {
  readonly service: Service;
  readonly provider: string;
  readonly clock: Clock;
  readonly ledger: Ledger;
  readonly store: ObjectStore;
  readonly poller: Poller;
  readonly budget: RequestBudget;
  readonly times: TaskTimes;
  /** Tasks in flight at the service. */
  readonly remote: InFlight;
  readonly transfers: Pool;
  readonly stop: RunStop;
  /** Milliseconds to wait for a task in this run. */
  readonly patience: number;
  /** Expected seconds of one task, where none of its kind is known. */
  readonly taskSeconds: number;
  readonly emit: Emit;
  probe(path: string): Promise<MediaFacts>;
  /** The price of one take as it would be sent now; undefined where nobody knows it. */
  quoteOf(lowered: LoweredScene): Quote | undefined;
  /** Tested once for each new take, which then counts as paid: undefined when the money may be spent. */
  spendProblem(quote: Quote | undefined): string | undefined;
}
