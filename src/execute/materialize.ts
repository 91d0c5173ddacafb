import type { LoweredItem, LoweredScene } from "../seedance/lower.ts";
import type { MediaIndex } from "../storyboard/media-index.ts";
import { WAYS_OUT } from "../plan/reasons.ts";
import type { Take } from "../plan/lock.ts";

/** Ways to give the service bytes that it cannot read from this disk. */
export interface Handover {
  /** The untouched clip of a take, as a URL that the service can fetch; undefined when there is no way. */
  clipUrl(take: Take): Promise<string | undefined>;
  /** A local video, likewise. */
  fileUrl(path: string): Promise<string | undefined>;
}

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

/** Gives every medium of a request its URL: pictures and sounds as data, videos where the service can fetch them. */
export async function materialize(input: MaterializeInput): Promise<Materialized> {
  const urls: string[] = [];
  for (const item of input.lowered.items) {
    const url = await itemUrl(input, item).catch(handoverProblem);
    if (typeof url === "object") return { kind: "unreachable", message: url.message };
    if (url === undefined) return { kind: "unreachable", message: unreachableMessage(item) };
    urls.push(url);
  }
  return { kind: "urls", urls };
}

/** The network's failure on the way of one medium: it stops that scene. One of this machine ends the run. */
export class HandoverFailed extends Error {}

function handoverProblem(error: unknown): HandoverFailed {
  if (error instanceof HandoverFailed) return error;
  throw error;
}

async function itemUrl(input: MaterializeInput, item: LoweredItem): Promise<string | undefined> {
  const { source } = item;
  switch (source.kind) {
    case "url":
      return source.url;
    case "library":
      return `asset://${source.id}`;
    case "clip": {
      const take = input.selected(source.scene);
      return take && input.handover.clipUrl(take);
    }
    case "still":
      return dataUrl("image/png", await input.still(source.scene, source.which));
    case "file":
      if (item.type === "video_url") return input.handover.fileUrl(source.path);
      return dataUrl(mimeType(input.media, source.path), input.read(source.path));
  }
}

const MIME_TYPES: Readonly<Record<string, string>> = {
  jpeg: "image/jpeg",
  jpg: "image/jpeg",
  png: "image/png",
  webp: "image/webp",
  bmp: "image/bmp",
  tiff: "image/tiff",
  gif: "image/gif",
  wav: "audio/wav",
  mp3: "audio/mpeg",
};

/** By content, as it was probed: a name may lie, and the service looks at the bytes. */
function mimeType(media: MediaIndex, path: string): string {
  const file = media.get(path);
  const format = file?.kind === "read" && "format" in file.facts ? file.facts.format : "";
  return MIME_TYPES[format] ?? "application/octet-stream";
}

function dataUrl(mime: string, bytes: Uint8Array): string {
  return `data:${mime};base64,${Buffer.from(bytes).toString("base64")}`;
}

function unreachableMessage({ written, source }: LoweredItem): string {
  const what = source.kind === "clip" ? `the clip of \`${source.scene}\`` : `the video \`${written}\``;
  return `${what} cannot be fetched by the service: ${WAYS_OUT}`;
}
