import { rm, writeFile } from "node:fs/promises";
import type { ClipToEncode, Picture, PictureCodec } from "./codec.ts";
import { checkClip, checkPicture, samplesFor, writeWhole } from "./encoding.ts";
import { ffmpegArguments, type FfmpegTask } from "./ffmpeg-arguments.ts";
import { ffmpegInput, ffmpegOutput, runFfmpeg } from "./ffmpeg-process.ts";
import { hasSound, readLook } from "./look.ts";
import { fitSamples, toSamples } from "./samples.ts";

const OLDEST = [4, 3] as const;

/**
 * An `ffmpeg` on this machine: `FFMPEG_PATH`, else the one on PATH. For platforms where FFmpeg as a library does
 * not load. Throws, with the reason, when there is none, or it is too old, or cannot write H.264.
 */
export async function openFfmpeg(executable = process.env["FFMPEG_PATH"] || "ffmpeg"): Promise<PictureCodec> {
  const version = await checkedVersion(executable);
  return {
    name: `ffmpeg ${version} (${executable})`,
    pictures: (clip, size) => pictures(executable, clip, size),
    image: (file, size) => image(executable, file, size),
    lastPicture: (clip) => lastPicture(executable, clip),
    sound: (clip) => sound(executable, clip),
    encode: (clip) => encode(executable, clip),
  };
}

async function checkedVersion(executable: string): Promise<string> {
  const banner = await runFfmpeg(executable, ["-version"]);
  const found = /^ffmpeg version n?((\d+)\.(\d+)\S*|\S+)/.exec(banner);
  if (found === null) throw new Error(`${executable} does not answer like ffmpeg`);
  const [major, minor] = [Number(found[2]), Number(found[3])];
  // A build from the repository names a commit instead of a version; it is newer than any that is too old.
  if (found[2] !== undefined && (major < OLDEST[0] || (major === OLDEST[0] && minor < OLDEST[1]))) {
    throw new Error(`${executable} is version ${found[1]}, ${OLDEST.join(".")} or newer is needed`);
  }
  const encoders = await runFfmpeg(executable, ["-hide_banner", "-encoders"]);
  if (!/\blibx264\b/.test(encoders)) throw new Error(`${executable} was built without libx264`);
  return found[1] ?? "";
}

async function* pictures(
  executable: string,
  clip: string,
  size?: { width: number; height: number },
  lastSeconds?: number,
): AsyncGenerator<Picture> {
  const look = await readLook(clip);
  const task = { kind: "pictures", clip, look, size, ...(lastSeconds && { lastSeconds }) } as const;
  yield* rawPictures(executable, task, size ?? look);
}

async function image(
  executable: string,
  file: string,
  size: { width: number; height: number },
): Promise<Picture> {
  const look = { ...size, rotation: 0 } as const;
  for await (const picture of rawPictures(executable, { kind: "pictures", clip: file, look }, size))
    return picture;
  throw new Error("the image has no picture that can be decoded");
}

async function* rawPictures(
  executable: string,
  task: FfmpegTask,
  { width, height }: { width: number; height: number },
): AsyncGenerator<Picture> {
  const output = ffmpegOutput(executable, ffmpegArguments(task));
  let data = new Uint8Array(width * height * 4);
  let filled = 0;
  for await (const piece of output) {
    for (let at = 0; at < piece.length;) {
      const part = piece.subarray(at, at + data.length - filled);
      data.set(part, filled);
      at += part.length;
      filled += part.length;
      if (filled < data.length) continue;
      yield { width, height, data };
      data = new Uint8Array(data.length);
      filled = 0;
    }
  }
}

async function lastPicture(executable: string, clip: string): Promise<Picture> {
  // Where the sound is much longer than the pictures, none begin in the last second.
  const last =
    (await lastOf(pictures(executable, clip, undefined, 1))) ?? (await lastOf(pictures(executable, clip)));
  if (last === undefined) throw new Error(`${clip} has no picture that can be decoded`);
  return last;
}

async function lastOf(all: AsyncIterable<Picture>): Promise<Picture | undefined> {
  let last: Picture | undefined;
  for await (const picture of all) last = picture;
  return last;
}

async function sound(executable: string, clip: string): Promise<Float32Array> {
  if (!(await hasSound(clip))) return new Float32Array(0);
  const pieces: Buffer[] = [];
  for await (const piece of ffmpegOutput(executable, ffmpegArguments({ kind: "sound", clip })))
    pieces.push(piece);
  return toSamples(pieces);
}

/**
 * Pictures first, then the sound in a second pass that copies them. With both through pipes at once ffmpeg may
 * wait for the one while this side waits to be rid of the other, and neither ever ends.
 */
async function encode(executable: string, clip: ClipToEncode): Promise<void> {
  checkClip(clip);
  await writeWhole(clip.output, async (temporary) => {
    const pass = `${temporary}.pictures`;
    const samples = `${temporary}.samples`;
    try {
      const mute = clip.sound === undefined;
      const count = await encodePictures(executable, clip, mute ? temporary : pass);
      if (clip.sound === undefined) return;
      await writeFile(samples, fitSamples(clip.sound, samplesFor(count, clip.fps)));
      await runFfmpeg(
        executable,
        ffmpegArguments({ kind: "add-sound", clip: pass, samples, output: temporary }),
      );
    } finally {
      await Promise.all([rm(pass, { force: true }), rm(samples, { force: true })]);
    }
  });
}

async function encodePictures(executable: string, clip: ClipToEncode, output: string): Promise<number> {
  let count = 0;
  const raw = async function* () {
    for await (const picture of clip.pictures) {
      checkPicture(picture, clip);
      count++;
      // The pipe may still hold the bytes when the next picture is drawn over them.
      yield picture.data.slice();
    }
    if (count === 0) throw new Error("cannot encode a clip without pictures");
  };
  const { width, height, fps } = clip;
  const task = { kind: "encode-pictures", size: { width, height }, fps, output } as const;
  await ffmpegInput(executable, ffmpegArguments(task), raw());
  return count;
}
