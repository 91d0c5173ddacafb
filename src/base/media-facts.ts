/** What is known of a media file after reading it. Seconds, pixels, bytes. */
export type MediaFacts =
  | {
      readonly kind: "image";
      readonly format: string;
      readonly bytes: number;
      readonly width: number;
      readonly height: number;
    }
  | {
      readonly kind: "video";
      readonly format: string;
      readonly bytes: number;
      readonly width: number;
      readonly height: number;
      readonly seconds: number;
      readonly fps: number;
      readonly frames: number;
      readonly sound: boolean;
    }
  | { readonly kind: "audio"; readonly format: string; readonly bytes: number; readonly seconds: number }
  /** The bytes are no medium that the service takes; `reason` is for a diagnostic. */
  | { readonly kind: "unreadable"; readonly bytes: number; readonly reason: string };
