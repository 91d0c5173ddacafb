import { diagnose, type Diagnostic } from "../base/diagnostic.ts";
import { AUDIO, fitsSeconds, fitsSum, VIDEO } from "../base/limits.ts";
import { mediumOf } from "./media-index.ts";
import { factsOf, singleMedium, type Board } from "./rules-board.ts";
import { usesOf, type MediaTarget, type MediaUse, type Scene } from "./types.ts";

/** A medium of known length, and whether its length was looked at already where the file is named. */
interface Timed {
  readonly use: MediaUse;
  readonly seconds: number;
  readonly isClip: boolean;
}

/** All videos of a scene together, and all sounds, may only be so long. What is not known counts nothing. */
export function checkSeconds(board: Board, scene: Scene): Diagnostic[] {
  if (scene.mode.kind === "frames") return [];
  const video = checkSum(board, scene, "video");
  return scene.references.length === 0 ? video : [...video, ...checkSum(board, scene, "audio")];
}

function checkSum(board: Board, scene: Scene, medium: "video" | "audio"): Diagnostic[] {
  const limit = medium === "video" ? VIDEO : AUDIO;
  const timed = timedUses(board, scene, medium, limit.count);
  if (
    fitsSum(secondsOf(timed), limit) ||
    timed.some(({ isClip, seconds }) => !isClip && !fitsSeconds(seconds, limit))
  )
    return [];
  const over = timed.findIndex((_, i) => !fitsSum(secondsOf(timed.slice(0, i + 1)), limit));
  return over === -1 ? [] : [tooLong(scene, medium, timed, over)];
}

/** Those beyond the allowed number are told as too many: what is left without them is looked at. */
function timedUses(board: Board, scene: Scene, medium: "video" | "audio", most: number): Timed[] {
  const { assets } = board.storyboard;
  const timed: Timed[] = [];
  let count = 0;
  for (const use of usesOf(scene)) {
    if (mediumOf(use.target, assets, board.index) !== medium || count++ >= most) continue;
    const one = timedUse(board, use);
    if (one) timed.push(one);
  }
  return timed;
}

function secondsOf(timed: readonly Timed[]): number[] {
  return timed.map(({ seconds }) => seconds);
}

function timedUse(board: Board, use: MediaUse): Timed | undefined {
  const target = singleMedium(use, board);
  const seconds = target && targetSeconds(target, board, 0);
  return seconds === undefined ? undefined : { use, seconds, isClip: target?.kind === "clip" };
}

/** A bridge of bridges is too long from the second round on, and told there. */
const DEEPEST = 3;

function targetSeconds(target: MediaTarget, board: Board, depth: number): number | undefined {
  if (target.kind === "clip") {
    const scene = board.byId.get(target.scene);
    return scene && clipSeconds(scene, board, depth);
  }
  const facts = factsOf(target, board.index);
  return facts && "seconds" in facts ? facts.seconds : undefined;
}

/** Our own clip is as long as was asked for; a bridge holds its sources as well. */
function clipSeconds({ mode, settings }: Scene, board: Board, depth: number): number | undefined {
  const own = settings.duration.value;
  if (typeof own !== "number" || depth > DEEPEST) return undefined;
  if (mode.kind !== "bridge") return own;
  let sum = own;
  for (const clip of mode.clips) {
    const target = singleMedium(clip, board);
    const seconds = target && targetSeconds(target, board, depth + 1);
    if (seconds === undefined) return undefined;
    sum += seconds;
  }
  return sum;
}

function tooLong(scene: Scene, medium: "video" | "audio", timed: readonly Timed[], over: number): Diagnostic {
  const noun = medium === "video" ? "videos" : "sounds";
  const most = (medium === "video" ? VIDEO : AUDIO).sumSeconds;
  const sum = shown(secondsOf(timed).reduce((total, one) => total + one, 0));
  const culprit = timed[over] ?? timed[0];
  const alone = timed.length === 1;
  const message = alone
    ? `the clip that scene \`${scene.id}\` is made from lasts ${sum}, at most ${most} s are allowed`
    : `the ${noun} of scene \`${scene.id}\` last ${sum} together, at most ${most} s are allowed`;
  const others = timed.filter((one) => one !== culprit);
  const labels = others.map(({ use, seconds }) => ({ span: use.span, message: shown(seconds) }));
  const help = alone
    ? "shorten the scene that it comes from, or use a scene before it"
    : "shorten one of them, or leave one out";
  return diagnose("references/too-long", culprit?.use.span ?? scene.span, message, {
    ...(culprit && { note: shown(culprit.seconds) }),
    labels,
    help,
  });
}

function shown(seconds: number): string {
  return `${Number(seconds.toFixed(1))} s`;
}
