import type { PictureCodec } from "../../media/codec.ts";
import { FRAMES_PER_SECOND } from "../../base/limits.ts";
import type { Size } from "../../base/sizes.ts";
import type { GenerationRequest, Label } from "../request.ts";
import type { ShotKind } from "../shot-kind.ts";
import type { ClipInput, Input } from "./inputs.ts";
import type { Paint, Stage } from "./stage.ts";

/** A request with its media read: all that a clip is drawn from. */
export interface Shot {
  readonly kind: ShotKind;
  readonly request: GenerationRequest;
  readonly label: Label;
  readonly inputs: readonly Input[];
  readonly stage: Stage;
  readonly codec: PictureCodec;
}

/** A clip as it is being drawn, frame after frame from the first. */
export interface Performance {
  readonly paint: Paint;
  close(): Promise<void>;
}

export const still = (paint: Paint): Performance => ({ paint, close: () => Promise.resolve() });

export function clipsOf(inputs: readonly Input[]): ClipInput[] {
  return inputs.filter((input) => input.kind === "clip");
}

/** Frames that an input clip takes up at the frame rate of the output, without its last. */
export function spanOf(clip: ClipInput): number {
  return Math.max(1, Math.round(((clip.frames - 1) / clip.fps) * FRAMES_PER_SECOND));
}

/** Frames of the whole clip: a bridge holds its sources as well, everything else is as long as was asked. */
export function framesOfShot(kind: ShotKind, seconds: number, inputs: readonly Input[]): number {
  const sources = kind === "bridge" ? clipsOf(inputs).reduce((sum, clip) => sum + spanOf(clip), 0) : 0;
  return sources + seconds * FRAMES_PER_SECOND + 1;
}

/** What `adaptive` follows: the first frame, or the first video, or the first image. */
export function leadingSize(inputs: readonly Input[]): Size | undefined {
  const clip = clipsOf(inputs)[0];
  const image = inputs.find((input) => input.kind === "image");
  return clip?.first ?? image?.picture;
}
