import type { GenerationRequest } from "./request.ts";

/** What a request asks for, told by its media and by the wording of its prompt. */
export type ShotKind =
  | "text"
  | "first-frame"
  | "first-and-last-frame"
  | "references"
  | "extend-forward"
  | "extend-backward"
  | "edit"
  | "bridge";

/**
 * The service has no field for continuing or editing a clip: only the prompt tells these tasks apart. An
 * introduction of the media may stand before the wording, so it is looked for at the start of each sentence.
 */
const START = String.raw`(?:^|[.!?。！？：:\n]\s*)`;
const wording = (english: string, chinese: string): RegExp =>
  new RegExp(`${START}(?:${english}|${chinese})`, "iu");

const EXTEND_FORWARD = wording(String.raw`extend video ?1 forward`, "向后延长视频 ?1");
const EXTEND_BACKWARD = wording(String.raw`extend video ?1 backward`, "向前延长视频 ?1");
const EDIT = wording(String.raw`strictly edit video ?1`, "严格编辑视频 ?1");
const BRIDGE = wording(String.raw`video ?1,? then\b`, "视频 ?1[，,]? ?(?:接着|然后接|接)");

export function shotKindOf({ media, prompt }: Pick<GenerationRequest, "media" | "prompt">): ShotKind {
  if (media.some(({ role }) => role === "last_frame")) return "first-and-last-frame";
  if (media.some(({ role }) => role === "first_frame")) return "first-frame";
  const videos = media.filter(({ type }) => type === "video_url").length;
  if (videos > 0 && EXTEND_FORWARD.test(prompt)) return "extend-forward";
  if (videos > 0 && EXTEND_BACKWARD.test(prompt)) return "extend-backward";
  if (videos > 0 && EDIT.test(prompt)) return "edit";
  if (videos > 1 && BRIDGE.test(prompt)) return "bridge";
  return media.length > 0 ? "references" : "text";
}
