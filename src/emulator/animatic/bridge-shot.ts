import { FRAMES_PER_SECOND } from "../../base/limits.ts";
import { Footage, lastStill } from "./footage.ts";
import type { ClipInput } from "./inputs.ts";
import { cardsOf, paintOwnScene } from "./own-scene.ts";
import { bandAfter, paintLeaving } from "./leaving.ts";
import { cover } from "./pictures.ts";
import { clipsOf, spanOf, type Performance, type Shot } from "./shot.ts";
import type { Paint } from "./stage.ts";

/** A stretch of the clip, in frames, end excluded; its own frames count from 0. */
interface Part {
  readonly from: number;
  readonly to: number;
  readonly paint: Paint;
}

/** Plays the clips one after another, with drawn passages between them that dissolve at both ends. */
export async function performBridge(shot: Shot): Promise<Performance> {
  const clips = clipsOf(shot.inputs);
  const passage = Math.floor((shot.request.duration * FRAMES_PER_SECOND) / Math.max(1, clips.length - 1));
  const parts: Part[] = [];
  const add = (frames: number, paint: Paint): void => {
    const from = parts.at(-1)?.to ?? 0;
    parts.push({ from, to: from + frames, paint });
  };
  const footages = clips.map((clip) => new Footage(clip, shot.stage, shot.codec));
  for (const [i, clip] of clips.entries()) {
    add(spanOf(clip), async (g, at) => g.drawImage(await (footages[i] as Footage).at(at), 0, 0));
    const next = clips[i + 1];
    if (next) add(passage, await paintPassage(shot, [clip, next], passage));
  }
  return {
    paint: async (g, at) => {
      const part = parts.find(({ to }) => at < to) ?? parts.at(-1);
      await part?.paint(g, at - part.from);
    },
    close: async () => {
      for (const footage of footages) await footage.close();
    },
  };
}

async function paintPassage(
  shot: Shot,
  [before, after]: readonly [ClipInput, ClipInput],
  frames: number,
): Promise<Paint> {
  const stage = { ...shot.stage, frames, seed: `${shot.stage.seed} ${after.medium.index}` };
  const edge = (at: number): number => Math.min(at, frames - at);
  const cards = cardsOf(shot, clipsOf(shot.inputs));
  const own = paintOwnScene({ ...shot, stage }, cards, "top", (at) => bandAfter(edge(at)));
  const leave = paintLeaving(stage, await lastStill(before, stage, shot.codec));
  const enter = paintLeaving(stage, cover(after.first, stage));
  return async (g, at) => {
    if (at > 0) await own(g, at);
    leave(g, at);
    enter(g, frames - at);
  };
}
