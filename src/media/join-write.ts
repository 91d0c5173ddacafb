import {
  EncodedAudioPacketSource,
  EncodedPacket,
  EncodedPacketSink,
  EncodedVideoPacketSource,
  FilePathTarget,
  Mp4OutputFormat,
  Output,
  type Input,
  type InputVideoTrack,
} from "mediabunny";
import { withInput } from "./input.ts";
import type { AudioSetup, JoinClip } from "./join-clip.ts";
import { SoundGrid, silence, type JoinPlan, type Placed } from "./join-plan.ts";

/**
 * Copies the planned packets into one file. Its index stands in front, in space that is set aside for it
 * (`reserve`): the numbers of packets are known, and only `in-memory` would do without, by keeping the film there.
 */
export async function writeJoin(
  plan: JoinPlan,
  clips: readonly JoinClip[],
  paths: readonly string[],
  path: string,
): Promise<void> {
  const output = new Output({
    format: new Mp4OutputFormat({ fastStart: "reserve" }),
    target: new FilePathTarget(path),
  });
  try {
    const film = new FilmTracks(output, plan, clips[0]?.audio);
    await output.start();
    for (const [index, placed] of plan.parts.entries()) {
      const audio = clips[index]?.audio;
      await withInput(paths[index] ?? "", (input) => film.add(input, placed, audio));
    }
    await film.end();
    await output.finalize();
  } catch (error) {
    await output.cancel().catch(() => undefined);
    throw error;
  }
}

/** The film's tracks while they are written. */
class FilmTracks {
  private readonly plan: JoinPlan;
  private readonly video = new EncodedVideoPacketSource("avc");
  private readonly sound: FilmSound | undefined;

  constructor(output: Output, plan: JoinPlan, first: AudioSetup | undefined) {
    this.plan = plan;
    const { fps, audio, video } = plan;
    const frames = plan.parts.reduce((sum, part) => sum + part.frames, 0);
    output.addVideoTrack(this.video, {
      frameRate: fps,
      maximumPacketCount: frames,
      rotation: video.rotation,
    });
    if (audio === undefined) return;
    const grid = new SoundGrid(audio, fps, first);
    this.sound = new FilmSound(audio, grid, frames);
    output.addAudioTrack(this.sound.source, { maximumPacketCount: grid.end(frames) });
  }

  async add(input: Input, placed: Placed, audio: AudioSetup | undefined): Promise<void> {
    const track = await input.getPrimaryVideoTrack();
    if (track === null) throw new Error("a clip lost its pictures while it was joined");
    await this.sound?.begin(input, placed, audio);
    // The sound goes along with the pictures, so that a player never has to read far ahead for one of them.
    for await (const packet of this.pictures(track, placed)) {
      await this.sound?.until(packet.timestamp);
      await this.video.add(packet, { decoderConfig: this.plan.video.config });
    }
    await this.sound?.until(Infinity);
  }

  private async *pictures(track: InputVideoTrack, { start, frames }: Placed): AsyncGenerator<EncodedPacket> {
    const origin = await track.getFirstTimestamp();
    let left = frames;
    for await (const packet of new EncodedPacketSink(track).packets()) {
      if (left-- === 0) return;
      const place = start + Math.round((packet.timestamp - origin) * this.plan.fps);
      yield packet.clone({ timestamp: place / this.plan.fps, duration: 1 / this.plan.fps });
    }
    if (left > 0) throw new Error("a clip became shorter while it was joined");
  }

  async end(): Promise<void> {
    this.video.close();
    await this.sound?.end();
  }
}

/** The film's sound while it is written: every place of the grid in turn, from the clip or silent. */
class FilmSound {
  readonly source = new EncodedAudioPacketSource("aac");
  private readonly audio: AudioSetup;
  private readonly grid: SoundGrid;
  private readonly frames: number;
  private next = 0;
  /** Of the clip at hand: its packets on their places, and the place where the next clip begins. */
  private waiting: AsyncIterator<{ place: number; data: Uint8Array }> | undefined;
  private ahead: { place: number; data: Uint8Array } | undefined;
  private limit = 0;

  constructor(audio: AudioSetup, grid: SoundGrid, frames: number) {
    this.audio = audio;
    this.grid = grid;
    this.frames = frames;
  }

  async begin(input: Input, { start, frames }: Placed, clip: AudioSetup | undefined): Promise<void> {
    const last = start + frames === this.frames;
    this.limit = last ? this.grid.end(this.frames) : this.grid.at(start + frames);
    this.waiting = clip && this.packets(input, start, clip);
    await this.advance();
  }

  private async advance(): Promise<void> {
    const result = await this.waiting?.next();
    this.ahead = result === undefined || result.done === true ? undefined : result.value;
  }

  private async *packets(input: Input, start: number, clip: AudioSetup) {
    const track = await input.getPrimaryAudioTrack();
    if (track === null) throw new Error("a clip lost its sound while it was joined");
    const rate = clip.config.sampleRate;
    for await (const packet of new EncodedPacketSink(track).packets()) {
      const place = this.grid.place(start, clip, Math.round(packet.timestamp * rate));
      if (place >= this.limit) return;
      yield { place, data: packet.data };
    }
  }

  /** Fills the places of this clip that sound before a time of the film. */
  async until(seconds: number): Promise<void> {
    while (this.next < this.limit && this.grid.seconds(this.next) < seconds) {
      while (this.ahead !== undefined && this.ahead.place < this.next) await this.advance();
      const fits = this.ahead?.place === this.next;
      await this.write((fits ? this.ahead?.data : undefined) ?? this.quiet());
      if (fits) await this.advance();
    }
  }

  private quiet(): Uint8Array {
    const data = silence(this.audio);
    if (data === undefined) throw new Error("a clip's sound has a gap that cannot be filled with silence");
    return data;
  }

  private async write(data: Uint8Array): Promise<void> {
    const duration = this.audio.packet / this.audio.config.sampleRate;
    const packet = new EncodedPacket(data, "key", this.grid.seconds(this.next++), duration);
    await this.source.add(packet, { decoderConfig: this.audio.config });
  }

  async end(): Promise<void> {
    this.limit = this.grid.end(this.frames);
    await this.until(Infinity);
    this.source.close();
  }
}
