import type { Diagnostic } from "../base/diagnostic.ts";
import type { MediaIndex } from "./media-index.ts";
import type { Board } from "./rules-board.ts";
import { checkChains } from "./rules-chain.ts";
import { checkCrop } from "./rules-crop.ts";
import { checkDialogue } from "./rules-dialogue.ts";
import { checkUnusedScenes } from "./rules-film.ts";
import { checkAssetLinks, checkLinks } from "./rules-links.ts";
import { checkMedia } from "./rules-media.ts";
import { checkPrompt } from "./rules-prompt.ts";
import { checkBridge, checkCounts, checkKinds, checkMentions } from "./rules-references.ts";
import { checkRequestBytes } from "./rules-request.ts";
import { checkSeconds } from "./rules-seconds.ts";
import { checkStrayMentions } from "./rules-stray.ts";
import { usesOf, type Scene, type Storyboard } from "./types.ts";

type Rule = (board: Board, scene: Scene) => readonly Diagnostic[];

const OF_WORDS: readonly Rule[] = [checkPrompt, checkDialogue];
const OF_WORDS_AND_MEDIA: readonly Rule[] = [
  ...OF_WORDS,
  checkCounts,
  checkKinds,
  checkMentions,
  checkBridge,
  checkSeconds,
  checkRequestBytes,
  checkCrop,
  checkLinks,
];

/** What the service would refuse or do badly, found before anything is sent. */
export function checkRules(storyboard: Storyboard, index: MediaIndex): Diagnostic[] {
  const byId = new Map(storyboard.scenes.map((scene) => [scene.id, scene]));
  const board: Board = { storyboard, byId, index };
  const found: Diagnostic[] = [];
  for (const scene of storyboard.scenes) {
    const rules = usesOf(scene).length > 0 ? OF_WORDS_AND_MEDIA : OF_WORDS;
    for (const rule of rules) for (const diagnostic of rule(board, scene)) found.push(diagnostic);
  }
  return [
    ...checkMedia(storyboard, index),
    ...checkAssetLinks(storyboard),
    ...found,
    ...checkStrayMentions(board),
    ...checkChains(board),
    ...checkUnusedScenes(storyboard),
  ];
}
