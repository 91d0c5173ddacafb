import type { Digest } from "../base/digest.ts";
import type { MediaFacts } from "../base/media-facts.ts";
import type { Asset, AssetMedium, MediaTarget, MediaUse, Medium, Storyboard } from "./types.ts";
import { usesOf } from "./types.ts";

/** What was found at the path of a file. */
export type MediaFile =
  | { readonly kind: "read"; readonly digest: Digest; readonly facts: MediaFacts }
  /** `reason` says why it could not be read, in words; `near` is a file of a similar name beside it. */
  | { readonly kind: "absent"; readonly reason: string; readonly near?: string };

/** Every local file that a storyboard names, by absolute path. */
export type MediaIndex = ReadonlyMap<string, MediaFile>;

/** The files that have to be read before the rules can be checked, with the places that name them. */
export function filesOf(storyboard: Storyboard): Map<string, AssetMedium["span"]> {
  const files = new Map<string, AssetMedium["span"]>();
  const add = (target: MediaTarget, span: AssetMedium["span"]): void => {
    if (target.kind === "file" && !files.has(target.path)) files.set(target.path, span);
  };
  for (const asset of storyboard.assets.values()) for (const { at, span } of asset.media) add(at, span);
  for (const scene of storyboard.scenes) for (const { target, span } of usesOf(scene)) add(target, span);
  return files;
}

const MEDIUM_BY_ENDING: readonly (readonly [RegExp, Medium])[] = [
  [/\.(jpe?g|png|webp|bmp|tiff?|gif)$/i, "image"],
  [/\.(mp4|mov)$/i, "video"],
  [/\.(wav|mp3)$/i, "audio"],
];

/** The medium that a target is; undefined where nobody can know without fetching it. */
export function mediumOf(
  target: MediaTarget,
  assets: ReadonlyMap<string, Asset>,
  index: MediaIndex,
): Medium | undefined {
  switch (target.kind) {
    case "asset":
      return assets.get(target.asset)?.media[0]?.medium;
    case "clip":
      return "video";
    case "still":
      return "image";
    case "file": {
      const file = index.get(target.path);
      if (file?.kind === "read" && file.facts.kind !== "unreadable") return file.facts.kind;
      return mediumByEnding(target.path);
    }
    case "url":
      return mediumByEnding(new URL(target.url).pathname);
    case "library":
      return undefined;
  }
}

function mediumByEnding(path: string): Medium | undefined {
  return MEDIUM_BY_ENDING.find(([ending]) => ending.test(path))?.[1];
}

/** The single media behind a use: an asset may have several pictures. */
export function mediaOf(use: MediaUse, assets: ReadonlyMap<string, Asset>): readonly MediaTarget[] {
  if (use.target.kind !== "asset") return [use.target];
  return assets.get(use.target.asset)?.media.map(({ at }) => at) ?? [];
}
