import { brotliDecompressSync, gunzipSync, inflateSync } from "node:zlib";
import type { Answer } from "../seedance/answer.ts";

/** Answers about tasks have a few kilobytes; what is longer is something else and is not kept. */
export const MOST_ANSWER_BYTES = 4 * 1024 * 1024;

/** Never throws: what cannot be unpacked is read as it is, and then is no answer. */
export function answerOf(status: number, headers: Answer["headers"], bytes: Buffer): Answer {
  return { status, headers, text: unpack(bytes, String(headers["content-encoding"] ?? "")).toString("utf8") };
}

/** We ask for plain text, but some proxies pack it all the same. */
function unpack(bytes: Buffer, encoding: string): Buffer {
  const limit = { maxOutputLength: MOST_ANSWER_BYTES };
  try {
    if (/^(x-)?gzip$/i.test(encoding)) return gunzipSync(bytes, limit);
    if (/^br$/i.test(encoding)) return brotliDecompressSync(bytes, limit);
    if (/^deflate$/i.test(encoding)) return inflateSync(bytes, limit);
  } catch {
    return bytes;
  }
  return bytes;
}
