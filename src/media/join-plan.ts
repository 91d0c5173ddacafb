import type { AudioSetup, JoinClip, VideoSetup } from "./join-clip.ts";

/** How many pictures to leave out of a clip at its ends. */
export interface Drops {
  readonly dropHead?: number;
  readonly dropTail?: number;
}

/** A clip's place in the film, in pictures. */
export interface Placed {
  readonly start: number;
  readonly frames: number;
  /**
   * What was really left out at the clip's end. It is more than `dropTail` where the next clip asked for `dropHead`,
   * or where B-frames allow no cut at just that picture.
   */
  readonly dropped: number;
}

export interface JoinPlan {
  readonly fps: number;
  readonly video: VideoSetup;
  /** Of the film; that of its first clip with sound. */
  readonly audio: AudioSetup | undefined;
  readonly parts: readonly Placed[];
}

/** Why the clips cannot go on in one track, by the first that does not fit those before it. */
export interface Misfit {
  readonly part: number;
  readonly reason: string;
}

/** Pure: which pictures of which clip stand where. */
export function planJoin(clips: readonly JoinClip[], drops: readonly Drops[]): JoinPlan | Misfit {
  const misfit = findMisfit(clips);
  if (misfit !== undefined) return misfit;
  const [first] = clips;
  if (first === undefined) return { part: 0, reason: "there are no clips" };
  let start = 0;
  const parts = clips.map((clip, index) => {
    // A clip's first picture is a key frame, on which all that follow build; a copy cannot leave it out. So the
    // clip before gives up one picture more instead: the joint loses as many, and the film is as long as asked.
    const wanted = (drops[index]?.dropTail ?? 0) + (drops[index + 1]?.dropHead ?? 0);
    const frames = keep(clip, wanted);
    const placed = { start, frames, dropped: clip.frames - frames };
    start += frames;
    return placed;
  });
  return { fps: first.fps, video: first.video, audio: clips.find(({ audio }) => audio)?.audio, parts };
}

/** The longest beginning that leaves out at least so many pictures; one picture stays in any case. */
function keep(clip: JoinClip, drop: number): number {
  return clip.cuts.findLast((cut) => cut <= clip.frames - drop) ?? clip.cuts[0] ?? clip.frames;
}

function findMisfit(clips: readonly JoinClip[]): Misfit | undefined {
  const [first] = clips;
  const sounding = clips.find(({ audio }) => audio !== undefined)?.audio;
  for (const [part, clip] of clips.entries()) {
    const reason = first && (videoMisfit(first, clip) ?? audioMisfit(sounding, clip.audio));
    if (reason !== undefined) return { part, reason };
  }
  const mute = clips.findIndex(({ audio }) => audio === undefined);
  if (mute === -1 || sounding === undefined || silence(sounding) !== undefined) return undefined;
  return { part: mute, reason: "it has no sound, and silence cannot be written in the format of the others" };
}

function videoMisfit(first: JoinClip, clip: JoinClip): string | undefined {
  const [a, b] = [first.video.config, clip.video.config];
  if (a.codedWidth !== b.codedWidth || a.codedHeight !== b.codedHeight) {
    return `its size is ${b.codedWidth}x${b.codedHeight}, not ${a.codedWidth}x${a.codedHeight}`;
  }
  if (first.fps !== clip.fps)
    return `it has ${rounded(clip.fps)} pictures per second, not ${rounded(first.fps)}`;
  if (first.video.rotation !== clip.video.rotation) return "it is turned by another angle";
  if (!sameBytes(a.description, b.description)) return "its pictures were encoded with other settings";
  return undefined;
}

function audioMisfit(first: AudioSetup | undefined, audio: AudioSetup | undefined): string | undefined {
  if (first === undefined || audio === undefined) return undefined;
  const [a, b] = [first.config, audio.config];
  if (a.sampleRate !== b.sampleRate)
    return `its sound has ${b.sampleRate} samples per second, not ${a.sampleRate}`;
  if (a.numberOfChannels !== b.numberOfChannels) {
    return `its sound has ${b.numberOfChannels} channels, not ${a.numberOfChannels}`;
  }
  const same = first.packet === audio.packet && sameBytes(a.description, b.description);
  return same ? undefined : "its sound was encoded with other settings";
}

function sameBytes(a: Uint8Array, b: Uint8Array): boolean {
  return Buffer.compare(a, b) === 0;
}

function rounded(fps: number): string {
  return String(Math.round(fps * 1000) / 1000);
}

const SILENCE: Readonly<Record<number, Uint8Array>> = {
  1: Uint8Array.of(0x00, 0xc8, 0x00, 0x80, 0x23, 0x80),
  2: Uint8Array.of(0x21, 0x00, 0x49, 0x90, 0x02, 0x19, 0x00, 0x23, 0x80),
};

/** One packet of silence in this setup; there are ready ones for AAC-LC in mono and stereo. */
export function silence({ config, packet }: AudioSetup): Uint8Array | undefined {
  return config.codec === "mp4a.40.2" && packet === 1024 ? SILENCE[config.numberOfChannels] : undefined;
}

/**
 * The film's sound as a row of packets without gaps: packet `n` sounds at `origin + n * packet` samples. A clip's
 * packets take the places nearest to the clip's own time, so none is more than half a packet (10.7 ms) off; each
 * clip is placed anew, so nothing adds up.
 */
export class SoundGrid {
  private readonly audio: AudioSetup;
  private readonly samplesPerFrame: number;
  private readonly origin: number;

  /** `first` is the film's first clip: its start-up packets, if any, begin the film. */
  constructor(audio: AudioSetup, fps: number, first: AudioSetup | undefined) {
    this.audio = audio;
    this.samplesPerFrame = audio.config.sampleRate / fps;
    this.origin = Math.min(0, first?.first ?? 0);
  }

  /** Where the clip that starts at this picture begins, in packets. */
  at(frame: number): number {
    return frame === 0 ? 0 : Math.round((frame * this.samplesPerFrame - this.origin) / this.audio.packet);
  }

  /** Where the sound may end: it lasts at least as long as the pictures. */
  end(frames: number): number {
    return Math.ceil((frames * this.samplesPerFrame - this.origin) / this.audio.packet);
  }

  /** The place of a clip's packet that sounds at `sample` of the clip. */
  place(frame: number, clip: AudioSetup, sample: number): number {
    const base = Math.round((frame * this.samplesPerFrame + clip.first - this.origin) / this.audio.packet);
    // From the first packet on they follow each other exactly; rounding each by itself could lose or double one.
    return base + Math.round((sample - clip.first) / this.audio.packet);
  }

  /** When a packet sounds, in seconds of the film. */
  seconds(packet: number): number {
    return (this.origin + packet * this.audio.packet) / this.audio.config.sampleRate;
  }
}
