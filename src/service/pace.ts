export interface Pace {
  /** Seconds from submitting to the first look. */
  readonly pollFirst: number;
  /** The most seconds between two looks. */
  readonly pollEvery: number;
  /** A person has said when the first look is: no experience moves it. */
  readonly isFirstFixed?: boolean;
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
  /** Seconds that tasks of this kind have taken. */
  readonly known: readonly number[];
}

const LONGEST_BACKOFF_SECONDS = 60;
/** A look that comes so much of a task's age after the last one sees its end within that share of its duration. */
const SHARE = 0.115;
/** The service changes no faster. */
const LEAST_SECONDS = 3;
/** Where nothing is known: few tasks end before. */
const EARLIEST_END = 60;
/** One task in twenty may end before that and be seen late. */
const EARLY_SHARE = 0.05;
/** How many tasks it takes until what they say is half believed. */
const DOUBTFUL = 4;
/** Of a pause, how much chance may take away, so that tasks begun together are not looked at together for ever. */
const JITTER = 0.1;

/**
 * Milliseconds from now until the next look at a task. Before tasks of its kind are known to end it is looked at
 * seldom, then each time when a ninth of its age has passed. A task that is older than its first look is looked at
 * at once, since it may have ended while nobody looked. Looks that fail come less often, so that a service in
 * trouble is left in peace; its own wish counts when it is longer. `chance`: from 0 to 1.
 */
export function nextLook(looks: Looks, pace: Pace = PACE, chance = 0): number {
  const asked = looks.retryAfterMs ?? 0;
  if (looks.made === 0) return Math.max(asked, (firstLook(looks, pace) - looks.ageSeconds) * 1000, 0);
  const pause = looks.failed > 0 ? backoff(looks.failed, pace) : betweenLooks(looks, pace);
  return Math.max(asked, pause * (1 - JITTER * chance) * 1000);
}

/** The fewer tasks are known, the less the short ones among them say about the next. */
function earliestEnd(known: readonly number[]): number | undefined {
  const early = [...known].sort((a, b) => a - b)[Math.floor(known.length * EARLY_SHARE)];
  return early === undefined ? undefined : early * (known.length / (known.length + DOUBTFUL));
}

function firstLook({ known }: Looks, { pollFirst, isFirstFixed }: Pace): number {
  return isFirstFixed ? pollFirst : Math.max(pollFirst, earliestEnd(known) ?? 0);
}

function betweenLooks({ ageSeconds, known }: Looks, { pollEvery }: Pace): number {
  const toEarliest = (earliestEnd(known) ?? EARLIEST_END) - ageSeconds;
  return Math.min(pollEvery, Math.max(toEarliest, SHARE * ageSeconds, LEAST_SECONDS));
}

function backoff(failed: number, { pollEvery }: Pace): number {
  return Math.min(pollEvery * 2 ** failed, Math.max(pollEvery, LONGEST_BACKOFF_SECONDS));
}
