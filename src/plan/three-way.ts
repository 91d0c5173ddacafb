import { canonicalJson } from "../base/digest.ts";

/** What a side has done with a value since both began with `base`; undefined is a value too: it is not there. */
export interface Sides<T> {
  readonly base: T | undefined;
  readonly ours: T | undefined;
  readonly theirs: T | undefined;
}

/** The value of the side that has changed it; `both` decides where both have, each in its way. */
export function threeWay<T>(sides: Sides<T>, both: (sides: Sides<T>) => T | undefined): T | undefined {
  const { base, ours, theirs } = sides;
  if (isSameValue(ours, theirs) || isSameValue(base, theirs)) return ours;
  if (isSameValue(base, ours)) return theirs;
  return both(sides);
}

type Fields = Readonly<Record<string, unknown>>;

/** The same for each field of a record, all the way down. `ours` stays where both have changed one; `told` its way. */
export function mergeFields(sides: Sides<Fields>, told: (way: string) => void): Fields {
  const { base, ours, theirs } = sides;
  const keys = new Set([...Object.keys(ours ?? {}), ...Object.keys(theirs ?? {})]);
  const merged = [...keys].map((key): [string, unknown] => {
    const field: Sides<unknown> = { base: base?.[key], ours: ours?.[key], theirs: theirs?.[key] };
    return [key, mergeValue(field, (way) => told(way === "" ? key : `${key}.${way}`))];
  });
  return Object.fromEntries(merged.filter(([, value]) => value !== undefined));
}

function mergeValue(sides: Sides<unknown>, told: (way: string) => void): unknown {
  return threeWay(sides, ({ base, ours, theirs }) => {
    if (isFields(ours) && isFields(theirs))
      return mergeFields({ base: isFields(base) ? base : undefined, ours, theirs }, told);
    told("");
    return ours ?? theirs;
  });
}

function isFields(value: unknown): value is Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

export function isSameValue(a: unknown, b: unknown): boolean {
  return a === b || (a !== undefined && b !== undefined && canonicalJson(a) === canonicalJson(b));
}
