import { createHash } from "node:crypto";
import { existsSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import type { Picture, PictureCodec } from "../../src/media/codec.ts";
import { halvesTiff } from "../support/tiff.ts";
import { BACK_ENDS, SIZE, drawn, encodeDrawn, greyOf, meanOf, meansOf, scratch, tone } from "./drawn.ts";

const { path, remove } = scratch();
afterAll(remove);

const digest = (file: string) => createHash("sha256").update(readFileSync(file)).digest("hex");

describe.each(BACK_ENDS)("$name $missing", ({ name, codec: opened }) => {
  const codec = opened as PictureCodec;
  const file = (title: string) => path(`${name}-${title}.mp4`);

  describe.skipIf(opened === undefined)("as a picture codec", () => {
    test("every picture comes back, once and in order", async () => {
      const clip = await encodeDrawn(codec, file("order"), { seed: 1, frames: 121 });
      const means = await meansOf(codec.pictures(clip));
      expect(means).toHaveLength(121);
      means.forEach((mean, index) => expect(Math.abs(mean - greyOf(1, index))).toBeLessThan(3));
    });

    test("the last picture is the very last frame, pixel by pixel", async () => {
      const clip = await encodeDrawn(codec, file("last"), { seed: 2, frames: 73, sound: tone(5) });
      let last: Picture | undefined;
      for await (const picture of codec.pictures(clip)) last = { ...picture, data: picture.data.slice() };
      const found = await codec.lastPicture(clip);
      expect(Buffer.compare(found.data, last?.data ?? new Uint8Array())).toBe(0);
      expect(Math.abs(meanOf(found) - greyOf(2, 72))).toBeLessThan(3);
    });

    test("the last picture is found where the sound outlasts the pictures", async () => {
      const clip = await encodeDrawn(codec, file("one"), { seed: 3, frames: 1, sound: tone(1) });
      expect(Math.abs(meanOf(await codec.lastPicture(clip)) - greyOf(3, 0))).toBeLessThan(3);
    });

    test("the same input gives the same bytes, alone or beside others", async () => {
      const one = (index: number) =>
        encodeDrawn(codec, file(`same-${index}`), { seed: 4, frames: 49, sound: tone(2) });
      const files = [await one(0), await one(1), ...(await Promise.all([one(2), one(3), one(4)]))];
      expect(new Set(files.map(digest)).size).toBe(1);
    });

    test("colours do not drift when a last picture is encoded again and again", async () => {
      const first = patches();
      let picture = first;
      for (let generation = 0; generation < 6; generation++) {
        const output = file(`drift-${generation}`);
        const still = async function* () {
          for (let count = 0; count < 4; count++) yield picture;
        };
        await codec.encode({ ...SIZE, fps: 24, pictures: still(), output });
        picture = await codec.lastPicture(output);
      }
      for (const channel of [0, 1, 2]) expect(Math.abs(shift(first, picture, channel))).toBeLessThan(1.5);
    });

    test("a TIFF is decoded, scaled to the size that is asked for", async () => {
      const tiff = path(`${name}.tiff`);
      writeFileSync(tiff, halvesTiff(400, 300));
      const { width, height, data } = await codec.image(tiff, { width: 200, height: 150 });
      expect([width, height, data.length]).toEqual([200, 150, 200 * 150 * 4]);
      expect([...data.subarray(0, 4)]).toEqual([0xc0, 0x20, 0x20, 255]);
      expect([...data.subarray(-4)]).toEqual([0x20, 0x20, 0xc0, 255]);
      await expect(codec.image(path("none.tiff"), { width: 200, height: 150 })).rejects.toThrow();
    });

    test("pictures are scaled when a size is given", async () => {
      const clip = await encodeDrawn(codec, file("scaled"), { seed: 5, frames: 3 });
      for await (const picture of codec.pictures(clip, { width: 30, height: 20 })) {
        expect([picture.width, picture.height, picture.data.length]).toEqual([30, 20, 30 * 20 * 4]);
      }
    });

    test.each([12, 24, 25, 30000 / 1001, 60])("%f pictures per second keep their count", async (fps) => {
      const pictures = (async function* () {
        for (let index = 0; index < 37; index++) yield drawn(6, index);
      })();
      const output = file(`fps-${Math.round(fps)}`);
      await codec.encode({ ...SIZE, fps, pictures, output });
      expect(await meansOf(codec.pictures(output))).toHaveLength(37);
    });

    test.each([0.5, 3, 9])(
      "sound of %f s lasts as long as 121 pictures, to within one AAC frame",
      async (seconds) => {
        const sound = tone(seconds);
        const clip = await encodeDrawn(codec, file(`sound-${seconds}`), { seed: 7, frames: 121, sound });
        const samples = await codec.sound(clip);
        expect(samples.length).toBeGreaterThanOrEqual(242_000);
        expect(samples.length).toBeLessThan(242_000 + 1024);
        expect(loudness(samples.subarray(4800, 19_200))).toBeCloseTo(0.3 / Math.SQRT2, 1);
        const end = loudness(samples.subarray(230_000, 240_000));
        if (seconds < 4) expect(end).toBeLessThan(0.01);
        else expect(end).toBeCloseTo(0.3 / Math.SQRT2, 1);
      },
    );

    test("sound stays where it was put", async () => {
      const click = new Float32Array(48_000);
      click.fill(0.8, 24_000, 24_200);
      const clip = await encodeDrawn(codec, file("click"), { seed: 8, frames: 24, sound: click });
      const onset = (await codec.sound(clip)).findIndex((sample) => Math.abs(sample) > 0.4);
      expect(Math.abs(onset - 24_000)).toBeLessThan(48);
    });

    test("a clip without sound has none", async () => {
      const clip = await encodeDrawn(codec, file("mute"), { seed: 9, frames: 5 });
      expect(await codec.sound(clip)).toHaveLength(0);
    });

    test("a failure leaves no file behind", async () => {
      const output = file("failed");
      const failing = (async function* () {
        yield drawn(1, 0);
        throw new Error("the brush broke");
      })();
      await expect(codec.encode({ ...SIZE, fps: 24, pictures: failing, output })).rejects.toThrow(
        "the brush broke",
      );
      expect(existsSync(output)).toBe(false);
      expect(readdirSync(dirname(output)).filter((entry) => entry.includes(".tmp"))).toEqual([]);
    });

    test("sizes that H.264 cannot hold are refused by name", async () => {
      const odd = { seed: 1, frames: 1, size: { width: 33, height: 20 } };
      await expect(encodeDrawn(codec, file("odd"), odd)).rejects.toThrow("33x20");
    });

    test("a file that is no clip is an error, not a crash", async () => {
      await expect(codec.lastPicture(import.meta.filename)).rejects.toThrow();
    });
  });
});

/** Four coloured quarters; chroma is what drifts first. */
function patches(): Picture {
  const colours = [[200, 40, 40], [30, 160, 60], [20, 60, 200], [210, 200, 190]] as const; // prettier-ignore
  const data = new Uint8Array(SIZE.width * SIZE.height * 4).fill(255);
  for (let y = 0; y < SIZE.height; y++) {
    for (let x = 0; x < SIZE.width; x++) {
      const quarter = (y < SIZE.height / 2 ? 0 : 2) + (x < SIZE.width / 2 ? 0 : 1);
      data.set(colours[quarter] ?? [], (y * SIZE.width + x) * 4);
    }
  }
  return { ...SIZE, data };
}

function shift(before: Picture, after: Picture, channel: number): number {
  let sum = 0;
  for (let at = channel; at < before.data.length; at += 4)
    sum += (after.data[at] ?? 0) - (before.data[at] ?? 0);
  return sum / (before.data.length / 4);
}

function loudness(samples: Float32Array): number {
  return Math.sqrt(samples.reduce((sum, sample) => sum + sample * sample, 0) / samples.length);
}
