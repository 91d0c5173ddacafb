import { open } from "node:fs/promises";
import { readAt, readIndex } from "./iso-boxes.ts";

/**
 * Sets the times of writing in an mp4 to zero ("unknown"), in place: the same clips are to give the same film,
 * today and tomorrow. Only fields of fixed length change, so no offset in the file does.
 */
export async function forgetTimes(path: string): Promise<void> {
  const file = await open(path, "r+");
  try {
    const { size } = await file.stat();
    for await (const box of readIndex(file, 0, size)) {
      if (!["mvhd", "tkhd", "mdhd"].includes(box.type)) continue;
      const [version] = await readAt(file, box.body, 1);
      // Creation and modification, each of 32 bits, or of 64 in version 1.
      const length = version === 1 ? 16 : 8;
      await file.write(Buffer.alloc(length), 0, length, box.body + 4);
    }
  } finally {
    await file.close();
  }
}
