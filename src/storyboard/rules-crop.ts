import { diagnose, type Diagnostic } from "../base/diagnostic.ts";
import { CROP_ADVICE, IMAGE } from "../base/limits.ts";
import { nearestRatio, outputSize, type FixedRatio, type Size } from "../base/sizes.ts";
import { mediumOf } from "./media-index.ts";
import { factsOf, singleMedium, type Board } from "./rules-board.ts";
import { frameUses, modeClips, type MediaTarget, type MediaUse, type Scene } from "./types.ts";

/** A frame of another shape than the clip is cropped by the service, faces and feet included. */
export function checkCrop(board: Board, scene: Scene): Diagnostic[] {
  if (scene.mode.kind !== "frames") return [];
  const { first, last } = scene.mode;
  const { ratio, resolution } = scene.settings;
  const size = outputSize(resolution.value, ratio.value);
  if (size) {
    const shapes = [size, shapeOf(ratio.value)];
    return frameUses(scene.mode).flatMap((use) => cropped(board, scene, use, shapes));
  }
  // An adaptive clip takes the shape of its first frame: only the last one can differ from it.
  const leading = pictureSize(board, first);
  return last && leading ? cropped(board, scene, last, [leading]) : [];
}

/** `shapes`: that of the clip in pixels, and what its ratio is called; the nearer one counts. */
function cropped(board: Board, scene: Scene, use: MediaUse, shapes: readonly Size[]): Diagnostic[] {
  const picture = pictureSize(board, use);
  const [target] = shapes;
  if (!picture || !target || isSame(picture, target)) return [];
  const proportion = picture.width / picture.height;
  // Beyond these the service refuses it, which is told at the file.
  if (proportion < IMAGE.leastRatio || proportion > IMAGE.mostRatio) return [];
  if (Math.min(...shapes.map((shape) => lostPart(picture, shape))) <= CROP_ADVICE) return [];
  const rest = remaining(picture, target);
  const { ratio } = scene.settings;
  const clip = ratio.value === "adaptive" ? "has the shape of its first frame" : `is ${ratio.value}`;
  const lost = percent(lostPart(picture, target));
  const message = `\`${use.written}\` is ${pixels(picture)}, the clip of scene \`${scene.id}\` ${clip}: ${pixels(rest)} of it remain, ${lost} is lost`;
  const way = ratio.value === "adaptive" ? "crop it like the first frame" : wayOut(use, target);
  return [
    diagnose("frames/crop", use.span, message, {
      labels: ratio.span ? [{ span: ratio.span, message: "the shape of the clip" }] : [],
      help: way,
    }),
  ];
}

function wayOut(use: MediaUse, target: Size): string {
  return use.target.kind === "still"
    ? "give both scenes the same `ratio`, or write `ratio: adaptive`"
    : `crop it to ${pixels(target)}, so that you choose what is kept, or write \`ratio: adaptive\``;
}

function isSame(a: Size, b: Size): boolean {
  return a.width === b.width && a.height === b.height;
}

function lostPart(picture: Size, target: Size): number {
  const [a, b] = [picture.width / picture.height, target.width / target.height];
  return 1 - Math.min(a, b) / Math.max(a, b);
}

function remaining({ width, height }: Size, target: Size): Size {
  const proportion = target.width / target.height;
  return width / height > proportion
    ? { width: Math.round(height * proportion), height }
    : { width, height: Math.round(width / proportion) };
}

function pixels({ width, height }: Size): string {
  return `${width}×${height}`;
}

function percent(part: number): string {
  return `${Number((part * 100).toFixed(part < 0.1 ? 1 : 0))} %`;
}

function pictureSize(board: Board, use: MediaUse): Size | undefined {
  const target = singleMedium(use, board);
  if (target?.kind !== "still") {
    const facts = target && factsOf(target, board.index);
    return facts?.kind === "image" ? facts : undefined;
  }
  const scene = board.byId.get(target.scene);
  const ratio = scene && clipRatio(board, scene);
  return ratio && outputSize(scene.settings.resolution.value, ratio);
}

/** The ratio that a clip will have; an adaptive one follows its inputs, as far as they are known. */
function clipRatio(board: Board, scene: Scene): FixedRatio | undefined {
  const seen = new Set<Scene>();
  for (let at: Scene | undefined = scene; at && !seen.has(at);) {
    const { value } = at.settings.ratio;
    if (value !== "adaptive") return value;
    seen.add(at);
    const target: MediaTarget | undefined = leadingMedium(board, at);
    const facts = target && factsOf(target, board.index);
    if (facts && "width" in facts) return nearestRatio(facts.width, facts.height);
    at = target?.kind === "clip" || target?.kind === "still" ? board.byId.get(target.scene) : undefined;
  }
  return undefined;
}

/** The first frame, else the first video, else the first picture. */
function leadingMedium(board: Board, { mode, references }: Scene): MediaTarget | undefined {
  const uses = [...modeClips(mode), ...references];
  const ofKind = (medium: "video" | "image"): MediaUse | undefined =>
    uses.find(({ target }) => mediumOf(target, board.storyboard.assets, board.index) === medium);
  const use = mode.kind === "frames" ? mode.first : (ofKind("video") ?? ofKind("image"));
  return use && singleMedium(use, board);
}

function shapeOf(ratio: string): Size {
  const [width = 1, height = 1] = ratio.split(":").map(Number);
  return { width, height };
}
