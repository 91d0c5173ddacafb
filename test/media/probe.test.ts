import { createCanvas } from "@napi-rs/canvas";
import { copyFileSync, readFileSync, writeFileSync } from "node:fs";
import { afterAll, describe, expect, test } from "vitest";
import { probeMedia } from "../../src/media/probe.ts";
import { scratch } from "./drawn.ts";

const { path, remove } = scratch();
afterAll(remove);

const fixture = (name: string) => `test/fixtures/media/${name}`;

function file(name: string, bytes: Uint8Array | string): string {
  writeFileSync(path(name), bytes);
  return path(name);
}

const canvas = createCanvas(40, 30);
const PNG = canvas.encodeSync("png");
const JPEG = canvas.encodeSync("jpeg");
const WEBP = canvas.encodeSync("webp");
const GIF = Buffer.from("47494638396128001e00800000000000ffffff2c0000000028001e000002003b", "hex");

/** A bitmap's headers, 40x30, 24 bits. */
const BMP = Buffer.alloc(54 + 40 * 30 * 3);
BMP.write("BM");
[[2, BMP.length], [10, 54], [14, 40], [18, 40], [22, 30], [26, 1 + (24 << 16)]].forEach(([at = 0, value = 0]) => BMP.writeUInt32LE(value, at)); // prettier-ignore

/** A little-endian TIFF directory: width, height, and the rest of what a reader insists on. */
function tiff(orientation = 1): Buffer {
  const tags = [[256, 40], [257, 30], [258, 8], [259, 1], [262, 1], [273, 8], [274, orientation], [278, 30], [279, 1200]]; // prettier-ignore
  const bytes = Buffer.alloc(8 + 2 + tags.length * 12 + 4 + 1200);
  bytes.write("II*\0", "latin1");
  bytes.writeUInt32LE(8, 4);
  bytes.writeUInt16LE(tags.length, 8);
  tags.forEach(([tag = 0, value = 0], index) => {
    const at = 10 + index * 12;
    bytes.writeUInt16LE(tag, at);
    bytes.writeUInt16LE(4, at + 2);
    bytes.writeUInt32LE(1, at + 4);
    bytes.writeUInt32LE(value, at + 8);
  });
  return bytes;
}

/** The JPEG with an EXIF segment that says how it is to be turned. */
function turnedJpeg(orientation: number): Buffer {
  const directory = Buffer.from("49492a0008000000010012010300010000000000000000000000", "hex");
  directory.writeUInt16LE(orientation, 18);
  const body = Buffer.concat([Buffer.from("Exif\0\0", "latin1"), directory]);
  const head = Buffer.from([0xff, 0xe1, 0, body.length + 2]);
  return Buffer.concat([JPEG.subarray(0, 2), head, body, JPEG.subarray(2)]);
}

/** PCM mono, 16 bits, 8000 Hz. */
function wave(seconds: number): Buffer {
  const data = Buffer.alloc(seconds * 16_000);
  const head = Buffer.from("52494646ffffff0057415645666d74201000000001000100401f0000803e00000200100064617461", "hex"); // prettier-ignore
  const size = Buffer.alloc(4);
  size.writeUInt32LE(data.length);
  return Buffer.concat([head, size, data]);
}

