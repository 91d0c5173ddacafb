import type { FileHandle } from "node:fs/promises";

/** A box of an ISO base media file (mp4, mov), with offsets in the file. */
export interface Box {
  readonly type: string;
  /** Where its content begins. */
  readonly body: number;
  readonly end: number;
}

/**
 * The boxes between two offsets, in order. A box may claim to end beyond `end`; that is for the caller to judge.
 * Throws on a box that claims to be smaller than its own header.
 */
async function* readBoxes(file: FileHandle, start: number, end: number): AsyncGenerator<Box> {
  for (let at = start; at + 8 <= end;) {
    const header = await readAt(file, at, 16);
    if (header.length < 8) return;
    const type = header.toString("latin1", 4, 8);
    const small = header.readUInt32BE(0);
    // 0 stands for "to the end", 1 for a 64-bit size behind the type.
    const size = small === 0 ? end - at : small === 1 && header.length === 16 ? longSize(header) : small;
    const body = at + (small === 1 ? 16 : 8);
    if (at + size < body) throw new Error(`the "${type}" box has an impossible size`);
    yield { type, body, end: at + size };
    at += size;
  }
}

function longSize(header: Buffer): number {
  return Number(header.readBigUInt64BE(8));
}

const CONTAINERS = new Set(["moov", "trak", "mdia", "minf", "stbl", "edts", "dinf", "mfra", "moof", "traf"]);
const MOST_BOXES = 10_000;

/** All boxes of a movie's index and the containers among them, depth first. Throws when there are absurdly many. */
export async function* readIndex(file: FileHandle, start: number, end: number): AsyncGenerator<Box> {
  let left = MOST_BOXES;
  const inside = async function* (from: number, to: number): AsyncGenerator<Box> {
    for await (const box of readBoxes(file, from, to)) {
      if (left-- === 0) throw new Error("the index has too many boxes");
      yield box;
      if (CONTAINERS.has(box.type)) yield* inside(box.body, Math.min(box.end, to));
    }
  };
  yield* inside(start, end);
}

/** Up to `length` bytes; fewer at the end of the file. */
export async function readAt(file: FileHandle, at: number, length: number): Promise<Buffer> {
  const { buffer, bytesRead } = await file.read(Buffer.alloc(length), 0, length, at);
  return buffer.subarray(0, bytesRead);
}
