import { createCanvas, ImageData } from "@napi-rs/canvas";
import { writeFile } from "node:fs/promises";
import type { Picture } from "./codec.ts";
import { writeWhole } from "./encoding.ts";

/** Writes a picture without loss: the PNG's pixels are exactly those given. */
export async function writePng(picture: Picture, path: string): Promise<void> {
  const { width, height, data } = picture;
  const canvas = createCanvas(width, height);
  const pixels = new Uint8ClampedArray(data.buffer, data.byteOffset, data.byteLength);
  canvas.getContext("2d").putImageData(new ImageData(pixels, width, height), 0, 0);
  const png = await canvas.encode("png");
  await writeWhole(path, (temporary) => writeFile(temporary, png));
}
