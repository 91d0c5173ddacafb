/**
 * What the service accepts, as far as it is known. Seconds, bytes and pixels throughout.
 * One place, because the rules, the lowering and the emulator have to agree.
 */

const MB = 1024 * 1024;

/**
 * Added to every limit on the length of a file: a clip of 5 s has 121 frames, so it is 5.04 s long,
 * and three of them would else break a sum of 15 s that the service accepts.
 */
export const SECONDS_SLACK = 0.25;

export const FRAMES_PER_SECOND = 24;

export const RESOLUTIONS = ["480p", "720p"] as const;
export const FIXED_RATIOS = ["16:9", "4:3", "1:1", "3:4", "9:16", "21:9"] as const;
export const RATIOS = [...FIXED_RATIOS, "adaptive"] as const;

/** Whole seconds that can be asked for. */
export const DURATION = { least: 4, most: 15, byDefault: 5 } as const;

export const DEFAULT_RESOLUTION = "720p";
export const DEFAULT_RATIO = "adaptive";

/** A film of 24 pictures a second is often one of 23.976, and a reader counts whole pictures. */
const FPS_SLACK = 0.1;

/** Advice of the service, not a refusal: longer prompts lose details. */
export const PROMPT_ADVICE = { chineseCharacters: 500, englishWords: 1000 } as const;

export const IMAGE = {
  formats: ["jpeg", "png", "webp", "bmp", "tiff", "gif"],
  bytes: 30 * MB,
  /** Of either side. */
  leastPixels: 300,
  mostPixels: 6000,
  /** Width divided by height. */
  leastRatio: 0.4,
  mostRatio: 2.5,
  /** Reference images in one request; frames are counted apart. */
  count: 9,
} as const;

export const VIDEO = {
  formats: ["mp4", "mov"],
  bytes: 50 * MB,
  leastSeconds: 2,
  mostSeconds: 15,
  /** Of all videos of a request together. */
  sumSeconds: 15,
  count: 3,
  leastFps: 24,
  mostFps: 60,
  /** Width times height. */
  leastArea: 409_600,
  mostArea: 8_295_044,
} as const;

export const AUDIO = {
  formats: ["wav", "mp3"],
  bytes: 15 * MB,
  leastSeconds: 2,
  mostSeconds: 15,
  sumSeconds: 15,
  count: 3,
} as const;

/** Of the whole JSON body, data URLs included. */
export const REQUEST_BYTES = 64 * MB;

/** What the text and the settings of a request have at most, beside what is in it as data. */
const REQUEST_WORDS_BYTES = 64 * 1024;

/**
 * Which of these media cannot travel inside of one request: the largest, until the others fit. Sizes as on disk;
 * undefined for what is a link anyway.
 */
export function leftOutOfRequest(sizes: readonly (number | undefined)[]): ReadonlySet<number> {
  const out = new Set<number>();
  const largestFirst = [...sizes.keys()].sort((a, b) => (sizes[b] ?? 0) - (sizes[a] ?? 0));
  const inside = sizes.map((bytes) => (bytes === undefined ? 0 : base64Bytes(bytes)));
  let sum = REQUEST_WORDS_BYTES + inside.reduce((total, bytes) => total + bytes, 0);
  for (const index of largestFirst) {
    if (sum <= REQUEST_BYTES) break;
    out.add(index);
    sum -= inside[index] ?? 0;
  }
  return out;
}

/**
 * How long a link to a clip works for certain, and how long the service may give another one for its task; both in
 * milliseconds from the creation of the task.
 */
export const LINK = { lastsMs: 24 * 3600_000, renewableMs: 7 * 24 * 3600_000 } as const;

/** A longer chain of extends loses visible quality with every round. */
export const EXTEND_ROUNDS_ADVICE = 3;

/** What a speaker without haste says in a second: beyond it lines are hurried, or cut off by the end of the clip. */
export const SPEECH = { englishWords: 2.5, chineseCharacters: 5 } as const;

/** The part of a picture that may be cut away before it is told: sizes are rounded to the codec, by as much. */
export const CROP_ADVICE = 0.02;

/** What to cut where an extended clip joins the one before it: the service repeats a few frames there. */
export const JOINT_FRAMES = { endOfFirst: 6, startOfSecond: 1 } as const;

/** True when `seconds` is within the limits of one input, slack included. */
export function fitsSeconds(seconds: number, limit: { leastSeconds: number; mostSeconds: number }): boolean {
  return seconds >= limit.leastSeconds - SECONDS_SLACK && seconds <= limit.mostSeconds + SECONDS_SLACK;
}

/** True when the lengths of all inputs of a kind together are allowed; each file has its own slack. */
export function fitsSum(seconds: readonly number[], limit: { sumSeconds: number }): boolean {
  const sum = seconds.reduce((total, one) => total + one, 0);
  return sum <= limit.sumSeconds + SECONDS_SLACK * Math.max(1, seconds.length);
}

/** True when a video has as many pictures a second as the service takes. */
export function fitsFps(fps: number): boolean {
  return fps >= VIDEO.leastFps - FPS_SLACK && fps <= VIDEO.mostFps + FPS_SLACK;
}

/** What a file becomes inside of a request: Base64 writes three bytes as four characters. */
export function base64Bytes(bytes: number): number {
  return Math.ceil(bytes / 3) * 4;
}

export function megabytes(bytes: number): string {
  return `${(bytes / MB).toFixed(1)} MB`;
}
