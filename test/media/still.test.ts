import { createCanvas, loadImage } from "@napi-rs/canvas";
import { existsSync } from "node:fs";
import { afterAll, describe, expect, test } from "vitest";
import { openCodec } from "../../src/media/child-codec.ts";
import type { Picture, PictureCodec } from "../../src/media/codec.ts";
import { BACK_ENDS, encodeDrawn, scratch } from "./drawn.ts";

const { path, remove } = scratch();
afterAll(remove);

const direct = BACK_ENDS.find(({ codec }) => codec !== undefined)?.codec as PictureCodec;

async function pixels(png: string): Promise<Buffer> {
  const image = await loadImage(png);
  const canvas = createCanvas(image.width, image.height);
  canvas.getContext("2d").drawImage(image, 0, 0);
  return Buffer.from(canvas.getContext("2d").getImageData(0, 0, image.width, image.height).data);
}

async function all(pictures: AsyncIterable<Picture>): Promise<Buffer[]> {
  const copies: Buffer[] = [];
  for await (const picture of pictures) copies.push(Buffer.from(picture.data));
  return copies;
}

describe.skipIf(direct === undefined)("stills, made in a child process", () => {
  test("a still is the first or last frame, exactly", async () => {
    const clip = await encodeDrawn(direct, path("clip.mp4"), { seed: 1, frames: 30 });
    const opened = await openCodec();
    if (opened.kind === "none") throw new Error(opened.reason);
    await opened.codec.still(clip, "first", path("first.png"));
    await opened.codec.still(clip, "last", path("last.png"));
    const frames = await all(direct.pictures(clip));
    expect(Buffer.compare(await pixels(path("first.png")), frames[0] ?? Buffer.alloc(0))).toBe(0);
    expect(Buffer.compare(await pixels(path("last.png")), frames[29] ?? Buffer.alloc(0))).toBe(0);
    expect(frames).toHaveLength(30);
    await opened.codec.close();
  });

  test("a clip that cannot be read is an error and no picture", async () => {
    const opened = await openCodec();
    if (opened.kind === "none") throw new Error(opened.reason);
    await expect(opened.codec.still(import.meta.filename, "last", path("none.png"))).rejects.toThrow();
    expect(existsSync(path("none.png"))).toBe(false);
    await opened.codec.close();
  });

  test("without its entry there is no codec, and the reason is said", async () => {
    const opened = await openCodec(path("nowhere.js"));
    expect(opened).toMatchObject({ kind: "none", reason: expect.stringContaining("nowhere") as string });
  });
});
