import { ImageData, createCanvas, loadImage, type Canvas } from "@napi-rs/canvas";
import type { Picture } from "../../media/codec.ts";
import type { Size } from "../../seedance/sizes.ts";
import { setFont } from "./fonts.ts";
import { shorten } from "./text-layout.ts";

/** Longer sides are of no use on any picture that is drawn here, and a photograph of 6000 pixels is slow. */
const MOST_PIXELS = 2048;

/** Decodes an image. Throws when it cannot be read. TIFF is no format that the canvas knows: see `sketch`. */
export async function decodeImage(bytes: Buffer): Promise<Canvas> {
  if (isTiff(bytes)) return sketch("TIFF image", "not drawn in a rehearsal");
  const image = await loadImage(bytes);
  if (!(image.width > 0 && image.height > 0)) throw new Error("the image is empty");
  const scale = Math.min(1, MOST_PIXELS / Math.max(image.width, image.height));
  const canvas = createCanvas(
    Math.max(1, Math.round(image.width * scale)),
    Math.max(1, Math.round(image.height * scale)),
  );
  canvas.getContext("2d").drawImage(image, 0, 0, canvas.width, canvas.height);
  return canvas;
}

function isTiff(bytes: Buffer): boolean {
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
export function sketch(title: string, note: string): Canvas {
  const canvas = createCanvas(864, 496);
  const g = canvas.getContext("2d");
  const shade = g.createLinearGradient(0, 0, 864, 496);
  shade.addColorStop(0, "#2c3440");
  shade.addColorStop(1, "#171b22");
  g.fillStyle = shade;
  g.fillRect(0, 0, 864, 496);
  g.strokeStyle = "rgba(255,255,255,0.16)";
  g.lineWidth = 2;
  g.strokeRect(24, 24, 816, 448);
  g.beginPath();
  g.moveTo(24, 24);
  g.lineTo(840, 472);
  g.moveTo(840, 24);
  g.lineTo(24, 472);
  g.stroke();
  g.fillStyle = "#20262f";
  g.fillRect(90, 176, 684, 144);
  g.textAlign = "center";
  g.fillStyle = "#ffffff";
  setFont(g, title, 44, 600);
  g.fillText(
    shorten(title, 640, (part) => g.measureText(part).width),
    432,
    244,
  );
  g.fillStyle = "rgba(255,255,255,0.65)";
  setFont(g, note, 26, 400);
  g.fillText(
    shorten(note, 640, (part) => g.measureText(part).width),
    432,
    292,
  );
  return canvas;
}
