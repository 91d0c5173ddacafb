import { unreachable } from "../base/unreachable.ts";
import {
  PRESET,
  QUALITY,
  SAMPLE_RATE,
  SOUND_BITS_PER_SECOND,
  THREADS,
  keyFrameEvery,
  rational,
} from "./encoding.ts";
import { FROM_RGBA_FILTER, toRgbaFilter, unnamedMatrix, type Look } from "./look.ts";

/** What the `ffmpeg` executable is asked to do. Raw pictures and samples go through its standard pipes. */
export type FfmpegTask =
  | {
      readonly kind: "pictures";
      readonly clip: string;
      readonly look: Look;
      readonly size?: Size | undefined;
      readonly lastSeconds?: number;
    }
  | { readonly kind: "sound"; readonly clip: string }
  /** RGBA on stdin to H.264 in `output`. */
  | { readonly kind: "encode-pictures"; readonly size: Size; readonly fps: number; readonly output: string }
  /** Copies the pictures of `clip` and adds the raw samples of the file `samples`. */
  | { readonly kind: "add-sound"; readonly clip: string; readonly samples: string; readonly output: string };

interface Size {
  readonly width: number;
  readonly height: number;
}

/** `file:` keeps a name with a colon from being read as a protocol, and one with a dash as an option. */
const file = (path: string) => `file:${path}`;

const QUIET = ["-hide_banner", "-nostdin", "-loglevel", "error", "-y"];
const BIT_EXACT = ["-map_metadata", "-1", "-flags", "+bitexact", "-fflags", "+bitexact"];

export function ffmpegArguments(task: FfmpegTask): string[] {
  switch (task.kind) {
    case "pictures":
      return [
        ...QUIET,
        // Rotation is part of the filter, so that both back ends turn pictures in the same way. The matrix counts
        // only where the clip names none.
        ...["-noautorotate", "-colorspace", unnamedMatrix(task.look)],
        ...(task.lastSeconds === undefined ? [] : ["-sseof", `-${task.lastSeconds}`]),
        ...["-i", file(task.clip), "-map", "0:v:0"],
        // Renumbered, every picture comes out once; FFmpeg would repeat or drop some to keep a steady rate, and
        // the option against that has another name in every other version.
        ...["-vf", `${toRgbaFilter(task.look, task.size)},settb=1/24,setpts=N`, "-r", "24"],
        ...["-f", "rawvideo", "-pix_fmt", "rgba", "pipe:1"],
      ];
    case "sound":
      return [
        ...[...QUIET, "-i", file(task.clip), "-map", "0:a:0"],
        ...["-af", "aresample=async=1:first_pts=0", "-ac", "1", "-ar", String(SAMPLE_RATE)],
        ...["-f", "f32le", "pipe:1"],
      ];
    case "encode-pictures": {
      const { num, den } = rational(task.fps);
      return [
        ...QUIET.filter((option) => option !== "-nostdin"),
        ...["-f", "rawvideo", "-pix_fmt", "rgba", "-video_size", `${task.size.width}x${task.size.height}`],
        ...["-framerate", `${num}/${den}`, "-i", "pipe:0", "-vf", FROM_RGBA_FILTER],
        ...["-c:v", "libx264", "-preset", PRESET, "-crf", String(QUALITY), "-bf", "0"],
        ...["-g", String(keyFrameEvery(task.fps)), "-threads", String(THREADS)],
        ...[...BIT_EXACT, "-movflags", "+faststart", "-f", "mp4", file(task.output)],
      ];
    }
    case "add-sound":
      return [
        ...[...QUIET, "-i", file(task.clip)],
        ...["-f", "f32le", "-ar", String(SAMPLE_RATE), "-ac", "1", "-i", file(task.samples)],
        ...[
          "-map",
          "0:v",
          "-map",
          "1:a",
          "-c:v",
          "copy",
          "-c:a",
          "aac",
          "-b:a",
          String(SOUND_BITS_PER_SECOND),
        ],
        ...[...BIT_EXACT, "-movflags", "+faststart", "-f", "mp4", file(task.output)],
      ];
    default:
      return unreachable(task);
  }
}
