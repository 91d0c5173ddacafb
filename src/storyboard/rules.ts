import { diagnose, type Diagnostic } from "../base/diagnostic.ts";
import { checkMedia } from "./rules-media.ts";
import { mediumOf, mediaOf, type MediaIndex } from "./media-index.ts";
import { modeClips, type MediaUse, type Medium, type Scene, type Storyboard } from "./types.ts";

const MOST: Record<Medium, number> = { image: 9, video: 3, audio: 3 };
const LONGEST_CHAIN = 3;
const MOST_CHINESE_CHARACTERS = 500;
const MOST_ENGLISH_WORDS = 1000;

/** What the service would refuse or do badly, found before anything is sent. */
export function checkRules(storyboard: Storyboard, index: MediaIndex): Diagnostic[] {
  const byId = new Map(storyboard.scenes.map((scene) => [scene.id, scene]));
  const chains = new Map<string, number>();
  return [
    ...checkMedia(storyboard, index),
    ...storyboard.scenes.flatMap((scene) => [
      // What a scene lacks is not told where that is the echo of a name that was not found.
      ...(scene.incomplete ? [] : [...checkPrompt(scene), ...checkCounts(storyboard, scene, index)]),
      ...checkKinds(storyboard, scene, index),
      ...checkMentions(storyboard, scene),
      ...checkChain(scene, byId, chains),
    ]),
  ];
}

function checkPrompt(scene: Scene): Diagnostic[] {
  const { mode } = scene;
  const needed =
    mode.kind === "text"
      ? "a text scene"
      : mode.kind === "edit"
        ? "an edit"
        : mode.kind === "bridge"
          ? "a bridge"
          : undefined;
  const text = scene.prompt.map((part) => (part.kind === "text" ? part.text : "@")).join("");
  if (needed && text.trim() === "") {
    return [
      diagnose("mode/no-prompt", scene.span, `scene \`${scene.id}\` is ${needed} without a prompt`, {
        help: "add `prompt: …`",
      }),
    ];
  }
  const han = text.match(/\p{Script=Han}/gu)?.length ?? 0;
  const words = text.match(/[\p{Script=Latin}\p{N}]+/gu)?.length ?? 0;
  const long =
    han > MOST_CHINESE_CHARACTERS
      ? `${han} Chinese characters`
      : words > MOST_ENGLISH_WORDS
        ? `${words} words`
        : undefined;
  if (!long || !scene.promptSpan) return [];
  const help = `keep it below ${MOST_CHINESE_CHARACTERS} Chinese characters or ${MOST_ENGLISH_WORDS} English words, or split the scene`;
  return [diagnose("prompt/long", scene.span, `the prompt of scene \`${scene.id}\` has ${long}`, { help })];
}

function checkKinds({ assets }: Storyboard, scene: Scene, index: MediaIndex): Diagnostic[] {
  const { mode } = scene;
  const wanted: { use: MediaUse; medium: Medium }[] = modeClips(mode).map((use) => ({
    use,
    medium: "video",
  }));
  if (mode.kind === "frames") {
    wanted.push(
      ...[mode.first, ...(mode.last ? [mode.last] : [])].map((use) => ({ use, medium: "image" as const })),
    );
  }
  return wanted.flatMap(({ use, medium }) => {
    const found = mediumOf(use.target, assets, index);
    if (found !== undefined && found !== medium) return [wrongKind(use, medium, found)];
    const count = mediaOf(use, assets).length;
    if (count <= 1) return [];
    const help = "give the path of the one that is meant";
    return [
      diagnose(
        "media/wrong-kind",
        use.span,
        `\`${use.via}\` takes one picture, \`${use.written}\` has ${count}`,
        { help },
      ),
    ];
  });
}

function wrongKind(use: MediaUse, medium: Medium, found: Medium): Diagnostic {
  const help =
    use.target.kind === "clip" && medium === "image"
      ? `write \`${use.target.scene}.last_frame\` for a still of it`
      : `refer to ${medium === "image" ? "a picture" : "a clip"}`;
  const shown: Record<Medium, string> = { image: "a picture", video: "a clip", audio: "a sound" };
  const message = `\`${use.via}\` takes ${shown[medium]}, but \`${use.written}\` is ${shown[found]}`;
  return diagnose("media/wrong-kind", use.span, message, { help });
}

function checkCounts({ assets }: Storyboard, scene: Scene, index: MediaIndex): Diagnostic[] {
  if (scene.mode.kind === "frames") return [];
  const uses = [...modeClips(scene.mode), ...scene.references];
  const media = uses.flatMap((use) => {
    const medium = mediumOf(use.target, assets, index);
    return mediaOf(use, assets).map(() => ({ use, medium }));
  });
  const found = (["image", "video", "audio"] as const).flatMap((medium): Diagnostic[] => {
    const ofKind = media.filter((one) => one.medium === medium);
    const extra = ofKind[MOST[medium]];
    if (!extra) return [];
    const message = `scene \`${scene.id}\` refers to ${ofKind.length} ${medium}s, at most ${MOST[medium]} are allowed`;
    return [
      diagnose("references/too-many", extra.use.span, message, {
        note: "one too many",
        help: "leave the least important ones out",
      }),
    ];
  });
  const sound = media.find(({ medium }) => medium === "audio");
  if (!sound || media.some(({ medium }) => medium !== "audio")) return found;
  const help = "add a picture or a clip, or remove the sound";
  return [
    ...found,
    diagnose("references/audio-alone", sound.use.span, "sound needs a picture or a video beside it", {
      help,
    }),
  ];
}

/** An asset with a description is introduced to the model without being mentioned. */
function checkMentions({ assets }: Storyboard, scene: Scene): Diagnostic[] {
  if (scene.prompt.length === 0) return [];
  const mentioned = new Set(scene.prompt.map((part) => (part.kind === "mention" ? part.written : "")));
  const isExplained = ({ target, written }: MediaUse): boolean =>
    target.kind !== "asset" || mentioned.has(written) || assets.get(target.asset)?.description !== undefined;
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

/** Rounds of extension up to and with this scene; told once, where the chain grows too long. */
function checkChain(
  scene: Scene,
  byId: ReadonlyMap<string, Scene>,
  chains: Map<string, number>,
): Diagnostic[] {
  const rounds = chainLength(scene, byId, chains);
  if (rounds !== LONGEST_CHAIN + 1 || scene.mode.kind !== "extend") return [];
  const { clip } = scene.mode;
  return [
    diagnose("extend/long-chain", clip.span, `scene \`${scene.id}\` is the ${rounds}th extension in a row`, {
      note: "each round loses picture quality",
      help: `begin anew from a still: \`first_frame: ${clip.target.kind === "clip" ? clip.target.scene : clip.written}.last_frame\``,
    }),
  ];
}

function chainLength(scene: Scene, byId: ReadonlyMap<string, Scene>, chains: Map<string, number>): number {
  const path = new Set<Scene>();
  let length = 0;
  let circle = false;
  for (let at: Scene | undefined = scene; at?.mode.kind === "extend" && !circle;) {
    const known = chains.get(at.id);
    if (known !== undefined) {
      length = known;
      break;
    }
    path.add(at);
    const { target }: MediaUse = at.mode.clip;
    at = target.kind === "clip" ? byId.get(target.scene) : undefined;
    circle = at !== undefined && path.has(at);
  }
  // A circle is told of as one; it has no length.
  for (const link of [...path].reverse()) chains.set(link.id, circle ? 0 : ++length);
  return circle ? 0 : length;
}
