import type { Frame } from "node-av/lib";
import type { Picture, PictureCodec } from "./codec.ts";
import { SAMPLE_RATE, THREADS } from "./encoding.ts";
import { readLook, toRgbaFilter, unnamedMatrix, type Look } from "./look.ts";
import { encodeClip } from "./node-av-encode.ts";
import { loadNodeAv, type NodeAv } from "./node-av-library.ts";
import { toSamples } from "./samples.ts";

/**
 * FFmpeg as a library. Only its asynchronous calls are used: the synchronous ones crash when the process ends.
 * Throws where its native part does not load (musl, unusual processors).
 */
export async function openNodeAv(): Promise<PictureCodec> {
  const av = await loadNodeAv();
  return {
    name: `node-av ${av.version}`,
    pictures: (clip, size) => pictures(av, clip, size),
    image: (file, size) => image(av, file, size),
    lastPicture: (clip) => lastPicture(av, clip),
    sound: (clip) => sound(av, clip),
    encode: (clip) => encodeClip(av, clip),
  };
}

async function* pictures(
  av: NodeAv,
  clip: string,
  size?: { width: number; height: number },
): AsyncGenerator<Picture> {
  const look = await readLook(clip);
  const filter = av.api.FilterAPI.create(toRgbaFilter(look, size), { threads: 1 });
  try {
    for await (const frame of frames(av, clip, "video")) {
      nameMatrix(av, frame, look);
      for (const shown of await filter.processAll(frame)) yield take(shown);
    }
  } finally {
    filter.close();
  }
}

async function image(av: NodeAv, file: string, size: { width: number; height: number }): Promise<Picture> {
  const look = { ...size, rotation: 0 } as const;
  const filter = av.api.FilterAPI.create(toRgbaFilter(look), { threads: 1 });
  try {
    for await (const frame of frames(av, file, "video")) {
      nameMatrix(av, frame, look);
      const [shown] = await filter.processAll(frame);
      if (shown !== undefined) return take(shown);
    }
  } finally {
    filter.close();
  }
  throw new Error("the image has no picture that can be decoded");
}

function nameMatrix(av: NodeAv, frame: Frame, look: Look): void {
  const { AVCOL_SPC_UNSPECIFIED, AVCOL_SPC_BT709, AVCOL_SPC_SMPTE170M } = av.constants;
  if (frame.colorSpace !== AVCOL_SPC_UNSPECIFIED) return;
  frame.colorSpace = unnamedMatrix(look) === "bt709" ? AVCOL_SPC_BT709 : AVCOL_SPC_SMPTE170M;
}

/** `toBuffer` copies, so the picture outlives its native frame. */
function take(frame: Frame): Picture {
  const picture = { width: frame.width, height: frame.height, data: frame.toBuffer() };
  frame.free();
  return picture;
}

async function lastPicture(av: NodeAv, clip: string): Promise<Picture> {
  const look = await readLook(clip);
  // A clip whose index lies about its end yields nothing from there on; then the whole clip is decoded.
  const frame = (await lastFrame(av, clip, true)) ?? (await lastFrame(av, clip, false));
  if (frame === undefined) throw new Error(`${clip} has no picture that can be decoded`);
  return turn(av, frame, look);
}

async function lastFrame(av: NodeAv, clip: string, fromEnd: boolean): Promise<Frame | undefined> {
  let last: Frame | undefined;
  for await (const frame of frames(av, clip, "video", fromEnd)) {
    last?.free();
    last = frame.clone() ?? undefined;
  }
  return last;
}

async function turn(av: NodeAv, frame: Frame, look: Look): Promise<Picture> {
  const filter = av.api.FilterAPI.create(toRgbaFilter(look), { threads: 1 });
  try {
    nameMatrix(av, frame, look);
    const [shown] = await filter.processAll(frame);
    if (shown === undefined) throw new Error("the picture could not be converted to RGBA");
    return take(shown);
  } finally {
    frame.free();
    filter.close();
  }
}

async function sound(av: NodeAv, clip: string): Promise<Float32Array> {
  // `first_pts=0` keeps the picture and the sound together where the sound begins later.
  const filter = av.api.FilterAPI.create(
    `aresample=${SAMPLE_RATE}:async=1:first_pts=0,aformat=sample_fmts=flt:channel_layouts=mono`,
    { threads: 1 },
  );
  const pieces: Buffer[] = [];
  try {
    for await (const frame of frames(av, clip, "audio")) {
      for (const part of await filter.processAll(frame)) pieces.push(takeBytes(part));
    }
    if (pieces.length > 0) for await (const part of filter.flushFrames()) pieces.push(takeBytes(part));
  } finally {
    filter.close();
  }
  return toSamples(pieces);
}

function takeBytes(frame: Frame): Buffer {
  const bytes = frame.toBuffer();
  frame.free();
  return bytes;
}

/** The decoded frames of a track, each valid until the next one is asked for. None when there is no such track. */
async function* frames(
  av: NodeAv,
  clip: string,
  medium: "video" | "audio",
  fromEnd = false,
): AsyncGenerator<Frame> {
  const demuxer = await av.api.Demuxer.open(clip);
  try {
    const stream = medium === "video" ? demuxer.video() : demuxer.audio();
    if (stream === undefined) return;
    const decoder = await av.api.Decoder.create(stream, { threadCount: THREADS });
    try {
      if (fromEnd) await demuxer.seek(demuxer.duration, -1, av.constants.AVSEEK_FLAG_BACKWARD);
      for await (const frame of decoder.frames(demuxer.packets(stream.index))) {
        if (frame === null) continue;
        yield frame;
        frame.free();
      }
    } finally {
      decoder.close();
    }
  } finally {
    await demuxer.close();
  }
}
