/** What the process tells its caller. */
export const EXIT = {
  done: 0,
  /** The storyboard is wrong. */
  invalid: 1,
  usage: 2,
  /** Some scenes failed or are blocked. */
  incomplete: 3,
  /** Refused by the spend gate. */
  refused: 4,
  /** `plan --exit-code`: there is something to do. */
  changes: 10,
  interrupted: 130,
} as const;

export type Exit = (typeof EXIT)[keyof typeof EXIT];

/** A problem of the call itself, not of the storyboard: one message, and what to do. */
export class UsageError extends Error {}
