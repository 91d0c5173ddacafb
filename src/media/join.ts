import { writeWhole } from "./encoding.ts";
import { forgetTimes } from "./iso-times.ts";
import { Unjoinable, readJoinClip, type JoinClip } from "./join-clip.ts";
import { planJoin, type Drops, type Placed } from "./join-plan.ts";
import { writeJoin } from "./join-write.ts";

/** A clip of the film; drops are counted in pictures. */
export interface JoinPart extends Drops {
  readonly path: string;
}

export type Joined =
  | {
      readonly kind: "joined";
      readonly seconds: number;
      readonly frames: number;
      readonly fps: number;
      readonly parts: readonly Placed[];
    }
  /** The clips would have to be encoded again; `part` is the index of the first that does not fit. */
  | { readonly kind: "cannot-copy"; readonly reason: string; readonly part: number };

/**
 * Joins clips (H.264, AAC or silent) into an mp4 without encoding them again. Needs no codec. Memory grows with the
 * number of pictures, not with their bytes. The same clips give the same bytes; nothing half-written stays.
 * Throws what the file system throws.
 */
export async function joinClips(parts: readonly JoinPart[], output: string): Promise<Joined> {
  const clips: JoinClip[] = [];
  for (const [part, { path }] of parts.entries()) {
    try {
      clips.push(await readJoinClip(path));
    } catch (error) {
      if (error instanceof Error && "syscall" in error) throw error;
      // What the reader itself says of damaged files is about its assertions.
      const reason = error instanceof Unjoinable ? error.message : "it is damaged";
      return { kind: "cannot-copy", part, reason };
    }
  }
  const plan = planJoin(clips, parts);
  if ("reason" in plan) return { kind: "cannot-copy", ...plan };
  const paths = parts.map(({ path }) => path);
  await writeWhole(output, async (temporary) => {
    await writeJoin(plan, clips, paths, temporary);
    await forgetTimes(temporary);
  });
  const frames = plan.parts.reduce((sum, part) => sum + part.frames, 0);
  return { kind: "joined", seconds: frames / plan.fps, frames, fps: plan.fps, parts: plan.parts };
}
