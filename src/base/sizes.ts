import { FIXED_RATIOS, FRAMES_PER_SECOND, type RATIOS, type RESOLUTIONS } from "./limits.ts";

export type Resolution = (typeof RESOLUTIONS)[number];
export type FixedRatio = (typeof FIXED_RATIOS)[number];
export type Ratio = (typeof RATIOS)[number];

/** In pixels. */
export interface Size {
  readonly width: number;
  readonly height: number;
}

const SIZES: Readonly<Record<Resolution, Readonly<Record<FixedRatio, Size>>>> = {
  "480p": {
    "16:9": { width: 864, height: 496 },
    "4:3": { width: 752, height: 560 },
    "1:1": { width: 640, height: 640 },
    "3:4": { width: 560, height: 752 },
    "9:16": { width: 496, height: 864 },
    "21:9": { width: 992, height: 432 },
  },
  "720p": {
    "16:9": { width: 1280, height: 720 },
    "4:3": { width: 1112, height: 834 },
    "1:1": { width: 960, height: 960 },
    "3:4": { width: 834, height: 1112 },
    "9:16": { width: 720, height: 1280 },
    "21:9": { width: 1470, height: 630 },
  },
};

/** The size of the clip; `undefined` for `adaptive`, which follows the input: see `nearestRatio`. */
export function outputSize(resolution: Resolution, ratio: FixedRatio): Size;
export function outputSize(resolution: Resolution, ratio: Ratio): Size | undefined;
export function outputSize(resolution: Resolution, ratio: Ratio): Size | undefined {
  return ratio === "adaptive" ? undefined : SIZES[resolution][ratio];
}

/** The size with the most pixels at this resolution: the dearest that `adaptive` can become. */
export function largestSize(resolution: Resolution): Size {
  const sizes = FIXED_RATIOS.map((ratio) => SIZES[resolution][ratio]);
  return sizes.reduce((a, b) => (b.width * b.height > a.width * a.height ? b : a));
}

/**
 * What `adaptive` becomes for an input of this size, in any unit. Compared by factor, so that twice too
 * wide is as far as twice too narrow. Sides that are not positive give `16:9`.
 */
export function nearestRatio(width: number, height: number): FixedRatio {
  const wanted = Math.log(width / height);
  if (!Number.isFinite(wanted)) return "16:9";
  const distance = (ratio: FixedRatio): number => Math.abs(Math.log(proportionOf(ratio)) - wanted);
  return FIXED_RATIOS.reduce((best, ratio) => (distance(ratio) < distance(best) ? ratio : best));
}

/** Frames in a clip for which `seconds` were asked: the first one comes on top. */
export function framesOf(seconds: number): number {
  return FRAMES_PER_SECOND * seconds + 1;
}

/** Width divided by height. The ratio's name is compared, since the real sizes are rounded to the codec. */
function proportionOf(ratio: FixedRatio): number {
  const [width = 1, height = 1] = ratio.split(":").map(Number);
  return width / height;
}
