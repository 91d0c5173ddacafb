import type { Take } from "./lock.ts";

/** For the numbers of one side the numbers of the same takes on the other. */
export type TakeMatches = ReadonlyMap<number, number>;

/** Ways to tell that two records are of one take, the surest first. */
const SIGNS: readonly ((take: Take) => string | undefined)[] = [
  ({ provider, task }) => task && `${provider} ${task}`,
  // The request itself. Its answer may be known to one side only.
  ({ provider, body = "", fingerprint, at }) => `${provider} ${body} ${fingerprint} ${at}`,
  ({ fingerprint, clip }) => clip && `${fingerprint} ${clip.sha256}`,
];

/**
 * Which takes of two sides are one. Each has one partner at most: a service that gives the same bytes twice has been
 * paid twice. Two known tasks are two takes, whatever else they share, since no task may be forgotten.
 */
export function matchTakes(from: readonly Take[], to: readonly Take[]): TakeMatches {
  const matches = new Map<number, number>();
  const taken = new Set<Take>();
  const join = (one: Take, other: Take | undefined): void => {
    if (!other) return;
    matches.set(one.take, other.take);
    taken.add(other);
  };
  for (const sign of SIGNS) {
    const isPair = (one: Take, other: Take): boolean =>
      !taken.has(other) && sign(one) !== undefined && sign(one) === sign(other) && !areTwoTasks(one, other);
    // Takes that were sent in the same moment look the same in all but their number.
    const open = from.filter(({ take }) => !matches.has(take));
    for (const one of open)
      join(
        one,
        to.find((other) => other.take === one.take && isPair(one, other)),
      );
    const rest = open.filter(({ take }) => !matches.has(take));
    for (const one of rest)
      join(
        one,
        to.find((other) => isPair(one, other)),
      );
  }
  return matches;
}

function areTwoTasks(one: Take, other: Take): boolean {
  return (
    one.task !== undefined &&
    other.task !== undefined &&
    (one.task !== other.task || one.provider !== other.provider)
  );
}

/** How far a take has come: what one side has learned of it, the other will learn too. */
const PROGRESS: readonly Take["state"][] = ["unknown", "abandoned", "refused", "submitted", "failed", "done"];

/** One record of two of the same take: the one that has come further, with the number of the first. */
export function furtherTake(ours: Take, theirs: Take): Take {
  const isBehind = PROGRESS.indexOf(ours.state) < PROGRESS.indexOf(theirs.state);
  return isBehind ? { ...theirs, take: ours.take } : ours;
}
