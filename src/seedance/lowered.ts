import type { Span } from "../base/source.ts";
import type { Ratio, Resolution } from "../base/sizes.ts";
import type { MediaAddress } from "../storyboard/types.ts";

export type ContentType = "image_url" | "video_url" | "audio_url";
export type Role = "first_frame" | "last_frame" | "reference_image" | "reference_video" | "reference_audio";

/** One medium, where its bytes come from. */
export type MediaSource =
  | MediaAddress
  | { readonly kind: "clip"; readonly scene: string }
  | { readonly kind: "still"; readonly scene: string; readonly which: "first" | "last" };

/** A content item whose URL is not known yet: it is made when the request is sent. */
export interface LoweredItem {
  readonly type: ContentType;
  readonly role: Role;
  readonly source: MediaSource;
  /** The use that brought it in: `targetKey` of its target. */
  readonly key: string;
  /** As the author wrote it. */
  readonly written: string;
  /** `Image 1`, `视频1`: what the prompt calls it. */
  readonly ordinal: string;
  readonly span: Span;
}

/** A scene as a request of the API, complete but for the URLs of its media. */
export interface LoweredScene {
  readonly scene: string;
  readonly model: string;
  readonly resolution: Resolution;
  readonly ratio: Ratio;
  readonly duration: number;
  readonly generate_audio: boolean;
  readonly watermark: boolean;
  readonly webSearch: boolean;
  /** The prompt in pieces, each with where it comes from; joined they are the text that is sent. */
  readonly text: readonly TextPiece[];
  /** Images, videos, audios: the order of `content` after the text. */
  readonly items: readonly LoweredItem[];
}

/** A stretch of the text that is sent, and who wrote it. */
export interface TextPiece {
  readonly text: string;
  readonly from: "wording" | "introduction" | "prompt" | "mention" | "dialogue" | "style";
  /** Where the author wrote it; absent for words of our own. */
  readonly span?: Span;
}
