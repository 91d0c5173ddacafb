import { SAMPLE_RATE } from "../../media/encoding.ts";
import { FRAMES_PER_SECOND } from "../../base/limits.ts";
import type { ClipInput } from "./inputs.ts";
import { clipsOf, spanOf, type Shot } from "./shot.ts";
import { fadeEnds, makePad, mixInto } from "./sound.ts";

/** Loudness of the bed below sounds that somebody chose. */
const BED = 0.4;

/** What a shot sounds like; mono, as long as its pictures. */
export async function soundOf(shot: Shot): Promise<Float32Array> {
  const samples = samplesOf(shot.stage.frames);
  const given = shot.inputs.filter((input) => input.kind === "sound");
  const sources = await sourcesOf(shot);
  const quiet = given.length > 0 || shot.kind === "edit";
  const sound = makePad(shot.stage.seed, samples, quiet ? BED : 1);
  for (const { samples: one } of given) mixInto(sound, fadeEnds(one.slice(0, samples), 0.15), 0, 0.7);
  for (const { clip, at } of sources)
    mixInto(sound, fadeEnds(clip.slice(0, samples - at), 0.15), at, shot.kind === "edit" ? 0.8 : 0.9);
  return fadeEnds(sound);
}

/** The sounds of the clips that a shot plays, and the sample at which each begins. */
async function sourcesOf(shot: Shot): Promise<{ clip: Float32Array; at: number }[]> {
  const clips = clipsOf(shot.inputs);
  if (shot.kind === "edit") return [{ clip: await read(clips[0], shot), at: 0 }];
  if (shot.kind !== "bridge") return [];
  const passage = (shot.request.duration * FRAMES_PER_SECOND) / Math.max(1, clips.length - 1);
  const found: { clip: Float32Array; at: number }[] = [];
  let frame = 0;
  for (const clip of clips) {
    found.push({ clip: await read(clip, shot), at: samplesOf(frame) });
    frame += spanOf(clip) + passage;
  }
  return found;
}

async function read(clip: ClipInput | undefined, { codec }: Shot): Promise<Float32Array> {
  return clip?.path === undefined ? new Float32Array(0) : codec.sound(clip.path);
}

function samplesOf(frames: number): number {
  return Math.round((frames / FRAMES_PER_SECOND) * SAMPLE_RATE);
}
