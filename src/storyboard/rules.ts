import type { Diagnostic } from "../base/diagnostic.ts";
import type { MediaIndex } from "./media-index.ts";
import { checkChain } from "./rules-chain.ts";
import { checkCrop } from "./rules-crop.ts";
import { checkDialogue } from "./rules-dialogue.ts";
import { checkUnusedScenes } from "./rules-film.ts";
import { checkMedia } from "./rules-media.ts";
import { checkPrompt } from "./rules-prompt.ts";
import { checkCounts, checkKinds, checkMentions } from "./rules-references.ts";
import { checkRequestBytes } from "./rules-request.ts";
import { checkSeconds } from "./rules-seconds.ts";
import type { Storyboard } from "./types.ts";

/** What the service would refuse or do badly, found before anything is sent. */
export function checkRules(storyboard: Storyboard, index: MediaIndex): Diagnostic[] {
  const byId = new Map(storyboard.scenes.map((scene) => [scene.id, scene]));
  const board = { storyboard, byId, index };
  const chains = new Map<string, number>();
  return [
    ...checkMedia(storyboard, index),
    ...storyboard.scenes.flatMap((scene) => [
      // What a scene lacks is not told where that is the echo of a name that was not found.
      ...(scene.incomplete ? [] : [...checkPrompt(scene), ...checkCounts(storyboard, scene, index)]),
      ...checkKinds(storyboard, scene, index),
      ...checkMentions(storyboard, scene),
      ...checkChain(scene, byId, chains),
      ...checkSeconds(board, scene),
      ...checkRequestBytes(board, scene),
      ...checkCrop(board, scene),
      ...checkDialogue(scene),
    ]),
    ...checkUnusedScenes(storyboard),
  ];
}
