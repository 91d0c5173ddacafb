import type { Encoder, FilterAPI, Muxer } from "node-av/api";
import type { Frame } from "node-av/lib";
import type { ClipToEncode, Picture } from "./codec.ts";
import {
  AAC_FRAME,
  PRESET,
  QUALITY,
  SAMPLE_RATE,
  SOUND_BITS_PER_SECOND,
  THREADS,
  checkClip,
  checkPicture,
  keyFrameEvery,
  rational,
  samplesFor,
  writeWhole,
} from "./encoding.ts";
import { FROM_RGBA_FILTER } from "./look.ts";
import type { NodeAv } from "./node-av-library.ts";

/** Encodes a clip; the sound is cut or padded with silence to the length of the pictures. */
export async function encodeClip(av: NodeAv, clip: ClipToEncode): Promise<void> {
  checkClip(clip);
  await writeWhole(clip.output, async (temporary) => {
    const muxer = await av.api.Muxer.open(temporary, {
      format: "mp4",
      // `bitexact` leaves out the encoder's name and the time of writing.
      options: { movflags: "+faststart", fflags: "+bitexact" },
    });
    try {
      await fill(av, muxer, clip);
    } finally {
      await muxer.close();
    }
  });
}

/**
 * Feeds both tracks from one loop. Two loops side by side would depend on which of them ran first, and so would
 * the order of packets in the file. Only the drawing of the next picture goes on while one is encoded.
 */
async function fill(av: NodeAv, muxer: Muxer, clip: ClipToEncode): Promise<void> {
  const video = await VideoTrack.open(av, muxer, clip);
  const audio = clip.sound === undefined ? undefined : await AudioTrack.open(av, muxer, clip.sound);
  let count = 0;
  let writing = Promise.resolve();
  const write = async (frame: Frame, end: number) => {
    await video.add(frame);
    await audio?.feed(end);
  };
  try {
    for await (const picture of clip.pictures) {
      checkPicture(picture, clip);
      // Copied before anything else runs: the next picture may be drawn over this one's bytes.
      const frame = video.copy(picture, count++);
      await writing;
      writing = write(frame, samplesFor(count, clip.fps));
      // Awaited in the next round; failing earlier, it must not count as unhandled.
      writing.catch(() => undefined);
    }
    await writing;
    if (count === 0) throw new Error("cannot encode a clip without pictures");
    await video.end();
    await audio?.end(samplesFor(count, clip.fps));
  } finally {
    await writing.catch(() => undefined);
    video.close();
    audio?.close();
  }
}

/** Sends a frame (or the end, `null`) through an encoder and writes the packets that came out before `end`. */
async function encodeInto(
  muxer: Muxer,
  index: number,
  encoder: Encoder,
  frame: Frame | null,
  end = Number.POSITIVE_INFINITY,
): Promise<void> {
  for (const packet of await encoder.encodeAll(frame)) {
    if (packet.pts < end) await muxer.writePacket(packet, index);
    packet.free();
  }
  if (frame === null) await muxer.writePacket(null, index);
}

class VideoTrack {
  private readonly av: NodeAv;
  private readonly muxer: Muxer;
  private readonly encoder: Encoder;
  private readonly filter: FilterAPI;
  private readonly index: number;
  private readonly timeBase: { num: number; den: number };

  static async open(av: NodeAv, muxer: Muxer, clip: ClipToEncode): Promise<VideoTrack> {
    const rate = rational(clip.fps);
    const encoder = await av.api.Encoder.create(av.constants.FF_ENCODER_LIBX264, {
      threadCount: THREADS,
      gopSize: keyFrameEvery(clip.fps),
      // With B-frames a joint could not leave out the last pictures of a clip without encoding it again.
      maxBFrames: 0,
      options: { preset: PRESET, crf: QUALITY },
      context: { flags: bitExact(av), framerate: new av.lib.Rational(rate.num, rate.den) },
    });
    return new VideoTrack(av, muxer, encoder, { num: rate.den, den: rate.num });
  }

  private constructor(av: NodeAv, muxer: Muxer, encoder: Encoder, timeBase: { num: number; den: number }) {
    this.av = av;
    this.muxer = muxer;
    this.encoder = encoder;
    this.timeBase = timeBase;
    this.filter = av.api.FilterAPI.create(FROM_RGBA_FILTER, { threads: 1 });
    this.index = muxer.addStream(encoder);
  }

