import type { Clock } from "../execute/clock.ts";
import { RENEW_EVERY_MS, takeRunLock, type Held, type Holder } from "../store/run-lock.ts";
import type { Machine } from "./machine.ts";
import { runLockPath, type Project, type RunKind } from "./project.ts";

/** Another run holds the storyboard. */
export interface Busy {
  readonly kind: "busy";
  readonly holder: Holder;
}

/** The storyboard, as long as no other run thinks that this one is dead. */
export interface Holding extends Held {
  /** Aborts when another run has taken the storyboard over. */
  readonly lost: AbortSignal;
}

/** Does `work` while no other run has the storyboard, and gives signs of life as long as it takes. */
export async function whileHeld<T>(
  project: Project,
  kind: RunKind,
  machine: Machine,
  work: (held: Holding) => Promise<T>,
): Promise<T | Busy> {
  const { files, clock, self } = machine;
  const held = takeRunLock(files, runLockPath(project, kind), new Date(clock.now()), self);
  if (held.kind === "busy") return held;
  const end = new AbortController();
  const lost = new AbortController();
  const renewing = renew(held, clock, end.signal).then((isHeld) => {
    if (!isHeld) lost.abort();
  });
  try {
    return await work({ ...held, lost: lost.signal });
  } finally {
    end.abort();
    await renewing;
    held.release();
  }
}

/** False when the storyboard is held no more, though the work goes on. */
async function renew(held: Held, clock: Clock, signal: AbortSignal): Promise<boolean> {
  for (;;) {
    await clock.sleep(RENEW_EVERY_MS, signal);
    if (signal.aborted) return true;
    if (!held.renew()) return false;
  }
}
