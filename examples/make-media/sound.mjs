// Sounds by arithmetic: mono, 16 kHz, 16 bit.
import { random } from "./draw.mjs";

const RATE = 16000;

/** Samples in -1..1 as the bytes of a WAV file, with soft ends and a level that is always the same. */
function wav(samples) {
  const peak = samples.reduce((most, s) => Math.max(most, Math.abs(s)), 0.001);
  const fade = RATE * 0.08;
  const bytes = Buffer.alloc(44 + samples.length * 2);
  bytes.write("RIFF", 0);
  bytes.writeUInt32LE(36 + samples.length * 2, 4);
  bytes.write("WAVEfmt ", 8);
  [
    [16, 4],
    [1, 2],
    [1, 2],
    [RATE, 4],
    [RATE * 2, 4],
    [2, 2],
    [16, 2],
  ].reduce((at, [value, size]) => bytes.writeUIntLE(value, at, size), 16);
  bytes.write("data", 36);
  bytes.writeUInt32LE(samples.length * 2, 40);
  samples.forEach((sample, i) => {
    const edge = Math.min(1, i / fade, (samples.length - 1 - i) / fade);
    bytes.writeInt16LE(Math.round((sample / peak) * edge * 0.7 * 32767), 44 + 2 * i);
  });
  return bytes;
}

/** `seconds` of sound from a function of time. */
const make = (seconds, sample) =>
  wav(Float64Array.from({ length: seconds * RATE }, (_, i) => sample(i / RATE)));

/** Noise through a one-pole low pass; the cutoff may change while it runs. */
function noise(seed) {
  const next = random(seed);
  let low = 0;
  return (cutoff) => (low += (1 - Math.exp((-2 * Math.PI * cutoff) / RATE)) * (next() * 2 - 1 - low));
}

/** Surf: a deep rumble, and a breaker that swells, breaks and hisses back. */
export function waves() {
  const [deep, body, hiss] = [noise(1), noise(2), noise(3)];
  return make(4, (t) => {
    const swell = Math.sin((Math.PI * t) / 4) ** 2;
    const crash = Math.exp(-(((t - 1.7) / 0.55) ** 2)) + 0.6 * Math.exp(-(((t - 3.1) / 0.4) ** 2));
    return (
      2 * deep(120) * (0.5 + swell) +
      body(500 + 1500 * crash) * (0.3 + crash) +
      0.25 * hiss(6000) * (0.1 + crash)
    );
  });
}

/** Rain on a roof: a soft hiss and single drops. */
export function rain() {
  const [hiss, room] = [noise(11), noise(12)];
  const next = random(13);
  const drops = Array.from({ length: 90 }, () => [next() * 3, 900 + 1900 * next(), 0.1 + 0.5 * next() ** 3]);
  return make(3, (t) =>
    drops.reduce(
      (sum, [at, pitch, level]) =>
        t < at || t > at + 0.05
          ? sum
          : sum + level * Math.exp(-(t - at) * 110) * Math.sin(2 * Math.PI * pitch * (t - at)),
      0.45 * hiss(5000) + 0.8 * room(250),
    ),
  );
}

/** A brook: bubbles whose pitch rises, over running water. */
export function brook() {
  const [run, low] = [noise(21), noise(22)];
  const next = random(23);
  const bubbles = Array.from({ length: 110 }, () => [
    next() * 3,
    350 + 900 * next() ** 2,
    0.1 + 0.4 * next() ** 2,
    20 + 40 * next(),
  ]);
  return make(3, (t) =>
    bubbles.reduce(
      (sum, [at, pitch, level, decay]) => {
        const s = t - at;
        return s < 0 || s > 0.2
          ? sum
          : sum + level * Math.exp(-s * decay) * Math.sin(2 * Math.PI * pitch * s * (1 + 3 * s));
      },
      0.5 * run(1800) + 0.5 * low(300),
    ),
  );
}

/** Four notes on wood and a warm chord: the sound of a brand. */
export function jingle() {
  const notes = [
    [0, 392],
    [0.28, 523.25],
    [0.56, 659.25],
    [0.98, 783.99],
    [0.98, 523.25],
    [0.98, 261.63],
  ];
  const pluck = (s, f) =>
    s < 0
      ? 0
      : Math.min(1, s * 400) *
        (Math.exp(-2.6 * s) * Math.sin(2 * Math.PI * f * s) +
          0.35 * Math.exp(-14 * s) * Math.sin(8 * Math.PI * f * s));
  return make(3, (t) =>
    notes.reduce((sum, [at, f]) => sum + pluck(t - at, f) + 0.25 * pluck(t - at - 0.19, f), 0),
  );
}
