import type { Diagnostic } from "../base/diagnostic.ts";
import type { MediaIndex } from "./media-index.ts";
import { checkChain } from "./rules-chain.ts";
import { checkCrop } from "./rules-crop.ts";
import { checkDialogue } from "./rules-dialogue.ts";
import { checkUnusedScenes } from "./rules-film.ts";
import { checkMedia } from "./rules-media.ts";
import { checkPrompt } from "./rules-prompt.ts";
import { checkBridge, checkCounts, checkKinds, checkMentions } from "./rules-references.ts";
import { checkRequestBytes } from "./rules-request.ts";
import { checkSeconds } from "./rules-seconds.ts";
import type { Scene, Storyboard } from "./types.ts";
import type { Board } from "./rules-board.ts";

/** What the service would refuse or do badly, found before anything is sent. */
export function checkRules(storyboard: Storyboard, index: MediaIndex): Diagnostic[] {
  const byId = new Map(storyboard.scenes.map((scene) => [scene.id, scene]));
  const board = { storyboard, byId, index };
  const chains = new Map<string, number>();
  const scenes = storyboard.scenes.flatMap((scene) => checkScene(board, scene, chains));
  return [...checkMedia(storyboard, index), ...scenes, ...checkUnusedScenes(storyboard)];
}

function checkScene(board: Board, scene: Scene, chains: Map<string, number>): readonly Diagnostic[] {
  const { storyboard, byId, index } = board;
  // What a scene lacks is not told where that is the echo of a name that was not found.
  const isWhole = scene.incomplete !== true;
  const words = [...(isWhole ? checkPrompt(scene) : []), ...checkDialogue(scene)];
  if (scene.mode.kind === "text" && scene.references.length === 0) return words;
  return [
    ...words,
    ...(isWhole ? checkCounts(storyboard, scene, index) : []),
    ...checkKinds(storyboard, scene, index),
    ...checkMentions(storyboard, scene),
    ...checkBridge(scene),
    ...checkChain(scene, byId, chains),
    ...checkSeconds(board, scene),
    ...checkRequestBytes(board, scene),
    ...checkCrop(board, scene),
  ];
}