describe("a probe finds out", () => {
  test.each([
    ["png", PNG],
    ["jpeg", JPEG],
    ["webp", WEBP],
    ["gif", GIF],
    ["bmp", BMP],
    ["tiff", tiff()],
  ])("the size of a %s, whatever its name", async (format, bytes) => {
    const facts = await probeMedia(file(`${format}.mp4`, bytes));
    expect(facts).toEqual({ kind: "image", format, bytes: bytes.length, width: 40, height: 30 });
  });

  test.each([1, 3, 6, 8])("how a picture with EXIF orientation %i is shown", async (orientation) => {
    const facts = await probeMedia(file("turned.jpg", turnedJpeg(orientation)));
    const [width, height] = orientation >= 5 ? [30, 40] : [40, 30];
    expect(facts).toMatchObject({ kind: "image", width, height });
  });

  test("pictures, seconds, rate and sound of a video", async () => {
    const facts = await probeMedia(fixture("reordered.mp4"));
    expect(facts).toEqual({
      ...{ kind: "video", format: "mp4", bytes: 24_632, width: 96, height: 64 },
      ...{ seconds: 2.083333, fps: 24, frames: 50, sound: true },
    });
  });

  test("how a turned video is shown", async () => {
    const facts = await probeMedia(fixture("rotated.mov"));
    expect(facts).toMatchObject({
      kind: "video",
      format: "mov",
      width: 48,
      height: 64,
      fps: 30,
      sound: false,
    });
  });

  test("the seconds of sounds", async () => {
    expect(await probeMedia(file("sound.png", wave(3)))).toMatchObject({
      kind: "audio",
      format: "wav",
      seconds: 3,
    });
    const mp3 = await probeMedia(fixture("tone.mp3"));
    if (mp3.kind !== "audio") throw new Error(mp3.kind);
    expect(mp3.seconds).toBeCloseTo(2.5, 1);
  });

  test("the content, though another name is given", async () => {
    copyFileSync(fixture("tone.mp3"), path("tone.jpg"));
    expect(await probeMedia(path("tone.jpg"))).toMatchObject({ kind: "audio", format: "mp3" });
  });
});

describe("bytes that are no medium are unreadable, with a reason", () => {
  test.each([
    ["empty", "", "empty"],
    ["a text", "Once upon a time there was a lighthouse.\n".repeat(50), "no image"],
    ["a drawing in text", '<svg xmlns="http://www.w3.org/2000/svg" width="400" height="400"/>', "no image"],
    ["a playlist that names another file", "#EXTM3U\n#EXTINF:4,\nhttp://127.0.0.1:9/secret.ts\n", "no image"],
    ["the beginning of a PNG", PNG.subarray(0, 12), "size cannot be read"],
    ["zeros", Buffer.alloc(100_000), "no image"],
    [
      "the name of a format only",
      Buffer.from("00000018667479706d703432000000006d70343269736f6d", "hex"),
      "no index",
    ],
    ["an impossible box", Buffer.from("00000002667479706d70343200000000", "hex"), "impossible size"],
  ])("%s", async (title, bytes, reason) => {
    const facts = await probeMedia(file(`${title}.png`, bytes));
    expect(facts).toMatchObject({ kind: "unreadable", reason: expect.stringContaining(reason) as string });
  });

  test("a video that is cut off, wherever it is cut", async () => {
    const whole = readFileSync(fixture("reordered.mp4"));
    for (let length = 1; length < whole.length; length += 997) {
      const facts = await probeMedia(file("cut.mp4", whole.subarray(0, length)));
      expect(facts.kind).toBe("unreadable");
    }
  });

  test("a folder", async () => {
    expect(await probeMedia(path("."))).toMatchObject({ kind: "unreadable", reason: "it is not a file" });
  });

  test("a table that would fill the memory", async () => {
    const trap = readFileSync(fixture("reordered.mp4"));
    trap.writeUInt32BE(0xffffffff, trap.indexOf("ctts") + 12);
    expect(await probeMedia(file("trap.mp4", trap))).toMatchObject({ reason: "its index is damaged" });
  });

  test("any damage to a video's index: an answer, soon, and no error", async () => {
    const whole = readFileSync(fixture("reordered.mp4"));
    const [from, to] = [whole.indexOf("moov"), whole.indexOf("mdat")];
    let seed = 7;
    const random = (below: number) => (seed = (seed * 48_271) % 0x7fffffff) % below;
    for (let round = 0; round < 150; round++) {
      const bytes = Buffer.from(whole);
      for (let count = 0; count < 3; count++) bytes[from + random(to - from)] = random(256);
      const before = performance.now();
      await probeMedia(file("fuzzed.mp4", bytes));
      expect(performance.now() - before).toBeLessThan(5000);
    }
  });

  test("a file that is not there is the file system's error", async () => {
    await expect(probeMedia(path("nothing.png"))).rejects.toThrow("ENOENT");
  });
});
