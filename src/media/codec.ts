/**
 * Decoding and encoding, which only native code can do. Few verbs, so that the back ends (FFmpeg as a library
 * in a forked child, or an `ffmpeg` on the machine) can stand in for each other and pass one test suite.
 */
export interface Codec {
  /** For `doctor` and messages: `node-av 6.1.1`, `ffmpeg 5.1 (/usr/bin/ffmpeg)`. */
  readonly name: string;
  /** Writes the first or very last frame of a clip as a PNG. */
  still(clip: string, which: "first" | "last", png: string): Promise<void>;
  close(): Promise<void>;
}

/** The pictures of a clip, 8-bit RGBA rows without padding; `data` holds good until the next one is asked for. */
export interface Picture {
  readonly width: number;
  readonly height: number;
  readonly data: Uint8Array;
}

/** What goes into one encoded clip: H.264 (yuv420p) and, with `sound`, AAC mono. */
export interface ClipToEncode {
  readonly width: number;
  readonly height: number;
  readonly fps: number;
  readonly pictures: AsyncIterable<Picture>;
  /** Mono samples, -1 to 1, at 48 000 Hz. */
  readonly sound?: Float32Array;
  /** The finished file; written under another name first. */
  readonly output: string;
}

/** The codec inside the child process, where pictures are at hand without crossing a pipe. */
export interface PictureCodec {
  readonly name: string;
  /** Decodes a clip's pictures in order, scaled to `width` x `height` if given. */
  pictures(clip: string, size?: { width: number; height: number }): AsyncIterable<Picture>;
  /** Decodes the picture of a file that is no clip, such as a TIFF, scaled to `size`; never turned. */
  image(file: string, size: { width: number; height: number }): Promise<Picture>;
  /** The last picture only, without decoding more than needed. */
  lastPicture(clip: string): Promise<Picture>;
  /** Decodes the sound to mono samples at 48 000 Hz; empty when there is none. */
  sound(clip: string): Promise<Float32Array>;
  encode(clip: ClipToEncode): Promise<void>;
}
