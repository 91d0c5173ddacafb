import { EncodedPacketSink, type InputAudioTrack, type InputVideoTrack } from "mediabunny";
import { stat } from "node:fs/promises";
import { withInput } from "./input.ts";
import { isoTrouble } from "./iso-check.ts";

/** What joining needs to know of a clip; its pictures and sound themselves are read later. */
export interface JoinClip {
  readonly fps: number;
  readonly frames: number;
  /**
   * After which numbers of pictures the clip can be cut, ascending: a copy can leave out the end of the stored
   * order only, so a cut is possible where all stored so far is also all shown so far. Everywhere without B-frames.
   */
  readonly cuts: readonly number[];
  /** Everything that must be equal for two streams to go on in one track. */
  readonly video: VideoSetup;
  readonly audio: AudioSetup | undefined;
}

export interface VideoSetup {
  readonly config: VideoDecoderConfig & { readonly description: Uint8Array };
  readonly rotation: 0 | 90 | 180 | 270;
}

export interface AudioSetup {
  readonly config: AudioDecoderConfig & { readonly description: Uint8Array };
  /** Samples per packet. */
  readonly packet: number;
  /** When the first packet sounds, in samples of the clip; below zero for what a decoder needs to start up. */
  readonly first: number;
}

/** Why a clip cannot be joined by copying. */
export class Unjoinable extends Error {}

/** Reads a clip's index. Throws `Unjoinable`, and what the file system throws. */
export async function readJoinClip(path: string): Promise<JoinClip> {
  const trouble = await isoTrouble(path, (await stat(path)).size);
  if (trouble !== undefined) throw new Unjoinable(trouble);
  return withInput(path, async (input) => {
    const video = await input.getPrimaryVideoTrack();
    if (video === null) throw new Unjoinable("it has no pictures");
    const audio = await input.getPrimaryAudioTrack();
    return { ...(await readVideo(video)), audio: audio === null ? undefined : await readAudio(audio) };
  });
}

async function readVideo(track: InputVideoTrack) {
  const config = await track.getDecoderConfig();
  if ((await track.getCodec()) !== "avc" || !config?.description)
    throw new Unjoinable("its pictures are not H.264");
  const times: number[] = [];
  let end = 0;
  for await (const packet of new EncodedPacketSink(track).packets(undefined, undefined, {
    metadataOnly: true,
  })) {
    if (times.length === 0 && packet.type !== "key")
      throw new Unjoinable("it does not begin with a key frame");
    times.push(packet.timestamp);
    end = Math.max(end, packet.timestamp + packet.duration);
  }
  if (times.length === 0) throw new Unjoinable("it has no pictures");
  const start = times.reduce((least, time) => Math.min(least, time), Infinity);
  const fps = usualRate(times.length / (end - start));
  const cuts = cutsOf(times.map((time) => (time - start) * fps));
  const video = {
    config: { ...config, description: own(config.description) },
    rotation: await track.getRotation(),
  };
  return { fps, frames: times.length, cuts, video };
}

/** `places` are those of the pictures in their stored order, counted in pictures. */
function cutsOf(places: readonly number[]): number[] {
  const seen = new Set<number>();
  const cuts: number[] = [];
  let last = -1;
  for (const place of places) {
    const at = Math.round(place);
    if (Math.abs(place - at) > 0.2 || seen.has(at))
      throw new Unjoinable("its pictures do not come at a steady rate");
    seen.add(at);
    last = Math.max(last, at);
    if (seen.size === last + 1) cuts.push(seen.size);
  }
  if (cuts.at(-1) !== places.length) throw new Unjoinable("its pictures do not come at a steady rate");
  return cuts;
}

/** Containers that count in milliseconds say 23.998 of a clip that was made with 24. */
function usualRate(fps: number): number {
  const whole = Math.round(fps);
  const [nearest = fps] = [whole, (whole * 1000) / 1001].sort(
    (a, b) => Math.abs(a - fps) - Math.abs(b - fps),
  );
  return Math.abs(nearest - fps) < fps * 0.003 ? nearest : fps;
}

async function readAudio(track: InputAudioTrack): Promise<AudioSetup> {
  const config = await track.getDecoderConfig();
  if ((await track.getCodec()) !== "aac" || !config?.description)
    throw new Unjoinable("its sound is not AAC");
  const first = await new EncodedPacketSink(track).getFirstPacket({ metadataOnly: true });
  if (first === null) throw new Unjoinable("its sound is empty");
  const samples = (seconds: number) => Math.round(seconds * config.sampleRate);
  const description = own(config.description);
  return {
    config: { ...config, description },
    packet: samples(first.duration),
    first: samples(first.timestamp),
  };
}

/** A copy: what the reader gives is a view on all that it read of the file, and would keep it in memory. */
function own(description: NonNullable<VideoDecoderConfig["description"]>): Uint8Array {
  return ArrayBuffer.isView(description)
    ? Uint8Array.from(new Uint8Array(description.buffer, description.byteOffset, description.byteLength))
    : new Uint8Array(description).slice();
}
