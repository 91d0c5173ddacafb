/** How many tasks the service is believed to take at once. Times in milliseconds since 1970. */
export interface Flow {
  /** Asked for by a person: never passed. */
  readonly ceiling: number;
  /** What was left when the service had last refused. */
  readonly lowered: number;
  readonly loweredAt: number;
  /** Nothing is sent before. */
  readonly pausedUntil: number;
  /** Refusals since a request was last accepted. */
  readonly refusals: number;
}

/** A request that was refused since there are too many. */
export interface Refusal {
  /** When it was sent, and when it was refused. */
  readonly begun: number;
  readonly now: number;
  /** What the service asks to wait. */
  readonly retryAfterMs?: number;
  /** From 0 to 1. */
  readonly chance: number;
}

/** One place more comes back after each such time without a refusal. */
const RECOVERY_MS = 60_000;
const LONGEST_PAUSE_MS = 60_000;
/** Of a pause, how much chance may add: whoever shares the account was refused at the same moment. */
const JITTER = 0.25;

export function openFlow(ceiling: number): Flow {
  return { ceiling, lowered: ceiling, loweredAt: 0, pausedUntil: 0, refusals: 0 };
}

/** How many tasks may be in flight now; 0 in a pause. */
export function placesAt({ ceiling, lowered, loweredAt, pausedUntil }: Flow, now: number): number {
  if (now < pausedUntil) return 0;
  return Math.min(ceiling, lowered + Math.floor(Math.max(0, now - loweredAt) / RECOVERY_MS));
}

/** When there will be more places without anything happening; `Infinity` when all are there. */
export function nextPlaceAt(flow: Flow, now: number): number {
  if (now < flow.pausedUntil) return flow.pausedUntil;
  if (placesAt(flow, now) >= flow.ceiling) return Infinity;
  return flow.loweredAt + (Math.floor((now - flow.loweredAt) / RECOVERY_MS) + 1) * RECOVERY_MS;
}

/**
 * Half as many as before, at least one, and a pause. Several requests that were under way together are one sign and
 * not several: only what was sent after the last lowering lowers again.
 */
export function afterRefusal(flow: Flow, { begun, now, retryAfterMs, chance }: Refusal): Flow {
  const isNews = begun >= flow.loweredAt || flow.refusals === 0;
  const refusals = isNews ? flow.refusals + 1 : flow.refusals;
  const asked = retryAfterMs ?? Math.min(LONGEST_PAUSE_MS, 1000 * 2 ** refusals);
  const pausedUntil = Math.max(flow.pausedUntil, now + Math.round(asked * (1 + JITTER * chance)));
  if (!isNews) return { ...flow, pausedUntil };
  const before = placesAt({ ...flow, pausedUntil: 0 }, now);
  return { ...flow, lowered: Math.max(1, Math.floor(before / 2)), loweredAt: now, pausedUntil, refusals };
}

export function afterAcceptance(flow: Flow): Flow {
  return flow.refusals === 0 ? flow : { ...flow, refusals: 0 };
}
