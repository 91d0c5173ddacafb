import { diagnose, type Diagnostic } from "../base/diagnostic.ts";
import type { Span } from "../base/source.ts";
import { withoutSecrets } from "../base/secret-links.ts";
import type { Board } from "./rules-board.ts";
import { usesOf, type MediaAddress, type MediaTarget, type Scene, type Storyboard } from "./types.ts";

/** Links that let in whoever reads the storyboard, and that will not work for long. */
export function checkLinks(_: Board, scene: Scene): Diagnostic[] {
  return usesOf(scene).flatMap(({ target, span }) => linkAt(target, span));
}

export function checkAssetLinks({ assets }: Storyboard): Diagnostic[] {
  return [...assets.values()].flatMap(({ media }) => media.flatMap(({ at, span }) => linkAt(at, span)));
}

function linkAt(target: MediaAddress | MediaTarget, span: Span): Diagnostic[] {
  if (target.kind !== "url" || withoutSecrets(target.url) === target.url) return [];
  const message = "the link holds a signature or a password, for everyone who can read this file";
  const help = "use a file, an asset of the provider's library, or a link that needs none";
  return [diagnose("media/secret-link", span, message, { help })];
}
