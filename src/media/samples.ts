import { AAC_FRAME } from "./encoding.ts";

/** Joins 32-bit float samples into an array of their own: a pooled buffer need not lie on a multiple of four. */
export function toSamples(pieces: readonly Uint8Array[]): Float32Array {
  const total = pieces.reduce((sum, piece) => sum + piece.byteLength, 0);
  const bytes = new Uint8Array(total - (total % 4));
  let at = 0;
  for (const piece of pieces) {
    bytes.set(piece.subarray(0, bytes.length - at), at);
    at += piece.byteLength;
  }
  return new Float32Array(bytes.buffer);
}

/** The samples cut, or padded with silence, to so many whole AAC frames that sample `count` is within them. */
export function fitSamples(samples: Float32Array, count: number): Float32Array {
  const fitted = new Float32Array(Math.ceil(count / AAC_FRAME) * AAC_FRAME);
  fitted.set(samples.subarray(0, count));
  return fitted;
}
