import { canonicalJson, digestOf, type Digest } from "../base/digest.ts";
import { withoutSecrets } from "../base/secret-links.ts";
import { promptText, type LoweredItem, type LoweredScene, type Role } from "../seedance/lower.ts";
import type { MediaIndex } from "../storyboard/media-index.ts";

/**
 * All that makes a take what it is, and nothing else. Two scenes with the same recipe are the same purchase,
 * on every machine: no path, no name, no time is in it. Documented in `docs/lockfile.md`.
 */
export interface Recipe {
  /** Version of this record: a change of its meaning must not match old takes. */
  readonly recipe: 1;
  readonly model: string;
  readonly resolution: string;
  readonly ratio: string;
  readonly duration: number;
  readonly generate_audio: boolean;
  readonly watermark: boolean;
  /** Only when true, so that scenes without it keep their fingerprint. */
  readonly web_search?: true;
  /** The text as sent: style, introductions and wording are part of it. */
  readonly prompt: string;
  readonly media: readonly RecipeMedium[];
}

/** Bytes by their digest; what cannot be read here by its address. */
export type RecipeMedium = { readonly role: Role } & (
  | { readonly file: Digest }
  | { readonly clip: Digest }
  /** The still is named by the clip it is taken from: PNG bytes may differ between machines, the clip does not. */
  | { readonly frame: "first" | "last"; readonly of: Digest }
  | { readonly url: string }
  | { readonly asset: string }
);

/** The digest of a scene's selected clip; undefined when it is not made yet. */
export type ClipDigest = (scene: string) => Digest | undefined;

/** Undefined as long as a clip that the scene uses does not exist. */
export function recipeOf(
  lowered: LoweredScene,
  index: MediaIndex,
  clipDigest: ClipDigest,
): Recipe | undefined {
  const media = lowered.items.map((item) => recipeMedium(item, index, clipDigest));
  if (media.some((medium) => medium === undefined)) return undefined;
  return {
    recipe: 1,
    model: lowered.model,
    resolution: lowered.resolution,
    ratio: lowered.ratio,
    duration: lowered.duration,
    generate_audio: lowered.generate_audio,
    watermark: lowered.watermark,
    ...(lowered.webSearch && { web_search: true as const }),
    prompt: promptText(lowered),
    media: media as RecipeMedium[],
  };
}

export function fingerprintOf(recipe: Recipe): Digest {
  return digestOf(canonicalJson(recipe));
}

function recipeMedium(
  item: LoweredItem,
  index: MediaIndex,
  clipDigest: ClipDigest,
): RecipeMedium | undefined {
  const { role, source } = item;
  switch (source.kind) {
    case "file": {
      const file = index.get(source.path);
      return file?.kind === "read" ? { role, file: file.digest } : undefined;
    }
    case "url":
      return { role, url: withoutSecrets(source.url) };
    case "library":
      return { role, asset: source.id };
    case "clip": {
      const digest = clipDigest(source.scene);
      return digest === undefined ? undefined : { role, clip: digest };
    }
    case "still": {
      const digest = clipDigest(source.scene);
      return digest === undefined ? undefined : { role, frame: source.which, of: digest };
    }
  }
}
