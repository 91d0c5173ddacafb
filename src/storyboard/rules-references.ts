import { diagnose, type Diagnostic } from "../base/diagnostic.ts";
import { AUDIO, IMAGE, VIDEO } from "../base/limits.ts";
import { mediaOf, mediumOf } from "./media-index.ts";
import type { Board } from "./rules-board.ts";
import { frameUses, modeClips, targetKey, usesOf, type MediaUse, type Medium, type Scene } from "./types.ts";

const MOST: Record<Medium, number> = { image: IMAGE.count, video: VIDEO.count, audio: AUDIO.count };
const SHOWN: Record<Medium, string> = { image: "a picture", video: "a clip", audio: "a sound" };

/** The words of a bridge go from one video to the next: each must be another. */
export function checkBridge(_: Board, { id, mode }: Scene): Diagnostic[] {
  if (mode.kind !== "bridge") return [];
  const first = new Map<string, MediaUse>();
  return mode.clips.flatMap((use): Diagnostic[] => {
    const key = targetKey(use.target);
    const before = first.get(key);
    first.set(key, before ?? use);
    if (!before) return [];
    return [
      diagnose("bridge/same-clip", use.span, `the bridge \`${id}\` joins \`${use.written}\` to itself`, {
        labels: [{ span: before.span, message: "the same clip" }],
        help: "name another clip, or `extend` this one",
      }),
    ];
  });
}

/** Each key is given the medium that it takes, and each reference says which one it is. */
export function checkKinds(board: Board, { mode, references }: Scene): Diagnostic[] {
  return [
    ...modeClips(mode).flatMap((use) => wrongKind(board, use, "video")),
    ...frameUses(mode).flatMap((use) => wrongKind(board, use, "image")),
    ...references.flatMap((use) => unknownKind(board, use)),
  ];
}

/** A use under a key that takes one medium of a kind. */
function wrongKind({ storyboard, index }: Board, use: MediaUse, medium: Medium): readonly Diagnostic[] {
  const { assets } = storyboard;
  const found = mediumOf(use.target, assets, index);
  if (found !== undefined && found !== medium) return [otherKind(use, medium, found)];
  const count = mediaOf(use, assets).length;
  if (count <= 1) return [];
  const message = `\`${use.via}\` takes one picture, \`${use.written}\` has ${count}`;
  const help = "give the path of the one that is meant";
  return [diagnose("media/wrong-kind", use.span, message, { help })];
}

function otherKind(use: MediaUse, medium: Medium, found: Medium): Diagnostic {
  const help =
    use.target.kind === "clip" && medium === "image"
      ? `write \`${use.target.scene}.last_frame\` for a still of it`
      : `refer to ${SHOWN[medium]}`;
  const message = `\`${use.via}\` takes ${SHOWN[medium]}, but \`${use.written}\` is ${SHOWN[found]}`;
  return diagnose("media/wrong-kind", use.span, message, { help });
}

/** The role and the ordinal in the prompt hang on it, and nothing is fetched to find out. */
function unknownKind({ storyboard, index }: Board, { target, via, written, span }: MediaUse): Diagnostic[] {
  if (via !== "references" || (target.kind !== "url" && target.kind !== "library")) return [];
  if (mediumOf(target, storyboard.assets, index) !== undefined) return [];
  const message = `\`${written}\` does not say whether it is a picture, a clip or a sound`;
  const help = `declare it under \`assets\`, such as \`NAME: { image: ${written} }\` (or \`video\`, \`audio\`), and refer to it by that name`;
  return [diagnose("media/unknown-kind", span, message, { help })];
}

export function checkCounts({ storyboard, index }: Board, scene: Scene): Diagnostic[] {
  // One clip to extend or edit is within every limit.
  if (scene.references.length === 0 && scene.mode.kind !== "bridge") return [];
  if (scene.mode.kind === "frames" || scene.incomplete) return [];
  const { assets } = storyboard;
  const media = usesOf(scene).flatMap((use) => {
    const medium = mediumOf(use.target, assets, index);
    return mediaOf(use, assets).map(() => ({ use, medium }));
  });
  const tooMany = (["image", "video", "audio"] as const).flatMap((medium): Diagnostic[] => {
    const ofKind = media.filter((one) => one.medium === medium);
    const extra = ofKind[MOST[medium]];
    if (!extra) return [];
    const message = `scene \`${scene.id}\` refers to ${ofKind.length} ${medium}s, at most ${MOST[medium]} are allowed`;
    const help = "leave the least important ones out";
    return [diagnose("references/too-many", extra.use.span, message, { note: "one too many", help })];
  });
  const sound = media.find(({ medium }) => medium === "audio");
  if (!sound || media.some(({ medium }) => medium !== "audio")) return tooMany;
  const help = "add a picture or a clip, or remove the sound";
  const message = "sound needs a picture or a video beside it";
  return [...tooMany, diagnose("references/audio-alone", sound.use.span, message, { help })];
}

/** An asset with a description is introduced to the model without being mentioned. */
export function checkMentions({ storyboard }: Board, scene: Scene): Diagnostic[] {
  // Beside frames a reference cannot stand at all, which is told.
  if (scene.references.length === 0 || scene.prompt.length === 0 || scene.mode.kind === "frames") return [];
  const mentioned = new Set(scene.prompt.map((part) => (part.kind === "mention" ? part.written : "")));
  const isExplained = ({ target, written }: MediaUse): boolean =>
    target.kind !== "asset" ||
    mentioned.has(written) ||
    storyboard.assets.get(target.asset)?.description !== undefined;
  return scene.references
    .filter((use) => use.via === "references" && !isExplained(use))
    .map(({ span, written }) =>
      diagnose(
        "references/unmentioned",
        span,
        `the prompt of scene \`${scene.id}\` does not mention \`${written}\``,
        {
          labels: scene.promptSpan ? [{ span: firstLine(scene.promptSpan), message: "this prompt" }] : [],
          help: `write \`@${written}\` where it belongs`,
        },
      ),
    );
}

function firstLine(span: NonNullable<Scene["promptSpan"]>): NonNullable<Scene["promptSpan"]> {
  const lineEnd = span.source.text.indexOf("\n", span.start);
  return lineEnd === -1 || lineEnd >= span.end ? span : { ...span, end: lineEnd };
}
