import type { Ratio, Resolution } from "../base/sizes.ts";

export type MediumType = "image_url" | "video_url" | "audio_url";
export type Role = "first_frame" | "last_frame" | "reference_image" | "reference_video" | "reference_audio";

export interface RequestMedium {
  readonly type: MediumType;
  readonly role: Role;
  /** http(s), `data:` or `asset://`. */
  readonly url: string;
  /** Place in `content`, from 0: messages name it, so that a client can find what is wrong. */
  readonly index: number;
}

/** A request that has passed the checks, with its defaults filled in. */
export interface GenerationRequest {
  readonly model: string;
  /** All text items; `""` without any. */
  readonly prompt: string;
  readonly media: readonly RequestMedium[];
  readonly generateAudio: boolean;
  readonly resolution: Resolution;
  readonly ratio: Ratio;
  /** Whole seconds. */
  readonly duration: number;
  readonly watermark: boolean;
  readonly webSearch: boolean;
}

/** An answer that is no success, as the service words it. */
export interface ApiError {
  readonly status: number;
  readonly code: string;
  readonly message: string;
  /** Of the header `Retry-After`; without it a 429 says one second. */
  readonly retryAfter?: { readonly seconds: number; readonly asDate: boolean };
}

/** Scene and take that a client names in `X-Client-Request-Id`. */
export interface Label {
  /** `""` when the client said nothing. */
  readonly scene: string;
  readonly take: number | undefined;
}

/** Reads `SCENE` or `SCENE#TAKE`, percent-encoded, since a header holds no Chinese. */
export function parseLabel(header: string): Label {
  const text = decoded(header);
  const [, scene = text, take] = /^(.*)#(\d+)$/su.exec(text) ?? [];
  return { scene, take: take === undefined ? undefined : Number(take) };
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
