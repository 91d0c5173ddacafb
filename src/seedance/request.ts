import { promptText, type LoweredItem, type LoweredScene } from "./lower.ts";

/** A body of `POST …/generations`. API fields keep the API's own names. */
export interface CreateRequest {
  readonly model: string;
  readonly content: readonly ContentItem[];
  readonly generate_audio: boolean;
  readonly resolution: string;
  readonly ratio: string;
  readonly duration: number;
  readonly tools?: readonly { readonly type: "web_search" }[];
  readonly watermark: boolean;
}

export type ContentItem =
  | { readonly type: "text"; readonly text: string }
  | { readonly type: "image_url"; readonly image_url: { readonly url: string }; readonly role: string }
  | { readonly type: "video_url"; readonly video_url: { readonly url: string }; readonly role: string }
  | { readonly type: "audio_url"; readonly audio_url: { readonly url: string }; readonly role: string };

/**
 * The request with its media in place. Only fields that the API knows: a misspelt one is silently ignored there.
 * `urls` stand in the order of the scene's items.
 */
export function createRequest(lowered: LoweredScene, urls: readonly string[]): CreateRequest {
  const text = promptText(lowered);
  return {
    model: lowered.model,
    content: [
      ...(text ? [{ type: "text" as const, text }] : []),
      ...lowered.items.map((item, i) => contentItem(item, urls[i] ?? "")),
    ],
    generate_audio: lowered.generate_audio,
    resolution: lowered.resolution,
    ratio: lowered.ratio,
    duration: lowered.duration,
    ...(lowered.webSearch && { tools: [{ type: "web_search" as const }] }),
    watermark: lowered.watermark,
  };
}

function contentItem({ type, role }: LoweredItem, url: string): ContentItem {
  switch (type) {
    case "image_url":
      return { type, image_url: { url }, role };
    case "video_url":
      return { type, video_url: { url }, role };
    case "audio_url":
      return { type, audio_url: { url }, role };
  }
}
