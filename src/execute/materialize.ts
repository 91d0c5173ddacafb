import { digestOf } from "../base/digest.ts";
import { leftOutOfRequest } from "../base/limits.ts";
import { MIME_TYPES } from "../base/mime-types.ts";
import { unreachable } from "../base/unreachable.ts";
import type { LoweredItem, LoweredScene } from "../seedance/lower.ts";
import type { MediaIndex } from "../storyboard/media-index.ts";
import type { Medium } from "../storyboard/types.ts";
import type { Take } from "../plan/lock.ts";
import { mediumText } from "../plan/ways.ts";
import type { Handed, HandedMedium, Handover } from "./handover.ts";

export interface MaterializeInput {
  readonly lowered: LoweredScene;
  readonly media: MediaIndex;
  readonly handover: Handover;
  /** The selected take of a scene; every scene that is used has one by now. */
  selected(scene: string): Take | undefined;
  /** The still of a scene, as PNG bytes. */
  still(scene: string, which: "first" | "last"): Promise<Uint8Array>;
  read(path: string): Uint8Array;
}

export type Materialized =
  /** In the order of the scene's items. */
  | { readonly kind: "urls"; readonly urls: readonly string[] }
  | { readonly kind: "unreachable"; readonly message: string };

/** An item with what is known of it here. */
type Part =
  | { readonly kind: "url"; readonly url: string }
  | { readonly kind: "clip"; readonly take: Take | undefined }
  /** `isCarried`: it may travel inside of the request. */
  | {
      readonly kind: "bytes";
      readonly bytes: Uint8Array;
      readonly format: string;
      readonly isCarried: boolean;
    };

/**
 * Gives every medium of a request its URL: pictures and sounds as data as long as they fit, the largest of them and
 * all videos by a link or as an asset of the provider's library.
 */
export async function materialize(input: MaterializeInput): Promise<Materialized> {
  const parts: Part[] = [];
  for (const item of input.lowered.items) parts.push(await partOf(input, item));
  const out = leftOutOfRequest(
    parts.map((part) => (part.kind === "bytes" && part.isCarried ? part.bytes.length : undefined)),
  );
  const urls: string[] = [];
  for (const [i, part] of parts.entries()) {
    const item = input.lowered.items[i] as LoweredItem;
    const handed = await handOver(input, item, part, !out.has(i));
    if (handed.kind === "none")
      return {
        kind: "unreachable",
        message: `${mediumText(item)} cannot be given to the service: ${handed.why}`,
      };
    urls.push(handed.url);
  }
  return { kind: "urls", urls };
}

async function partOf(input: MaterializeInput, item: LoweredItem): Promise<Part> {
  const { source } = item;
  switch (source.kind) {
    case "url":
      return { kind: "url", url: source.url };
    case "library":
      return { kind: "url", url: `asset://${source.id}` };
    case "clip":
      return { kind: "clip", take: input.selected(source.scene) };
    case "still":
      return {
        kind: "bytes",
        bytes: await input.still(source.scene, source.which),
        format: "png",
        isCarried: true,
      };
    case "file": {
      const isCarried = item.type !== "video_url";
      return {
        kind: "bytes",
        bytes: input.read(source.path),
        format: formatOf(input.media, source.path),
        isCarried,
      };
    }
    default:
      return unreachable(source);
  }
}

async function handOver(
  { handover }: MaterializeInput,
  item: LoweredItem,
  part: Part,
  fits: boolean,
): Promise<Handed> {
  switch (part.kind) {
    case "url":
      return part;
    case "clip":
      return part.take ? handover.clipUrl(part.take) : { kind: "none", why: "it is not made yet" };
    case "bytes": {
      const { bytes, format, isCarried } = part;
      if (isCarried && fits) return { kind: "url", url: dataUrl(format, bytes) };
      const medium: HandedMedium = {
        medium: MEDIA[item.type],
        format,
        digest: digestOf(bytes),
        bytes: bytes.length,
        chunks: () => [bytes],
        ...(item.source.kind === "file" && { path: item.source.path }),
      };
      return handover.mediumUrl(medium);
    }
    default:
      return unreachable(part);
  }
}

const MEDIA: Readonly<Record<LoweredItem["type"], Medium>> = {
  image_url: "image",
  video_url: "video",
  audio_url: "audio",
};

/** By content, as it was probed: a name may lie, and the service looks at the bytes. */
function formatOf(media: MediaIndex, path: string): string {
  const file = media.get(path);
  return file?.kind === "read" && "format" in file.facts ? file.facts.format : "";
}

/** The bytes as an address. */
export function dataUrl(format: string, bytes: Uint8Array): string {
  const mime = MIME_TYPES[format] ?? "application/octet-stream";
  return `data:${mime};base64,${Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString("base64")}`;
}
