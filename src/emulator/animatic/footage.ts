import { createCanvas, type Canvas } from "@napi-rs/canvas";
import type { Picture, PictureCodec } from "../../media/codec.ts";
import { FRAMES_PER_SECOND } from "../../base/limits.ts";
import type { Size } from "../../base/sizes.ts";
import type { ClipInput } from "./inputs.ts";
import { canvasOf, cover, coverSize, putPicture } from "./pictures.ts";

/** The pictures of an input clip, filling the stage, at the frame rate of the output. Read forwards only. */
export class Footage {
  private readonly clip: ClipInput;
  private readonly size: Size;
  private readonly pictures: AsyncIterator<Picture> | undefined;
  private readonly plate: Canvas;
  private next = 0;

  constructor(clip: ClipInput, size: Size, codec: PictureCodec) {
    this.clip = clip;
    this.size = size;
    this.plate = createCanvas(size.width, size.height);
    const { width, height } = clip.first;
    const whole = coverSize({ width, height }, size);
    if (clip.path === undefined) this.plate.getContext("2d").drawImage(cover(clip.first, size), 0, 0);
    else this.pictures = codec.pictures(clip.path, whole)[Symbol.asyncIterator]();
  }

  /** The picture for output frame `at`, which may not be before one asked for earlier; after the end, the last. */
  async at(at: number): Promise<Canvas> {
    const wanted = Math.floor((at * this.clip.fps) / FRAMES_PER_SECOND + 1e-6);
    let found: Picture | undefined;
    while (this.pictures && this.next <= wanted) {
      const step = await this.pictures.next();
      this.next = step.done ? Infinity : this.next + 1;
      if (!step.done) found = step.value;
    }
    if (found) {
      const { width, height } = this.size;
      putPicture(
        this.plate,
        found,
        Math.floor((width - found.width) / 2),
        Math.floor((height - found.height) / 2),
      );
    }
    return this.plate;
  }

  async close(): Promise<void> {
    await this.pictures?.return?.();
  }
}

/** The very last picture of a clip, filling the size. */
export async function lastStill(clip: ClipInput, size: Size, codec: PictureCodec): Promise<Canvas> {
  if (clip.path === undefined) return cover(clip.first, size);
  return cover(canvasOf(await codec.lastPicture(clip.path)), size);
}
