import { mediaOf, mediumOf, type MediaIndex } from "../storyboard/media-index.ts";
import {
  modeClips,
  targetKey,
  type MediaUse,
  type Medium,
  type Scene,
  type Storyboard,
} from "../storyboard/types.ts";
import { lowerPrompt } from "./lower-prompt.ts";
import type { ContentType, LoweredItem, LoweredScene, MediaSource, Role } from "./lowered.ts";
import { ordinalWords, type Language } from "./wording.ts";

export type { LoweredItem, LoweredScene, Role, TextPiece } from "./lowered.ts";

export function lowerScene(storyboard: Storyboard, scene: Scene, index: MediaIndex): LoweredScene {
  const language = promptLanguage(scene);
  const items = number(collectItems(storyboard, scene, index), language);
  const { settings } = scene;
  return {
    scene: scene.id,
    model: storyboard.model.value,
    resolution: settings.resolution.value,
    ratio: settings.ratio.value,
    duration: settings.duration.value,
    generate_audio: settings.generate_audio.value,
    watermark: settings.watermark.value,
    webSearch: scene.mode.kind === "text" && scene.mode.webSearch,
    text: lowerPrompt({ scene, items, language, assets: storyboard.assets }),
    items,
  };
}

/** The text of the request; `""` when a scene has none. */
export function promptText(lowered: LoweredScene): string {
  return lowered.text.map(({ text }) => text).join("");
}

type Unnumbered = Omit<LoweredItem, "ordinal">;

const CONTENT_TYPES: Record<Medium, ContentType> = {
  image: "image_url",
  video: "video_url",
  audio: "audio_url",
};
const REFERENCE_ROLES: Record<Medium, Role> = {
  image: "reference_image",
  video: "reference_video",
  audio: "reference_audio",
};

function isModeClip({ via }: MediaUse): boolean {
  return via === "extend" || via === "edit" || via === "bridge";
}

function collectItems(storyboard: Storyboard, scene: Scene, index: MediaIndex): Unnumbered[] {
  const { assets } = storyboard;
  const item = (use: MediaUse, source: MediaSource, medium: Medium, role: Role): Unnumbered => {
    const { written, span } = use;
    return { type: CONTENT_TYPES[medium], role, source, key: targetKey(use.target), written, span };
  };
  const referenceItems = (use: MediaUse): Unnumbered[] =>
    mediaOf(use, assets).flatMap((source) => {
      // A library id says nothing of its medium: what is extended, edited or bridged can only be a video.
      const medium = mediumOf(use.target, assets, index) ?? (isModeClip(use) ? "video" : "image");
      return source.kind === "asset" ? [] : [item(use, source, medium, REFERENCE_ROLES[medium])];
    });
  const frameItems = (use: MediaUse, role: Role): Unnumbered[] => {
    const [source] = mediaOf(use, assets);
    return source && source.kind !== "asset" ? [item(use, source, "image", role)] : [];
  };
  const { mode } = scene;
  if (mode.kind === "frames") {
    return [
      ...frameItems(mode.first, "first_frame"),
      ...(mode.last ? frameItems(mode.last, "last_frame") : []),
    ];
  }
  return [...modeClips(mode), ...scene.references].flatMap(referenceItems);
}

/** Counts per kind in content order, as the API does, and puts the kinds in its order. */
function number(items: readonly Unnumbered[], language: Language): LoweredItem[] {
  return (["image_url", "video_url", "audio_url"] as const).flatMap((type) =>
    items
      .filter((item) => item.type === type)
      .map((item, i) => ({ ...item, ordinal: `${ordinalWords(language)[type]}${i + 1}` })),
  );
}

/** Han characters against Latin words: the media are called by the words of the prompt's own language. */
function promptLanguage(scene: Scene): Language {
  const text = [
    ...scene.prompt.map((part) => (part.kind === "text" ? part.text : "")),
    ...scene.dialogue.map(({ says }) => says),
  ].join(" ");
  const han = text.match(/\p{Script=Han}/gu)?.length ?? 0;
  const latin = text.match(/[\p{Script=Latin}]+/gu)?.length ?? 0;
  return han > latin ? "chinese" : "english";
}
