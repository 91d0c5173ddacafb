import type { Source, Span } from "../base/source.ts";

/** Stretches of sources, to be asked quickly whether one of them touches another: a file may have thousands. */
export class SpanSet {
  readonly #bySource = new Map<Source, { starts: number[]; ends: number[] }>();

  constructor(spans: readonly Span[]) {
    for (const { source, start, end } of [...spans].sort((a, b) => a.start - b.start)) {
      const known = this.#bySource.get(source) ?? { starts: [], ends: [] };
      this.#bySource.set(source, known);
      known.starts.push(start);
      // The furthest end so far: of all that begin before a place, only that one matters.
      known.ends.push(Math.max(end, known.ends.at(-1) ?? 0));
    }
  }

  touches({ source, start, end }: Span): boolean {
    const { starts = [], ends = [] } = this.#bySource.get(source) ?? {};
    let [low, high] = [0, starts.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((starts[middle] ?? 0) < end) low = middle + 1;
      else high = middle;
    }
    return low > 0 && (ends[low - 1] ?? 0) > start;
  }
}
