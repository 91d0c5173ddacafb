import { createReadStream } from "node:fs";
import { open, stat } from "node:fs/promises";
import { EncodedPacketSink, type Input, type InputVideoTrack } from "mediabunny";
import probeImage from "probe-image-size/stream.js";
import type { MediaFacts } from "./facts.ts";
import { readAt } from "./iso-boxes.ts";
import { isoTrouble } from "./iso-check.ts";
import { withInput } from "./input.ts";

/** What the first bytes of a file say that it is; its name says nothing. */
type Family = "image" | "iso" | "other";

/** No header of an image lies further inside; only a TIFF may keep its sizes at the end. */
const IMAGE_BYTES = 64 * 1024 * 1024;
const DEADLINE_MS = 15_000;
const NO_MEDIUM =
  "it is no image (jpeg, png, webp, bmp, tiff, gif), video (mp4, mov) or sound (wav, mp3) that can be read";

/**
 * What a file is, by its content: images (jpeg, png, webp, bmp, tiff, gif), videos and sounds. Width and height
 * are those it is shown with, after its EXIF orientation or rotation. Bytes that cannot be read are `unreadable`
 * and no error; throws only if the file system does (no such file, no permission).
 */
export async function probeMedia(path: string): Promise<MediaFacts> {
  const found = await stat(path);
  const bytes = found.size;
  // A named pipe would hold the reader up for ever.
  if (!found.isFile()) return { kind: "unreadable", bytes, reason: "it is not a file" };
  if (bytes === 0) return { kind: "unreadable", bytes, reason: "the file is empty" };
  let family: Family | undefined;
  try {
    family = await sniff(path);
    if (family === "image") return await imageFacts(path, bytes);
    const trouble = family === "iso" ? await isoTrouble(path, bytes) : undefined;
    if (trouble !== undefined) return { kind: "unreadable", bytes, reason: trouble };
    return await withDeadline(withInput(path, (input) => streamFacts(input, bytes)));
  } catch (error) {
    if (isFileSystemError(error)) throw error;
    // The reader's own words are about its assertions, and ask to be reported to its author.
    const reason = family === "other" ? NO_MEDIUM : "it is damaged";
    return { kind: "unreadable", bytes, reason: error instanceof TooLong ? error.message : reason };
  }
}

class TooLong extends Error {}

function isFileSystemError(error: unknown): boolean {
  return error instanceof Error && "syscall" in error;
}

async function sniff(path: string): Promise<Family> {
  const file = await open(path, "r");
  const head = await readAt(file, 0, 12).finally(() => file.close());
  const latin = head.toString("latin1");
  if (/^(\xff\xd8\xff|\x89PNG|GIF8|BM|II\*\0|MM\0\*)/.test(latin)) return "image";
  if (latin.startsWith("RIFF") && latin.endsWith("WEBP")) return "image";
  return /^(ftyp|moov|mdat|free|skip|wide|pnot)/.test(latin.slice(4)) ? "iso" : "other";
}

async function imageFacts(path: string, bytes: number): Promise<MediaFacts> {
  const source = createReadStream(path, { end: IMAGE_BYTES });
  try {
    const { width, height, type, orientation = 1 } = await probeImage(source);
    const format = type === "jpg" ? "jpeg" : type;
    // Orientations 5 to 8 lie on their side.
    const [shownWidth, shownHeight] = orientation >= 5 ? [height, width] : [width, height];
    return { kind: "image", format, bytes, width: shownWidth, height: shownHeight };
  } catch {
    return { kind: "unreadable", bytes, reason: "it begins like an image, but its size cannot be read" };
  } finally {
    source.destroy();
  }
}

async function streamFacts(input: Input, bytes: number): Promise<MediaFacts> {
  const unreadable = (reason: string): MediaFacts => ({ kind: "unreadable", bytes, reason });
  if (!(await input.canRead())) {
    return unreadable(NO_MEDIUM);
  }
  const format = formatName((await input.getFormat()).name);
  const video = await input.getPrimaryVideoTrack();
  const audio = await input.getPrimaryAudioTrack();
  if (video !== null) return videoFacts(video, format, bytes, audio !== null);
  if (audio === null) return unreadable("it has neither pictures nor sound");
  const seconds = await audio.computeDuration();
  return seconds > 0
    ? { kind: "audio", format, bytes, seconds: round(seconds) }
    : unreadable("its sound is empty");
}

function formatName(name: string): string {
  const short: Record<string, string> = { "QuickTime File Format": "mov", WAVE: "wav" };
  return short[name] ?? name.toLowerCase();
}

async function videoFacts(
  track: InputVideoTrack,
  format: string,
  bytes: number,
  sound: boolean,
): Promise<MediaFacts> {
  const { frames, seconds } = await countPictures(track);
  if (frames === 0 || !(seconds > 0))
    return { kind: "unreadable", bytes, reason: "its video has no pictures" };
  const [width, height] = [await track.getDisplayWidth(), await track.getDisplayHeight()];
  const fps = round(frames / seconds);
  return { kind: "video", format, bytes, width, height, seconds: round(seconds), fps, frames, sound };
}

/** Reads the index only, not the pictures. */
async function countPictures(track: InputVideoTrack): Promise<{ frames: number; seconds: number }> {
  const until = Date.now() + DEADLINE_MS;
  let [frames, first, end] = [0, Infinity, -Infinity];
  for await (const packet of new EncodedPacketSink(track).packets(undefined, undefined, {
    metadataOnly: true,
  })) {
    // Lists of this kind are read without a pause in which a timer could fire.
    if (frames % 4096 === 0 && Date.now() > until) throw new TooLong("it has too many pictures to count");
    frames++;
    first = Math.min(first, packet.timestamp);
    end = Math.max(end, packet.timestamp + packet.duration);
  }
  return { frames, seconds: end - first };
}

async function withDeadline<T>(work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new TooLong("it takes too long to read")), DEADLINE_MS);
  });
  return Promise.race([work, late]).finally(() => clearTimeout(timer));
}

/** Containers count in units of their own, and 5.041666666666667 s says no more than 5.041667. */
function round(value: number): number {
  return Math.round(value * 1e6) / 1e6;
}
