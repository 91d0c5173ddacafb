import { open, rename, rm } from "node:fs/promises";
import type { ClipToEncode, Picture } from "./codec.ts";

/** The settings that every back end encodes with. They are part of what makes the same input the same bytes. */
export const SAMPLE_RATE = 48_000;
/** One AAC frame: 1024 samples. */
export const AAC_FRAME = 1024;
export const SOUND_BITS_PER_SECOND = 96_000;
export const QUALITY = 20;
/** x264 gives other bytes for another number of threads, so it must not follow the number of cores. */
export const THREADS = 2;
/** The slower presets turn on macroblock-tree rate control, which does not repeat itself under load. */
export const PRESET = "ultrafast";

/** Pictures between key frames: two seconds, so that the last picture is found without decoding the clip. */
export function keyFrameEvery(fps: number): number {
  return Math.max(1, Math.round(fps * 2));
}

/** A frame rate as FFmpeg wants it; 23.976 and its kind are multiples of 1000/1001. */
export function rational(fps: number): { num: number; den: number } {
  if (Number.isInteger(fps)) return { num: fps, den: 1 };
  const ntsc = Math.round(fps) * 1000;
  if (Math.abs(ntsc / 1001 - fps) < 0.005) return { num: ntsc, den: 1001 };
  return { num: Math.round(fps * 1000), den: 1000 };
}

/** The number of samples that last as long as so many pictures. */
export function samplesFor(frames: number, fps: number): number {
  const { num, den } = rational(fps);
  return Math.round((frames * den * SAMPLE_RATE) / num);
}

/** Refuses what no H.264 encoder takes before a native library sees it. */
export function checkClip(clip: ClipToEncode): void {
  const { width, height, fps } = clip;
  const even = (n: number) => Number.isInteger(n) && n > 0 && n % 2 === 0;
  if (!even(width) || !even(height)) {
    throw new Error(`cannot encode ${width}x${height}: width and height must be even`);
  }
  if (!(fps > 0 && fps <= 240)) throw new Error(`cannot encode ${fps} pictures per second`);
}

export function checkPicture(picture: Picture, clip: ClipToEncode): void {
  const { width, height, data } = picture;
  if (width !== clip.width || height !== clip.height || data.byteLength !== width * height * 4) {
    throw new Error(
      `cannot encode a picture of ${width}x${height} (${data.byteLength} bytes) in a clip of ${clip.width}x${clip.height}`,
    );
  }
}

let serial = 0;

/**
 * Lets `write` fill a file beside `output`, and gives it its name only when it is whole and on disk. Whatever
 * fails, nothing half-written stays.
 */
export async function writeWhole<T>(output: string, write: (temporary: string) => Promise<T>): Promise<T> {
  const temporary = `${output}.${process.pid}-${++serial}.tmp`;
  try {
    const result = await write(temporary);
    const file = await open(temporary, "r+");
    await file.sync().finally(() => file.close());
    await rename(temporary, output);
    return result;
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
}
