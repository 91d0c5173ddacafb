import { diagnose, type Diagnostic } from "../base/diagnostic.ts";
import { AUDIO, base64Bytes, IMAGE, megabytes, REQUEST_BYTES } from "../base/limits.ts";
import { mediaOf } from "./media-index.ts";
import { factsOf, type Board } from "./rules-board.ts";
import { usesOf, type MediaUse, type Scene } from "./types.ts";

interface Part {
  readonly use: MediaUse;
  /** Inside of the request. */
  readonly bytes: number;
}

/** Local pictures and sounds travel inside of the request. Files that are too large alone are told as such. */
export function checkRequestBytes(board: Board, scene: Scene): Diagnostic[] {
  // Without a file there is nothing whose size is known.
  if (board.index.size === 0) return [];
  const { store, handover } = board.storyboard;
  // What is too much goes by the author's bucket, or into the provider's library.
  if (store || handover === "asset-library") return [];
  const parts = usesOf(scene).flatMap((use) => partsOf(use, board));
  if (parts.some(({ bytes }) => Number.isNaN(bytes))) return [];
  let sum = 0;
  const over = parts.find(({ bytes }) => (sum += bytes) > REQUEST_BYTES);
  if (!over) return [];
  const all = parts.reduce((total, { bytes }) => total + bytes, 0);
  const message = `the request of scene \`${scene.id}\` would have ${megabytes(all)}, at most ${megabytes(REQUEST_BYTES)} are taken`;
  return [
    diagnose("request/too-large", over.use.span, message, {
      note: "with this one it is too large",
      help: "make the pictures smaller, use fewer, or name a bucket under `store`; in a request a file is a third larger than on disk",
    }),
  ];
}

function partsOf(use: MediaUse, { storyboard, index }: Board): Part[] {
  return mediaOf(use, storyboard.assets).flatMap((target) => {
    const facts = factsOf(target, index);
    if (facts?.kind !== "image" && facts?.kind !== "audio") return [];
    const isTold = facts.bytes > (facts.kind === "image" ? IMAGE : AUDIO).bytes;
    return [{ use, bytes: isTold ? Number.NaN : base64Bytes(facts.bytes) }];
  });
}
