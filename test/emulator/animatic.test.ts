import { copyFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { bandTop } from "../../src/emulator/animatic/band.ts";
import type { Picture } from "../../src/media/codec.ts";
import { probeMedia } from "../../src/media/probe.ts";
import { outputSize, type FixedRatio } from "../../src/base/sizes.ts";
import { halvesTiff } from "../support/tiff.ts";
import { folders } from "./client.ts";
import {
  clip,
  decoded,
  difference,
  draw,
  film,
  halves,
  image,
  openCodec,
  pixel,
  sound,
  taskId,
  words,
  type Studio,
} from "./drawing.ts";

const { folder, remove } = folders();
let studio: Studio;
const [CITY, TALL, SEA] = [taskId(1), taskId(2), taskId(3)];

beforeAll(async () => {
  studio = { folder: folder(), codec: await openCodec() };
  await film(studio, CITY, [words("A city street at noon.")]);
  await film(studio, SEA, [words("Waves of a stormy sea.")]);
});
afterAll(remove);

const file = (id: string): string => join(studio.folder, `${id}.mp4`);
/** What a clip loses when it is encoded and decoded, and no more. */
const CODEC_LOSS = 3;

describe("what is asked for is what comes", () => {
  test.each(["4:3", "1:1", "3:4", "9:16", "21:9"] as const)(
    "%s has its exact size",
    async (ratio: FixedRatio) => {
      const { pictures } = await draw(studio, [0], [words("A fox.")], { ratio });
      expect(pictures[0]).toMatchObject(outputSize("480p", ratio));
    },
  );

  test("frames, seconds, frame rate and sound", async () => {
    const facts = await probeMedia(file(CITY));
    expect(facts).toMatchObject({ kind: "video", width: 864, height: 496, frames: 97, fps: 24, sound: true });
    expect((await studio.codec.sound(file(CITY))).length).toBeGreaterThan(4 * 48_000);
  });

  test("without generated audio there is no track, and 720p is 720p", async () => {
    const id = taskId(9);
    await film(studio, id, [words("A fox.")], { generate_audio: false, resolution: "720p", ratio: "9:16" });
    expect(await probeMedia(file(id))).toMatchObject({ sound: false, width: 720, height: 1280, frames: 97 });
  });

  test("adaptive follows the first frame, or the first video before any image", async () => {
    await film(studio, TALL, [words("A fox.")], { ratio: "9:16" });
    const square = image("first_frame", halves(400, 410));
    expect((await draw(studio, [0], [square], { ratio: "adaptive" })).pictures[0]).toMatchObject({
      width: 640,
      height: 640,
    });
    const references = [image("reference_image", halves(400, 400)), clip(TALL)];
    const both = await draw(studio, [0], references, { ratio: "adaptive" });
    expect(both.pictures[0]).toMatchObject({ width: 496, height: 864 });
  });

  test("the sound is quiet, never clipped, and silent at both ends", async () => {
    const samples = await studio.codec.sound(file(CITY));
    const loudest = samples.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
    const power = Math.sqrt(samples.reduce((sum, value) => sum + value * value, 0) / samples.length);
    expect(loudest).toBeLessThan(0.6);
    expect(20 * Math.log10(power)).toBeGreaterThan(-30);
    expect(20 * Math.log10(power)).toBeLessThan(-14);
    expect(Math.max(...samples.slice(0, 200).map(Math.abs))).toBeLessThan(0.02);
  });
});

/** How many pixels of the band are as bright as type. */
function ink({ width, height, data }: Picture): number {
  let count = 0;
  for (let at = bandTop({ width, height }) * width * 4; at < data.length; at += 4) {
    if ((data[at] ?? 0) > 200 && (data[at + 1] ?? 0) > 200 && (data[at + 2] ?? 0) > 200) count++;
  }
  return count;
}

describe("the band", () => {
  test("more words are more ink, in Latin and in Chinese", async () => {
    const inkOf = async (text: string): Promise<number> =>
      ink((await draw(studio, [30], [words(text)])).pictures[0] as Picture);
    const none = await inkOf(".");
    expect(await inkOf("The keeper climbs the stairs and lights the lamp.")).toBeGreaterThan(none + 1000);
    expect(await inkOf("守塔人爬上楼梯，点亮了灯，望向远处的海面。")).toBeGreaterThan(none + 1000);
  });

  test("a prompt of a thousand words stays inside, and is quick", async () => {
    const before = Date.now();
    const { pictures } = await draw(studio, [30], [words("lantern ".repeat(1000))]);
    expect(Date.now() - before).toBeLessThan(6000);
    const [picture] = pictures as [Picture];
    for (let y = 0; y < picture.height; y++)
      expect(pixel(picture, 2, y).every((value) => value < 235)).toBe(true);
  });
});

describe("frames", () => {
  test("the clip begins on the first and ends on the last, cut to the picture", async () => {
    const content = [
      words("A fox."),
      image("first_frame", halves(864, 496)),
      image("last_frame", halves(600, 1000, "image/webp")),
    ];
    const { pictures, count } = await draw(studio, [0, 48, -1], content);
    const [first, middle, last] = pictures as [Picture, Picture, Picture];
    expect(count).toBe(97);
    for (const picture of [first, last]) {
      for (const y of [5, 250, 490]) {
        expect(pixel(picture, 20, y)).toEqual([0xc0, 0x20, 0x20].map((value) => expect.closeTo(value, -1)));
        expect(pixel(picture, 840, y)).toEqual([0x20, 0x20, 0xc0].map((value) => expect.closeTo(value, -1)));
      }
    }
    expect(difference(first, middle)).toBeGreaterThan(5);
  });
});

describe("clips as input", () => {
  const FORWARD = words("Extend Video 1 forward: night falls over the forest.");

  test("an extension begins on the last picture of its clip and goes on to its own", async () => {
    const [end] = (await decoded(studio, CITY, [96])) as [Picture];
    const { pictures } = await draw(studio, [0, 1, 50], [FORWARD, clip(CITY)]);
    const [first, second, later] = pictures as [Picture, Picture, Picture];
    expect(difference(first, end)).toBeLessThan(CODEC_LOSS);
    expect(difference(second, end)).toBeLessThan(12);
    expect(difference(later, end)).toBeGreaterThan(15);
  });

  test("an extension backward ends on the first picture of its clip", async () => {
    const [start] = (await decoded(studio, CITY, [0])) as [Picture];
    const { pictures } = await draw(
      studio,
      [40, -1],
      [words("向前延长视频1：黎明之前，森林里。"), clip(CITY)],
    );
    const [early, last] = pictures as [Picture, Picture];
    expect(difference(last, start)).toBeLessThan(CODEC_LOSS);
    expect(difference(early, start)).toBeGreaterThan(15);
  });

  test("an edit shows its clip, visibly changed, and holds its last picture beyond its end", async () => {
    const content = [words("Strictly edit Video 1: a snowstorm at night."), clip(CITY)];
    const { pictures, count } = await draw(studio, [10, 90, -1], content, { duration: 5 });
    const shown = (await decoded(studio, CITY, [10, 90])) as [Picture, Picture];
    expect(count).toBe(121);
    expect(difference(pictures[0] as Picture, shown[0], 0, 0.6)).toBeGreaterThan(8);
    expect(likeness(pictures[0] as Picture, shown[0])).toBeGreaterThan(0.8);
    expect(likeness(pictures[1] as Picture, shown[1])).toBeGreaterThan(0.8);
    expect(likeness(pictures[2] as Picture, shown[1])).toBeGreaterThan(0.8);
  });

  test("a bridge plays its clips whole, with new material between them", async () => {
    const content = [words("Video 1, then the camera dives, then Video 2."), clip(CITY), clip(SEA)];
    const { pictures, count } = await draw(studio, [30, 96, 144, -1], content);
    const [inside, seam, between, last] = pictures as [Picture, Picture, Picture, Picture];
    expect(count).toBe(24 * (4 + 4 + 4) + 1);
    const [cityInside, cityEnd] = (await decoded(studio, CITY, [30, 96])) as [Picture, Picture];
    const [seaEnd] = (await decoded(studio, SEA, [96])) as [Picture];
    expect(difference(inside, cityInside)).toBeLessThan(CODEC_LOSS);
    expect(difference(seam, cityEnd)).toBeLessThan(CODEC_LOSS);
    expect(difference(between, cityEnd)).toBeGreaterThan(10);
    expect(difference(last, seaEnd)).toBeLessThan(CODEC_LOSS);
  });

  test("their seconds are billed as they were asked for", async () => {
    const made = await film({ ...studio, codec: silent(studio) }, "unused", [FORWARD, clip(CITY)]);
    expect(made.inputVideoSeconds).toBe(4);
  });
});

/** A codec that looks at no more than the first picture. */
function silent({ codec }: Studio): Studio["codec"] {
  const encode: Studio["codec"]["encode"] = async ({ pictures }) => {
    for await (const picture of pictures) if (picture) break;
  };
  return { ...codec, encode };
}

/** Correlation of brightness above the band: 1 for the same picture under another light. */
function likeness(a: Picture, b: Picture): number {
  const [xs, ys] = [brightness(a), brightness(b)];
  const mean = (values: number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;
  const [mx, my] = [mean(xs), mean(ys)];
  let [xy, xx, yy] = [0, 0, 0];
  xs.forEach((x, i) => {
    const [dx, dy] = [x - mx, (ys[i] ?? 0) - my];
    xy += dx * dy;
    xx += dx * dx;
    yy += dy * dy;
  });
  return xy / Math.sqrt(xx * yy);
}

function brightness({ width, height, data }: Picture): number[] {
  const found: number[] = [];
  for (let at = 0; at < width * Math.floor(height * 0.6) * 4; at += 16)
    found.push((data[at] ?? 0) + (data[at + 1] ?? 0) + (data[at + 2] ?? 0));
  return found;
}

describe("references", () => {
  const WAVES = `data:audio/wav;base64,${wave(3).toString("base64")}`;

  test("images are shown; what lies elsewhere is drawn as a placeholder and not fetched", async () => {
    const plain = await draw(studio, [40], [words("A fox."), image("reference_image", "asset://asset-1")]);
    const shown = await draw(
      studio,
      [40],
      [
        words("A fox."),
        image("reference_image", halves(400, 300, "image/jpeg")),
        image("reference_image", "https://example.invalid/a.png"),
        image("reference_image", gif()),
        { type: "video_url", video_url: { url: "https://example.invalid/a.mp4" }, role: "reference_video" },
      ],
    );
    expect(difference(plain.pictures[0] as Picture, shown.pictures[0] as Picture, 0, 0.6)).toBeGreaterThan(5);
  });

  test("a TIFF is drawn as the same picture in another format is", async () => {
    const of = async (url: string) =>
      (await draw(studio, [40], [words("A fox."), image("reference_image", url)])).pictures[0] as Picture;
    const bytes = `data:image/tiff;base64,${halvesTiff(400, 300).toString("base64")}`;
    expect(difference(await of(bytes), await of(halves(400, 300)), 0, 0.6)).toBeLessThan(1);
  });

  test("an asset of our own library is drawn from its bytes, whatever its kind", async () => {
    const [still, shot] = ["asset-20260101000000-00001", "asset-20260101000000-00002"];
    const bytes = Buffer.from(halves(400, 300).split(",")[1] ?? "", "base64");
    writeFileSync(join(studio.folder, `${still}.bytes`), bytes);
    copyFileSync(file(CITY), join(studio.folder, `${shot}.bytes`));
    const known = [words("A fox."), image("reference_image", `asset://${still}`)];
    const { pictures: shown } = await draw(studio, [40], known);
    const { pictures: same } = await draw(
      studio,
      [40],
      [words("A fox."), image("reference_image", halves(400, 300))],
    );
    expect(difference(shown[0] as Picture, same[0] as Picture, 0, 0.6)).toBeLessThan(1);
    const video = { type: "video_url", video_url: { url: `asset://${shot}` }, role: "reference_video" };
    const content = [words("Extend Video 1 forward: night falls."), video];
    const [end] = (await decoded(studio, CITY, [96])) as [Picture];
    const { pictures } = await draw(studio, [0], content);
    expect(difference(pictures[0] as Picture, end)).toBeLessThan(CODEC_LOSS);
  });

  test("a referenced sound is heard", async () => {
    const without = await draw(studio, [0], [words("A fox."), image("reference_image", halves(400, 300))]);
    const heard = await draw(
      studio,
      [0],
      [words("A fox."), image("reference_image", halves(400, 300)), sound(WAVES)],
    );
    const power = (samples: Float32Array): number =>
      samples.slice(48_000, 96_000).reduce((sum, value) => sum + value * value, 0);
    expect(power(heard.sound as Float32Array)).toBeGreaterThan(3 * power(without.sound as Float32Array));
  });

  test("a medium that cannot be read names its item", async () => {
    const broken = image("reference_image", "data:image/png;base64,AAAAAAAA");
    await expect(draw(studio, [0], [words("A fox."), broken])).rejects.toThrow(/^content\[1\]: /);
    const gone = { ...clip(taskId(77)) };
    await expect(draw(studio, [0], [words("A fox."), gone])).rejects.toThrow(/^content\[1\]: /);
  });
});

/** A sine of `seconds` as 16-bit mono WAV. */
function wave(seconds: number): Buffer {
  const rate = 16_000;
  const bytes = Buffer.alloc(44 + seconds * rate * 2);
  bytes.write("RIFF", 0);
  bytes.writeUInt32LE(bytes.length - 8, 4);
  bytes.write("WAVEfmt ", 8);
  [16, 0x00010001, rate, rate * 2, 0x00100002].forEach((value, i) => bytes.writeUInt32LE(value, 16 + i * 4));
  bytes.write("data", 36);
  bytes.writeUInt32LE(bytes.length - 44, 40);
  for (let i = 0; i < seconds * rate; i++) bytes.writeInt16LE(16_000 * Math.sin(i / 6), 44 + i * 2);
  return bytes;
}

/** One red pixel. */
function gif(): string {
  const bytes = "474946383961010001008001ff000000ff000021f90404000000002c00000000010001000002024401003b";
  return `data:image/gif;base64,${Buffer.from(bytes, "hex").toString("base64")}`;
}
