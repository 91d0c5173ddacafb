import type { MediumType } from "../request.ts";
import type { ShotKind } from "../shot-kind.ts";

type Language = "english" | "chinese";

/** The language that most of a prompt is in: what is drawn around it speaks the same. */
export function languageOf(prompt: string): Language {
  const han = prompt.match(/\p{Script=Han}/gu)?.length ?? 0;
  const latin = prompt.match(/\p{Script=Latin}+/gu)?.length ?? 0;
  return han > latin ? "chinese" : "english";
}

const BADGES: Readonly<Record<ShotKind, Readonly<Record<Language, string>>>> = {
  text: { english: "TEXT", chinese: "文生视频" },
  "first-frame": { english: "FIRST FRAME", chinese: "首帧" },
  "first-and-last-frame": { english: "FIRST → LAST FRAME", chinese: "首帧 → 尾帧" },
  references: { english: "REFERENCES", chinese: "参考生成" },
  "extend-forward": { english: "EXTENDS →", chinese: "向后延长 →" },
  "extend-backward": { english: "← EXTENDS", chinese: "← 向前延长" },
  edit: { english: "EDIT", chinese: "编辑" },
  bridge: { english: "BRIDGE", chinese: "桥接" },
};

export function badgeOf(kind: ShotKind, language: Language): string {
  return BADGES[kind][language];
}

const ORDINALS = {
  image_url: { english: "Image ", chinese: "图片" },
  video_url: { english: "Video ", chinese: "视频" },
  audio_url: { english: "Audio ", chinese: "音频" },
} as const satisfies Record<MediumType, Record<Language, string>>;

/** What the prompt calls the `number`th medium of its kind. */
export function ordinal(type: MediumType, number: number, language: Language): string {
  return `${ORDINALS[type][language]}${number}`;
}
