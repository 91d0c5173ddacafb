// Pictures and clips for tests: tiny, drawn by arithmetic, and different in every frame.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Picture, PictureCodec } from "../../src/media/codec.ts";
import { openFfmpeg } from "../../src/media/ffmpeg.ts";
import { openNodeAv } from "../../src/media/node-av.ts";

export const SIZE = { width: 96, height: 64 };

/** The grey of picture `index` of the clip `seed`: far enough apart to be told after compression. */
export function greyOf(seed: number, index: number): number {
  return 20 + ((seed * 53 + index * 8) % 216);
}

export function drawn(seed: number, index: number, size = SIZE): Picture {
  const data = new Uint8Array(size.width * size.height * 4).fill(255);
  for (let at = 0; at < data.length; at += 4) data.fill(greyOf(seed, index), at, at + 3);
  return { ...size, data };
}

async function* drawnPictures(seed: number, count: number, size = SIZE): AsyncGenerator<Picture> {
  for (let index = 0; index < count; index++) yield drawn(seed, index, size);
}

export function tone(seconds: number, hertz = 440): Float32Array {
  return Float32Array.from({ length: Math.round(seconds * 48_000) }, (_, at) => {
    return 0.3 * Math.sin((2 * Math.PI * hertz * at) / 48_000);
  });
}

export interface DrawnClip {
  readonly seed: number;
  readonly frames: number;
  readonly size?: typeof SIZE;
  readonly sound?: Float32Array;
}

export async function encodeDrawn(codec: PictureCodec, output: string, clip: DrawnClip): Promise<string> {
  const size = clip.size ?? SIZE;
  await codec.encode({
    ...size,
    fps: 24,
    pictures: drawnPictures(clip.seed, clip.frames, size),
    ...(clip.sound && { sound: clip.sound }),
    output,
  });
  return output;
}

/** The mean of red, green and blue over a picture. */
export function meanOf(picture: Picture): number {
  let sum = 0;
  for (let at = 0; at < picture.data.length; at++) if (at % 4 !== 3) sum += picture.data[at] ?? 0;
  return sum / (picture.width * picture.height * 3);
}

export async function meansOf(pictures: AsyncIterable<Picture>): Promise<number[]> {
  const means: number[] = [];
  for await (const picture of pictures) means.push(meanOf(picture));
  return means;
}

/** A folder of its own for a test file; `remove` in `afterAll`. */
export function scratch(): { path: (name: string) => string; remove: () => void } {
  const folder = mkdtempSync(join(tmpdir(), "storyc-media-"));
  return {
    path: (name) => join(folder, name),
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}

/** Both back ends; `missing` says why one cannot be tested here. */
export const BACK_ENDS = await Promise.all(
  [
    { name: "node-av", open: openNodeAv },
    { name: "ffmpeg", open: () => openFfmpeg() },
  ].map(async ({ name, open }) => {
    try {
      return { name, codec: await open(), missing: "" };
    } catch (error) {
      return { name, codec: undefined, missing: `(not here: ${(error as Error).message})` };
    }
  }),
);
