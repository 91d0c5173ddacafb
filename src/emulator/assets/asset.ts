import type { MediumType } from "../request.ts";

export type AssetType = "Image" | "Video" | "Audio";

/** The model under which each kind of asset is uploaded, and billed. */
export const ASSET_MODELS: Readonly<Record<AssetType, string>> = {
  Image: "volc-asset",
  Video: "volc-asset-video",
  Audio: "volc-asset-audio",
};

export const ASSET_MEDIA: Readonly<Record<AssetType, MediumType>> = {
  Image: "image_url",
  Video: "video_url",
  Audio: "audio_url",
};

/** Times in milliseconds since 1970. */
export interface AssetGroup {
  readonly id: string;
  readonly name: string;
  readonly createdAt: number;
}

export type AssetState =
  | { readonly kind: "processing" }
  | { readonly kind: "active" }
  | { readonly kind: "failed"; readonly code: string; readonly message: string };

/** Times in milliseconds since 1970. */
export interface Asset {
  readonly id: string;
  readonly groupId: string;
  readonly name: string;
  readonly type: AssetType;
  readonly createdAt: number;
  readonly updatedAt: number;
  /** Where its bytes are to be had; absent when they came with the request. */
  readonly url?: string;
  readonly state: AssetState;
}
