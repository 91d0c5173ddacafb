import type { Canvas, SKRSContext2D } from "@napi-rs/canvas";
import { chanceOf, pick } from "./chance.ts";
import { Footage, lastStill } from "./footage.ts";
import type { ClipInput } from "./inputs.ts";
import { moodOf, withAlpha } from "./mood.ts";
import { bandOf, cardsOf, paintOwnScene } from "./own-scene.ts";
import { paintCards } from "./cards.ts";
import { cover } from "./pictures.ts";
import { clipsOf, still, type Performance, type Shot } from "./shot.ts";
import { smooth, type Paint, type Stage } from "./stage.ts";
import { paintWeather } from "./weather.ts";

/** Frames from the end of one clip to the drawing that follows it. */
export const DISSOLVE = 26;

/** Begins on the last picture of the clip, or ends on its first, and dissolves from there. */
export async function performExtension(shot: Shot): Promise<Performance> {
  const { stage, codec } = shot;
  const source = sourceOf(shot);
  const backward = shot.kind === "extend-backward";
  const seam = backward ? cover(source.first, stage) : await lastStill(source, stage, codec);
  const own = paintOwnScene(shot, cardsOf(shot, [source]), "top");
  return still(async (g, at) => {
    const away = backward ? stage.frames - 1 - at : at;
    const gone = smooth(away / DISSOLVE);
    if (away > 0) await own(g, at);
    drawLeaving(g, stage, seam, gone);
  });
}

function sourceOf(shot: Shot): ClipInput {
  const source = clipsOf(shot.inputs)[0];
  if (!source) throw new Error("the request has no video");
  return source;
}

/** A picture that grows a little as it fades; at 0 it is there exactly. */
export function drawLeaving(g: SKRSContext2D, { width, height }: Stage, picture: Canvas, gone: number): void {
  if (gone >= 1) return;
  const scale = 1 + 0.05 * gone;
  g.globalAlpha = 1 - gone;
  g.drawImage(
    picture,
    (width - width * scale) / 2,
    (height - height * scale) / 2,
    width * scale,
    height * scale,
  );
  g.globalAlpha = 1;
}

/** Plays the clip under another light and weather, with a band of its own. */
export function performEdit(shot: Shot): Performance {
  const { stage, codec } = shot;
  const source = sourceOf(shot);
  const footage = new Footage(source, stage, codec);
  const mood = moodOf(shot.request.prompt, stage.seed);
  const grade = paintGrade(stage, mood.palette);
  const weather = paintWeather(stage, mood);
  const cards = paintCards(stage, cardsOf(shot, [source]), "top");
  const band = bandOf(shot, true);
  return {
    paint: async (g, at) => {
      g.drawImage(await footage.at(at), 0, 0);
      for (const paint of [grade, weather, cards]) await paint(g, at);
      band(g, at, 1);
    },
    close: () => footage.close(),
  };
}

/** Colours that the picture cannot have had before: half its own, half those of the new light. */
function paintGrade(stage: Stage, palette: { high: string; low: string }): Paint {
  const tint = pick(chanceOf(`grade ${stage.seed}`), [palette.high, palette.low]);
  return (g) => {
    g.globalCompositeOperation = "color";
    g.fillStyle = withAlpha(tint, 0.72);
    g.fillRect(0, 0, stage.width, stage.height);
    g.globalCompositeOperation = "multiply";
    g.fillStyle = withAlpha(palette.high, 0.42);
    g.fillRect(0, 0, stage.width, stage.height);
    g.globalCompositeOperation = "source-over";
  };
}
