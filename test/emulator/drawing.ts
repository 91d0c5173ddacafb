import { createCanvas } from "@napi-rs/canvas";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { renderClip } from "../../src/emulator/animatic/render-clip.ts";
import type { RenderedClip } from "../../src/emulator/renderer.ts";
import type { ClipToEncode, Picture, PictureCodec } from "../../src/media/codec.ts";
import { openPictureCodec } from "../../src/media/open-codec.ts";

export async function openCodec(): Promise<PictureCodec> {
  const opened = await openPictureCodec();
  if (opened.kind === "none") throw new Error(opened.reason);
  return opened.codec;
}

/** A folder in which clips are made, as the emulator would make them; `ids` are the names of its clips. */
export interface Studio {
  readonly folder: string;
  readonly codec: PictureCodec;
}

interface Content {
  readonly type: string;
  readonly [field: string]: unknown;
}

export const words = (text: string): Content => ({ type: "text", text });
export const image = (role: string, url: string): Content => ({
  type: "image_url",
  image_url: { url },
  role,
});
export const sound = (url: string): Content => ({
  type: "audio_url",
  audio_url: { url },
  role: "reference_audio",
});

/** The URL of a clip of the studio, as if it had been served. */
export const clip = (id: string): Content => ({
  type: "video_url",
  video_url: { url: `http://127.0.0.1:1/files/${id}.mp4` },
  role: "reference_video",
});

export function taskId(number: number): string {
  return `cgt-20260101000000-${String(number).padStart(5, "0")}`;
}

/** Draws and encodes a clip under the id. */
export function film(
  studio: Studio,
  id: string,
  content: Content[],
  settings: object = {},
): Promise<RenderedClip> {
  return renderWith(studio, studio.codec, id, content, settings);
}

/** Draws a clip without encoding it, and answers the pictures at `frames`; a negative frame counts from the end. */
export async function draw(
  studio: Studio,
  frames: readonly number[],
  content: Content[],
  settings: object = {},
): Promise<{ pictures: Picture[]; count: number; sound: Float32Array | undefined }> {
  const all = new Map<number, Picture>();
  let [count, heard]: [number, Float32Array | undefined] = [0, undefined];
  const encode = async (given: ClipToEncode): Promise<void> => {
    heard = given.sound;
    const last = frames.every((frame) => frame >= 0) ? Math.max(...frames) : Infinity;
    for await (const picture of given.pictures) {
      all.set(count, { ...picture, data: Uint8Array.from(picture.data) });
      // Only what may still be asked for is kept: a clip has hundreds of megabytes of pictures.
      if (!frames.includes(count - 1)) all.delete(count - 1);
      if (count++ >= last) break;
    }
  };
  await renderWith(studio, { ...studio.codec, encode }, "unused", content, settings);
  const pictures = frames.map((frame) => all.get(frame < 0 ? count + frame : frame) as Picture);
  return { pictures, count, sound: heard };
}

async function renderWith(
  { folder }: Studio,
  codec: PictureCodec,
  id: string,
  content: Content[],
  settings: object,
): Promise<RenderedClip> {
  const body = join(folder, `${id}.json`);
  const request = {
    model: "seedance-2.0-mini",
    content,
    duration: 4,
    resolution: "480p",
    ratio: "16:9",
    ...settings,
  };
  writeFileSync(body, JSON.stringify(request));
  return renderClip(
    { body, label: "scene", clips: folder, assets: folder, output: join(folder, `${id}.mp4`) },
    codec,
  );
}

/** The decoded pictures of a clip at the frames. */
export async function decoded(studio: Studio, id: string, frames: readonly number[]): Promise<Picture[]> {
  const found: Picture[] = [];
  let at = 0;
  for await (const picture of studio.codec.pictures(join(studio.folder, `${id}.mp4`))) {
    if (frames.includes(at++)) found.push({ ...picture, data: Uint8Array.from(picture.data) });
  }
  return found;
}

/** Mean difference of the colours, 0 to 255, in the rows from `from` to `to` (shares of the height). */
export function difference(a: Picture, b: Picture, from = 0, to = 1): number {
  if (a.width !== b.width || a.height !== b.height) throw new Error("pictures of different sizes");
  let [sum, count] = [0, 0];
  for (
    let at = Math.floor(a.height * from) * a.width * 4;
    at < Math.floor(a.height * to) * a.width * 4;
    at++
  ) {
    if (at % 4 === 3) continue;
    sum += Math.abs((a.data[at] ?? 0) - (b.data[at] ?? 0));
    count++;
  }
  return sum / count;
}

/** An image of two halves, left red and right blue, as a data URL. */
export function halves(
  width: number,
  height: number,
  mime: "image/png" | "image/jpeg" | "image/webp" = "image/png",
): string {
  const canvas = createCanvas(width, height);
  const g = canvas.getContext("2d");
  g.fillStyle = "#c02020";
  g.fillRect(0, 0, width / 2, height);
  g.fillStyle = "#2020c0";
  g.fillRect(width / 2, 0, width / 2, height);
  const bytes = mime === "image/png" ? canvas.toBuffer(mime) : canvas.toBuffer(mime, 95);
  return `data:${mime};base64,${bytes.toString("base64")}`;
}

export function pixel({ width, data }: Picture, x: number, y: number): number[] {
  return [...data.subarray((y * width + x) * 4, (y * width + x) * 4 + 3)];
}
