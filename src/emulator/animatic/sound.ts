import { SAMPLE_RATE } from "../../media/encoding.ts";
import { between, chanceOf, pick } from "./chance.ts";

/** Seconds in which every sound comes and goes: a cut between two clips must not click. */
const FADE = 0.35;
const PENTATONIC = [0, 2, 4, 7, 9] as const;

/**
 * A quiet chord that swells slowly, about 20 dB below full scale. Its root differs from seed to seed, so that
 * cuts can be heard. Mono, -1 to 1.
 */
export function makePad(seed: string, samples: number, gain = 1): Float32Array {
  const chance = chanceOf(`sound ${seed}`);
  const root = 110 * 2 ** (pick(chance, PENTATONIC) / 12 + (chance() < 0.5 ? 0 : 5 / 12));
  const third = pick(chance, [1.25, 1.2, 1.125]);
  const pad = new Float32Array(samples);
  for (const [ratio, loudness] of [
    [1, 0.085],
    [1.5, 0.06],
    [2, 0.05],
    [third * 2, 0.04],
    [3, 0.018],
  ] as const) {
    addVoice(pad, root * ratio, loudness * gain, between(chance, 0.08, 0.22), chance() * 6);
    addVoice(pad, root * ratio * between(chance, 1.0015, 1.004), loudness * 0.6 * gain, 0.13, chance() * 6);
  }
  return fadeEnds(pad);
}

/** One sine with a slow swell, by rotating a vector: no sine is computed for each sample. */
function addVoice(out: Float32Array, hertz: number, loudness: number, swell: number, phase: number): void {
  const step = (2 * Math.PI * hertz) / SAMPLE_RATE;
  const [cos, sin] = [Math.cos(step), Math.sin(step)];
  let [x, y] = [Math.cos(phase), Math.sin(phase)];
  const block = 256;
  for (let start = 0; start < out.length; start += block) {
    const level = loudness * (0.7 + 0.3 * Math.sin(2 * Math.PI * swell * (start / SAMPLE_RATE) + phase));
    const end = Math.min(out.length, start + block);
    for (let i = start; i < end; i++) {
      out[i] = (out[i] ?? 0) + y * level;
      [x, y] = [x * cos - y * sin, x * sin + y * cos];
    }
  }
}

export function fadeEnds(samples: Float32Array, seconds = FADE): Float32Array {
  const ramp = Math.min(Math.floor(samples.length / 2), Math.round(seconds * SAMPLE_RATE));
  for (let i = 0; i < ramp; i++) {
    const level = 0.5 - Math.cos((Math.PI * i) / ramp) / 2;
    samples[i] = (samples[i] ?? 0) * level;
    samples[samples.length - 1 - i] = (samples[samples.length - 1 - i] ?? 0) * level;
  }
  return samples;
}

/** Adds `from` to `into`, starting at sample `at`, and keeps the sum within -1 to 1. */
export function mixInto(into: Float32Array, from: Float32Array, at: number, gain: number): void {
  const count = Math.min(from.length, into.length - at);
  for (let i = 0; i < count; i++) {
    const sum = (into[at + i] ?? 0) + (from[i] ?? 0) * gain;
    into[at + i] = sum > 1 ? 1 : sum < -1 ? -1 : sum;
  }
}
