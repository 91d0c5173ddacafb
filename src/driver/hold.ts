import type { Clock } from "../execute/clock.ts";
import { RENEW_EVERY_MS, takeRunLock, type Held, type Holder } from "../store/run-lock.ts";
import type { Machine } from "./machine.ts";
import { runLockPath, type Project, type RunKind } from "./project.ts";

/** Another run holds the storyboard. */
export interface Busy {
  readonly kind: "busy";
  readonly holder: Holder;
}

/** Does `work` while no other run has the storyboard, and gives signs of life as long as it takes. */
export async function whileHeld<T>(
  project: Project,
  kind: RunKind,
  machine: Machine,
  work: (held: Held) => Promise<T>,
): Promise<T | Busy> {
  const { files, clock, self } = machine;
  const held = takeRunLock(files, runLockPath(project, kind), new Date(clock.now()), self);
  if (held.kind === "busy") return held;
  const end = new AbortController();
  const renewing = renew(held, clock, end.signal);
  try {
    return await work(held);
  } finally {
    end.abort();
    await renewing;
    held.release();
  }
}

async function renew(held: Held, clock: Clock, signal: AbortSignal): Promise<void> {
  for (;;) {
    await clock.sleep(RENEW_EVERY_MS, signal);
    if (signal.aborted) return;
    held.renew();
  }
}
