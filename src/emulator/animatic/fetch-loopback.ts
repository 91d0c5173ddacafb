import { AUDIO, IMAGE, VIDEO } from "../../base/limits.ts";
import type { MediumType } from "../request.ts";

const MOST_BYTES: Readonly<Record<MediumType, number>> = {
  image_url: IMAGE.bytes,
  video_url: VIDEO.bytes,
  audio_url: AUDIO.bytes,
};
const DEADLINE_MS = 20_000;

export function isLoopback(url: string): boolean {
  if (!/^https?:/i.test(url)) return false;
  const { hostname } = new URL(url);
  return hostname === "localhost" || hostname === "[::1]" || /^127(\.\d+){3}$/.test(hostname);
}

/** Reads a file from a server on this machine, such as a bucket's stand-in; throws when it cannot. */
export async function fetchLoopback(url: string, type: MediumType): Promise<Buffer> {
  // A redirect could lead off this machine.
  const answer = await fetch(url, { redirect: "error", signal: AbortSignal.timeout(DEADLINE_MS) });
  if (!answer.ok || !answer.body) throw new Error(`fetching it was answered with ${answer.status}`);
  const pieces: Uint8Array[] = [];
  let total = 0;
  for await (const piece of answer.body as unknown as AsyncIterable<Uint8Array>) {
    total += piece.byteLength;
    if (total > MOST_BYTES[type]) throw new Error(`it is larger than ${MOST_BYTES[type] / 1024 / 1024} MB`);
    pieces.push(piece);
  }
  return Buffer.concat(pieces);
}
