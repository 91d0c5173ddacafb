import type { MediaFacts } from "../base/media-facts.ts";
import { mediaOf, type MediaIndex } from "./media-index.ts";
import type { MediaTarget, MediaUse, Scene, Storyboard } from "./types.ts";

/** What a rule may look at beyond its scene. */
export interface Board {
  readonly storyboard: Storyboard;
  readonly byId: ReadonlyMap<string, Scene>;
  readonly index: MediaIndex;
}

/** What is known of a file; undefined for everything that is not a readable file of this computer. */
export function factsOf(target: MediaTarget, index: MediaIndex): MediaFacts | undefined {
  const file = target.kind === "file" ? index.get(target.path) : undefined;
  return file?.kind === "read" && file.facts.kind !== "unreadable" ? file.facts : undefined;
}

/** The one medium behind a use; undefined where there are several or none. */
export function singleMedium(use: MediaUse, { storyboard }: Board): MediaTarget | undefined {
  const media = mediaOf(use, storyboard.assets);
  return media.length === 1 ? media[0] : undefined;
}
