import { withInput } from "./input.ts";

/** How a clip's pictures are to be shown: upright, with square pixels. */
export interface Look {
  readonly width: number;
  readonly height: number;
  /** Clockwise, as the container asks for; a telephone held upright writes 90. */
  readonly rotation: 0 | 90 | 180 | 270;
}

/** Reads the look of a clip's first video track. Throws when the file has none or is no medium. */
export function readLook(clip: string): Promise<Look> {
  return withInput(clip, async (input) => {
    const track = await input.getPrimaryVideoTrack();
    if (track === null) throw new Error(`${clip} has no pictures`);
    const [width, height] = [await track.getDisplayWidth(), await track.getDisplayHeight()];
    return { width, height, rotation: await track.getRotation() };
  });
}

/** Throws when the file is no medium. */
export function hasSound(clip: string): Promise<boolean> {
  return withInput(clip, async (input) => (await input.getPrimaryAudioTrack()) !== null);
}

const TURN = { 0: "", 90: "transpose=clock,", 180: "hflip,vflip,", 270: "transpose=cclock," } as const;

/**
 * Without both `full_chroma` flags and `accurate_rnd`, swscale darkens a picture by 1 to 2 levels (of 255) each
 * time it is decoded and encoded again, so a chain of continued clips visibly fades. `bitexact` makes the
 * result independent of the processor's vector units.
 */
const EXACT = "flags=bicubic+accurate_rnd+full_chroma_int+full_chroma_inp+bitexact";

/**
 * The colour matrix of a clip that names none: what players take for it, so that a still looks like the film.
 * FFmpeg itself takes BT.601 for every size.
 */
export function unnamedMatrix(look: Look): "bt709" | "smpte170m" {
  return Math.min(look.width, look.height) >= 720 ? "bt709" : "smpte170m";
}

/** FFmpeg filter from decoded pictures to upright RGBA of the given size; the matrix is the picture's own. */
export function toRgbaFilter(look: Look, size: { width: number; height: number } = look): string {
  return `${TURN[look.rotation]}scale=${size.width}:${size.height}:${EXACT}:out_range=pc,format=rgba`;
}

/** FFmpeg filter from RGBA to what is encoded: yuv420p in BT.709, limited range, and tagged as such. */
export const FROM_RGBA_FILTER =
  `scale=${EXACT}:out_color_matrix=bt709:out_range=tv,format=yuv420p,` +
  "setparams=range=tv:color_primaries=bt709:color_trc=bt709:colorspace=bt709";
