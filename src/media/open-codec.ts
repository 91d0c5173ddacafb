import type { PictureCodec } from "./codec.ts";
import { openFfmpeg } from "./ffmpeg.ts";
import { openNodeAv } from "./node-av.ts";

export type OpenedCodec =
  | { readonly kind: "codec"; readonly codec: PictureCodec }
  /** Nothing on this machine decodes and encodes; `reason` says what was tried, for `doctor` and the plan. */
  | { readonly kind: "none"; readonly reason: string };

/** FFmpeg as a library where it loads, since its version is ours and so are its bytes; else one on the machine. */
export async function openPictureCodec(): Promise<OpenedCodec> {
  const reasons: string[] = [];
  for (const open of [openNodeAv, () => openFfmpeg()]) {
    try {
      return { kind: "codec", codec: await open() };
    } catch (error) {
      reasons.push(error instanceof Error ? (error.message.split("\n")[0] ?? "") : String(error));
    }
  }
  return { kind: "none", reason: reasons.join("; ") };
}
