import { ImageData, createCanvas, loadImage, type Canvas, type SKRSContext2D } from "@napi-rs/canvas";
import type { Picture } from "../../media/codec.ts";
import type { Size } from "../../base/sizes.ts";
import { setFont } from "./fonts.ts";
import { shorten } from "./text-layout.ts";

/** Longer sides are of no use on any picture that is drawn here, and a photograph of 6000 pixels is slow. */
const MOST_PIXELS = 2048;

/** Decodes an image; not TIFF, which the canvas does not know. Throws when it cannot be read. */
export async function decodeImage(bytes: Buffer): Promise<Canvas> {
  const image = await loadImage(bytes);
  if (!(image.width > 0 && image.height > 0)) throw new Error("the image is empty");
  const { width, height } = fitPixels(image);
  const canvas = createCanvas(width, height);
  canvas.getContext("2d").drawImage(image, 0, 0, canvas.width, canvas.height);
  return canvas;
}

/** The size at which an image is worth decoding. */
export function fitPixels({ width, height }: Size): Size {
  const scale = Math.min(1, MOST_PIXELS / Math.max(width, height));
  return { width: Math.max(1, Math.round(width * scale)), height: Math.max(1, Math.round(height * scale)) };
}

export function isTiff(bytes: Buffer): boolean {
  return /^(II\*\0|MM\0\*)/.test(bytes.toString("latin1", 0, 4));
}

export function canvasOf(picture: Picture): Canvas {
  const canvas = createCanvas(picture.width, picture.height);
  putPicture(canvas, picture, 0, 0);
  return canvas;
}

/** Puts the pixels as they are, without any blending. */
export function putPicture(canvas: Canvas, { width, height, data }: Picture, x: number, y: number): void {
  const bytes = new Uint8ClampedArray(data.buffer as ArrayBuffer, data.byteOffset, data.byteLength);
  canvas.getContext("2d").putImageData(new ImageData(bytes, width, height), x, y);
}

/** The size that covers `size` with the proportions of `from`; even, as the codec wants it. */
export function coverSize(from: Size, size: Size): Size {
  const scale = Math.max(size.width / from.width, size.height / from.height);
  const even = (value: number, least: number): number => Math.max(least, Math.round((value * scale) / 2) * 2);
  return { width: even(from.width, size.width), height: even(from.height, size.height) };
}

/** The middle of the picture, filling `size`. */
export function cover(picture: Canvas, size: Size): Canvas {
  const canvas = createCanvas(size.width, size.height);
  const g = canvas.getContext("2d");
  g.imageSmoothingQuality = "high";
  const scale = Math.max(size.width / picture.width, size.height / picture.height);
  const [width, height] = [picture.width * scale, picture.height * scale];
  g.drawImage(picture, (size.width - width) / 2, (size.height - height) / 2, width, height);
  return canvas;
}

/** Stands in for a picture that cannot be had: says what would be there. */
export function sketch(title: string, note: string, size: Size = { width: 864, height: 496 }): Canvas {
  const scale = Math.min(864 / size.width, 864 / size.height);
  const [width, height] = [Math.ceil(size.width * scale), Math.ceil(size.height * scale)];
  const canvas = createCanvas(width, height);
  const g = canvas.getContext("2d");
  const shade = g.createLinearGradient(0, 0, width, height);
  shade.addColorStop(0, "#2c3440");
  shade.addColorStop(1, "#171b22");
  g.fillStyle = shade;
  g.fillRect(0, 0, width, height);
  g.strokeStyle = "rgba(255,255,255,0.16)";
  g.lineWidth = 2;
  g.strokeRect(24, 24, width - 48, height - 48);
  g.textAlign = "center";
  g.fillStyle = "#ffffff";
  drawLine(g, title, { size: 44, weight: 600, x: width / 2, y: height / 2 - 4 });
  g.fillStyle = "rgba(255,255,255,0.65)";
  drawLine(g, note, { size: 26, weight: 400, x: width / 2, y: height / 2 + 44 });
  return canvas;
}

function drawLine(
  g: SKRSContext2D,
  text: string,
  { size, weight, x, y }: { size: number; weight: number; x: number; y: number },
): void {
  setFont(g, `${text}…`, size, weight);
  const shown = shorten(text, g.canvas.width - 96, (part) => g.measureText(part).width);
  g.fillText(shown, x, y);
}
