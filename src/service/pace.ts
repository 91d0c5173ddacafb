export interface Pace {
  /** Seconds from submitting to the first look. */
  readonly pollFirst: number;
  /** The most seconds between two looks. */
  readonly pollEvery: number;
}

export const PACE: Pace = { pollFirst: 20, pollEvery: 15 };

export interface Looks {
  /** Since the task was submitted. */
  readonly ageSeconds: number;
  /** Made in this run; 0 for a task that an earlier run left behind. */
  readonly made: number;
  /** Looks in a row that could not be read. */
  readonly failed: number;
  /** What the service asked for at the last look. */
  readonly retryAfterMs?: number;
}

const LONGEST_BACKOFF_SECONDS = 60;

/**
 * Milliseconds from now until the next look at a task. A task that is older than the first look is looked
 * at at once, since it may have ended while nobody looked. Looks that fail come less often, so that a
 * service in trouble is left in peace; its own wish counts when it is longer.
 */
export function nextLook(looks: Looks, pace: Pace = PACE): number {
  const asked = looks.retryAfterMs ?? 0;
  if (looks.made === 0) return Math.max(asked, (pace.pollFirst - looks.ageSeconds) * 1000, 0);
  const backoff = Math.min(
    pace.pollEvery * 2 ** looks.failed,
    Math.max(pace.pollEvery, LONGEST_BACKOFF_SECONDS),
  );
  return Math.max(asked, backoff * 1000);
}
