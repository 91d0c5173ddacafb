import type { ContentType } from "./lowered.ts";

/** The languages that the service has words of its own for. */
export type Language = "english" | "chinese";

export function ordinalWords(language: Language): Record<ContentType, string> {
  return language === "chinese"
    ? { image_url: "图片", video_url: "视频", audio_url: "音频" }
    : { image_url: "Image ", video_url: "Video ", audio_url: "Audio " };
}

export interface Wording {
  extend(direction: "forward" | "backward", clip: string): string;
  edit(clip: string): string;
  /** The clips' names with the prompt between them: before it and after it. */
  bridge(clips: readonly string[]): { readonly before: string; readonly after: string };
  introduce(names: readonly string[], asset: string, description: string | undefined): string;
  speak(who: string | undefined, says: string): string;
  /** The speaker's label, with the picture that shows it where there is one. */
  speaker(name: string, ordinal: string | undefined): string;
  readonly separator: string;
  readonly fullStop: string;
  readonly afterTask: string;
}

/**
 * The service has no field for extending or editing: it is these words that tell the tasks apart
 * ("strictly edit Video 1", never "refer to Video 1").
 */
const ENGLISH: Wording = {
  extend: (direction, clip) => `Extend ${clip} ${direction}`,
  edit: (clip) => `Strictly edit ${clip}`,
  bridge: ([first = "", ...others]) =>
    others.length === 1
      ? { before: `${first}, then `, after: `, then ${others[0]}.` }
      : { before: `${[first, ...others].join(", then ")}, joined like this: `, after: "." },
  introduce: (names, asset, description) =>
    `${listed(names, ", ", " and ")} ${names.length > 1 ? "show" : verb(names[0])} ${asset}${description ? `: ${description}` : ""}.`,
  speak: (who, says) => (who ? `${who} says: "${says}"` : `A voice says: "${says}"`),
  speaker: (name, ordinal) => (ordinal ? `${name} (${ordinal})` : name),
  separator: " ",
  fullStop: ".",
  afterTask: ": ",
};

const CHINESE: Wording = {
  extend: (direction, clip) => `${direction === "forward" ? "向后" : "向前"}延长${clip}`,
  edit: (clip) => `严格编辑${clip}`,
  bridge: ([first = "", ...others]) =>
    others.length === 1
      ? { before: `${first}，接着`, after: `，然后接${others[0]}。` }
      : { before: `${[first, ...others].join("，然后接")}，过渡为：`, after: "。" },
  introduce: (names, asset, description) =>
    `${listed(names, "、", "和")}是${asset}${description ? `：${description}` : ""}。`,
  speak: (who, says) => `${who ? `${who}说` : "画外音"}：“${says}”`,
  speaker: (name, ordinal) => (ordinal ? `${name}（${ordinal}）` : name),
  separator: "",
  fullStop: "。",
  afterTask: "：",
};

function listed(names: readonly string[], comma: string, and: string): string {
  const before = names.slice(0, -1).join(comma);
  const last = names.at(-1) ?? "";
  return before === "" ? last : `${before}${and}${last}`;
}

function verb(name: string | undefined): string {
  return name?.startsWith("Audio") ? "is" : "shows";
}

export function wordingOf(language: Language): Wording {
  return language === "chinese" ? CHINESE : ENGLISH;
}
