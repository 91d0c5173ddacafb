import { retriesAfter } from "../plan/retries.ts";
import type { SceneResult } from "./events.ts";
import type { TakeContext } from "./take-context.ts";
import type { Ended, TakeToSend } from "./take-request.ts";

export type RetriedTake = Pick<TakeToSend, "retries" | "selects">;

/** What the takes of one scene have in common that are made in each other's place. */
export interface Series {
  readonly context: Pick<TakeContext, "ledger" | "emit">;
  readonly scene: string;
  /** As the storyboard says it now. */
  readonly most: number;
  readonly budget: RetryBudget;
  send(take: RetriedTake): Promise<Ended>;
}

/** What the plan of a scene allows beyond its requests: it is never passed, whatever the takes say of themselves. */
export class RetryBudget {
  #left: number;

  constructor(most: number) {
    this.#left = most;
  }

  take(): boolean {
    return this.#left > 0 && this.#left-- > 0;
  }
}

/**
 * Makes another take, and another one, in the place of a take whose output was moderated. How many may follow is
 * read from the record of the take, which was on disk before it was sent: a run that goes on after a kill reads the
 * same. What ends in any other way, an unknown outcome above all, is the end of it.
 */
export async function untilPassed(series: Series, first: Promise<SceneResult>): Promise<SceneResult> {
  const { scene, most, budget, send } = series;
  const { ledger, emit } = series.context;
  let ended = await first;
  while (ended.kind === "failed") {
    const { take, error } = ended;
    const takes = ledger.takes(scene);
    const left = Math.min(most, retriesAfter(takes, take)) - 1;
    if (left < 0 || !budget.take()) return ended;
    emit({ type: "scene-retried", scene, take, code: error.code, left });
    const selects = takes.find((one) => one.take === take)?.selects;
    const next = await send({ retries: left, ...(selects !== undefined && { selects }) });
    // That it could not be sent says less than why there is no clip.
    if (next.kind === "stopped")
      return { ...ended, error: { ...error, message: `${error.message}; not tried again: ${next.message}` } };
    ended = next;
  }
  return ended;
}