  /** Encodes a frame of `copy`, and frees it. */
  async add(rgba: Frame): Promise<void> {
    try {
      for (const frame of await this.filter.processAll(rgba)) {
        await encodeInto(this.muxer, this.index, this.encoder, frame);
        frame.free();
      }
    } finally {
      rgba.free();
    }
  }

  /**
   * `fromVideoBuffer` neither copies the bytes nor keeps them alive, whatever its documentation says: a frame
   * used as it comes from there shows, now and then, whatever the garbage collector put in its place.
   */
  copy(picture: Picture, at: number): Frame {
    const { width, height, data } = picture;
    const format = this.av.constants.AV_PIX_FMT_RGBA;
    const bytes = Buffer.from(data.buffer, data.byteOffset, data.byteLength);
    const borrowed = this.av.lib.Frame.fromVideoBuffer(bytes, { width, height, format });
    const frame = new this.av.lib.Frame();
    frame.alloc();
    frame.format = format;
    frame.width = width;
    frame.height = height;
    this.av.lib.FFmpegError.throwIfError(frame.allocBuffer(), "allocating a picture");
    this.av.lib.FFmpegError.throwIfError(frame.copy(borrowed), "copying a picture");
    borrowed.free();
    frame.timeBase = new this.av.lib.Rational(this.timeBase.num, this.timeBase.den);
    frame.pts = BigInt(at);
    frame.duration = 1n;
    return frame;
  }

  end(): Promise<void> {
    return encodeInto(this.muxer, this.index, this.encoder, null);
  }

  close(): void {
    this.filter.close();
    this.encoder.close();
  }
}

class AudioTrack {
  private readonly av: NodeAv;
  private readonly muxer: Muxer;
  private readonly encoder: Encoder;
  private readonly index: number;
  private readonly samples: Float32Array;
  private fed = 0;

  static async open(av: NodeAv, muxer: Muxer, samples: Float32Array): Promise<AudioTrack> {
    const encoder = await av.api.Encoder.create(av.constants.FF_ENCODER_AAC, {
      bitrate: SOUND_BITS_PER_SECOND,
      context: { flags: bitExact(av) },
    });
    return new AudioTrack(av, muxer, encoder, samples);
  }

  private constructor(av: NodeAv, muxer: Muxer, encoder: Encoder, samples: Float32Array) {
    this.av = av;
    this.muxer = muxer;
    this.encoder = encoder;
    this.samples = samples;
    this.index = muxer.addStream(encoder);
  }

  /** Feeds whole AAC frames, as many as fit before sample `end`. */
  async feed(end: number): Promise<void> {
    while (this.fed + AAC_FRAME <= end) await this.push(this.fed + AAC_FRAME);
  }

  /**
   * Ends the track with the packet that holds sample `end`. The encoder may hold a frame back at its end, so a
   * frame of silence more is fed, and the packet that would make the sound longer than needed is left out.
   */
  async end(end: number): Promise<void> {
    await this.feed(end);
    while (this.fed < end + AAC_FRAME) await this.push(end);
    await encodeInto(this.muxer, this.index, this.encoder, null, end);
  }

  /** Feeds one AAC frame, silent from sample `end` on. */
  private async push(end: number): Promise<void> {
    const samples = new Float32Array(AAC_FRAME);
    if (this.fed < end) samples.set(this.samples.subarray(this.fed, Math.min(end, this.fed + AAC_FRAME)));
    const frame = this.av.lib.Frame.fromAudioBuffer(Buffer.from(samples.buffer), {
      nbSamples: AAC_FRAME,
      format: this.av.constants.AV_SAMPLE_FMT_FLTP,
      sampleRate: SAMPLE_RATE,
      channelLayout: this.av.constants.AV_CHANNEL_LAYOUT_MONO,
      timeBase: { num: 1, den: SAMPLE_RATE },
      pts: BigInt(this.fed),
    });
    this.fed += AAC_FRAME;
    await encodeInto(this.muxer, this.index, this.encoder, frame, end);
    frame.free();
  }

  close(): void {
    this.encoder.close();
  }
}

/** `FRAME_DURATION` makes the last picture count: without it five seconds report 4.958. */
function bitExact(av: NodeAv) {
  return (av.constants.AV_CODEC_FLAG_BITEXACT |
    av.constants.AV_CODEC_FLAG_FRAME_DURATION) as typeof av.constants.AV_CODEC_FLAG_BITEXACT;
}
