import { createCanvas, type Canvas } from "@napi-rs/canvas";
import { Footage, lastStill } from "./footage.ts";
import type { ClipInput } from "./inputs.ts";
import { blend, moodOf, withAlpha, type Palette } from "./mood.ts";
import { bandOf, cardsOf, paintOwnScene } from "./own-scene.ts";
import { paintCards } from "./cards.ts";
import { cover } from "./pictures.ts";
import { clipsOf, still, type Performance, type Shot } from "./shot.ts";
import { bandAfter, paintLeaving } from "./leaving.ts";
import type { Paint, Stage } from "./stage.ts";
import { paintWeather } from "./weather.ts";

/** Begins on the last picture of the clip, or ends on its first, and dissolves from there. */
export async function performExtension(shot: Shot): Promise<Performance> {
  const { stage, codec } = shot;
  const source = sourceOf(shot);
  const backward = shot.kind === "extend-backward";
  const seam = backward ? cover(source.first, stage) : await lastStill(source, stage, codec);
  const awayAt = (at: number): number => (backward ? stage.frames - 1 - at : at);
  const leave = paintLeaving(stage, seam);
  const own = paintOwnScene(shot, cardsOf(shot, [source]), "top", (at) => bandAfter(awayAt(at)));
  return still(async (g, at) => {
    if (awayAt(at) > 0) await own(g, at);
    leave(g, awayAt(at));
  });
}

function sourceOf(shot: Shot): ClipInput {
  const source = clipsOf(shot.inputs)[0];
  if (!source) throw new Error("the request has no video");
  return source;
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

/** Puts the picture into the light of the new prompt: its shadows take the colour of the sky, its haze the glow. */
function paintGrade(stage: Stage, { high, middle, low }: Palette): Paint {
  const sheet = (from: string, to: string): Canvas => {
    const canvas = createCanvas(stage.width, stage.height);
    const g = canvas.getContext("2d");
    const shade = g.createLinearGradient(0, 0, stage.width * 0.3, stage.height);
    shade.addColorStop(0, from);
    shade.addColorStop(1, to);
    g.fillStyle = shade;
    g.fillRect(0, 0, stage.width, stage.height);
    return canvas;
  };
  const haze = sheet(withAlpha(middle, 0.5), withAlpha(high, 0.2));
  const shadow = sheet(blend(middle, "#ffffff", 0.42), blend(low, "#ffffff", 0.3));
  return (g) => {
    g.drawImage(haze, 0, 0);
    g.globalCompositeOperation = "multiply";
    g.drawImage(shadow, 0, 0);
    g.globalCompositeOperation = "source-over";
  };
}
