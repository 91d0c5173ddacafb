import { open, type FileHandle } from "node:fs/promises";
import { readAt, readIndex, type Box } from "./iso-boxes.ts";

/** No clip has so many pictures: at 24 a second it would last two days. */
const MOST_SAMPLES = 4_000_000;

/**
 * Why an mp4 or mov must not be read any further, if so: it is cut off, or its tables are a trap. Their entries
 * carry repeat counts that a reader expands in memory, so a few damaged bytes can stand for gigabytes.
 */
export async function isoTrouble(path: string, bytes: number): Promise<string | undefined> {
  const file = await open(path, "r");
  try {
    return await findTrouble(file, bytes);
  } catch (error) {
    return (error as Error).message;
  } finally {
    await file.close();
  }
}

async function findTrouble(file: FileHandle, bytes: number): Promise<string | undefined> {
  const damaged = "its index is damaged";
  let index = false;
  let track: Track = {};
  for await (const box of readIndex(file, 0, bytes)) {
    if (box.end > bytes) {
      return `the file is cut off: it should have at least ${box.end} bytes and has ${bytes}`;
    }
    index ||= box.type === "moov";
    if (box.type === "trak") track = {};
    if (!(await readTable(file, box, track)) || expandsTooFar(track)) return damaged;
  }
  return index ? undefined : "it has no index (the file is cut off, or was never finished)";
}

/** What a track's tables claim, as far as it decides how much memory they need. */
interface Track {
  /** Sum of the repeat counts of the durations, and of the display offsets. */
  timed?: number;
  reordered?: number;
  chunks?: number;
  lastChunk?: number;
  samples?: number;
  mostPerChunk?: number;
}

function expandsTooFar(track: Track): boolean {
  const { timed = 0, reordered, chunks, lastChunk = 0, samples, mostPerChunk = 0 } = track;
  // Durations alone stay as they are in memory: a sound may well have a hundred million samples in one entry.
  if (reordered !== undefined && Math.max(timed, reordered) > MOST_SAMPLES) return true;
  if (samples !== undefined && mostPerChunk > samples) return true;
  return chunks !== undefined && lastChunk > chunks;
}

/** Where the entries of a table begin in its box, and how long each is. */
const TABLES: Readonly<Record<string, { count: number; entry: number }>> = {
  stts: { count: 4, entry: 8 },
  ctts: { count: 4, entry: 8 },
  stsc: { count: 4, entry: 12 },
  stco: { count: 4, entry: 4 },
  co64: { count: 4, entry: 8 },
  stss: { count: 4, entry: 4 },
  // Of these the entries may be shorter, or absent, so only their number is looked at.
  stsz: { count: 8, entry: 0 },
  stz2: { count: 8, entry: 0 },
  trun: { count: 4, entry: 0 },
};

/** Notes what a table says of its track; false when it does not fit in its box or is out of all proportion. */
async function readTable(file: FileHandle, box: Box, track: Track): Promise<boolean> {
  const shape = TABLES[box.type];
  if (shape === undefined) return true;
  const head = await readAt(file, box.body, shape.count + 4);
  if (head.length < shape.count + 4) return false;
  const count = head.readUInt32BE(shape.count);
  // One size for all samples is how uncompressed sound is stored, sample by sample.
  const most = box.type === "stsz" && head.readUInt32BE(4) !== 0 ? Infinity : MOST_SAMPLES;
  if (count > most || box.body + head.length + count * shape.entry > box.end) return false;
  await note(box.type, count, track, async (at) => {
    return readColumn(await readAt(file, box.body + head.length, count * shape.entry), shape.entry, at);
  });
  return true;
}

async function note(type: string, count: number, track: Track, column: (at: number) => Promise<number[]>) {
  if (type === "stts") track.timed = sum(await column(0));
  if (type === "ctts") track.reordered = sum(await column(0));
  if (type === "stsc") {
    track.lastChunk = (await column(0)).at(-1) ?? 0;
    track.mostPerChunk = (await column(4)).reduce((most, number) => Math.max(most, number), 0);
  }
  if (type === "stco" || type === "co64") track.chunks = count;
  if (type === "stsz" || type === "stz2") track.samples = count;
}

/** The number at a place in each entry. */
function readColumn(entries: Buffer, length: number, place: number): number[] {
  const column: number[] = [];
  for (let at = 0; at + length <= entries.length; at += length) column.push(entries.readUInt32BE(at + place));
  return column;
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
