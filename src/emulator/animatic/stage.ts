import type { SKRSContext2D } from "@napi-rs/canvas";
import type { Size } from "../../base/sizes.ts";

/** The picture that is drawn on. */
export interface Stage extends Size {
  /** Frames in the clip. */
  readonly frames: number;
  /** Pixels for a length that is 1 on a picture of 864x496: sizes of type and margins follow the area. */
  readonly unit: number;
  /** Text that all chance in this clip comes from: the same text, the same clip. */
  readonly seed: string;
}

/** Draws frame `at` (from 0) of a clip over whatever is there. */
export type Paint = (g: SKRSContext2D, at: number) => void | Promise<void>;

export function createStage(size: Size, frames: number, seed: string): Stage {
  const unit = Math.sqrt((size.width * size.height) / (864 * 496));
  return { ...size, frames, unit, seed };
}

export function clamp(value: number, least: number, most: number): number {
  return Math.min(most, Math.max(least, value));
}

/** 0 to 1, starting and ending gently. */
export function smooth(t: number): number {
  const x = clamp(t, 0, 1);
  return x * x * (3 - 2 * x);
}

export function mix(from: number, to: number, t: number): number {
  return from + (to - from) * t;
}
