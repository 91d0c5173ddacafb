import { createHash } from "node:crypto";

/** Numbers from 0 to 1 that look random and are the same for the same text. */
export type Chance = () => number;

export function chanceOf(text: string): Chance {
  let state = createHash("sha256").update(text).digest().readUInt32LE(0);
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}

export function between(chance: Chance, from: number, to: number): number {
  return from + (to - from) * chance();
}

export function pick<T>(chance: Chance, choices: readonly [T, ...T[]]): T {
  return choices[Math.floor(chance() * choices.length)] ?? choices[0];
}

/** A smooth line through random heights from 0 to 1, one at each whole `x`, with finer lines upon it. */
export function roughLine(chance: Chance, octaves: number): (x: number) => number {
  const heights = Array.from({ length: 256 }, chance);
  const at = (x: number): number => {
    const i = Math.floor(x);
    const t = x - i;
    const a = heights[i & 255] ?? 0;
    const b = heights[(i + 1) & 255] ?? 0;
    return a + (b - a) * t * t * (3 - 2 * t);
  };
  return (x) => {
    let [sum, weight, total] = [0, 1, 0];
    for (let octave = 0; octave < octaves; octave++) {
      sum += weight * at(x * 2 ** octave + octave * 37);
      total += weight;
      weight /= 2.1;
    }
    return sum / total;
  };
}
