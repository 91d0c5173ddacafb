import { createCanvas, type Canvas, type SKRSContext2D } from "@napi-rs/canvas";
import { bandTop } from "./band.ts";
import { smooth, type Stage } from "./stage.ts";

/** Frames in which a picture goes, and those in which the band at its foot does. */
const PICTURE = 26;
const BAND = 9;

/** How far a new band is there so many frames after the seam: two texts over each other cannot be read. */
export function bandAfter(away: number): number {
  return smooth((away - 5) / 10);
}

/**
 * Draws the picture that a clip begins or ends with, `away` frames from there: at 0 exactly as it is, then
 * growing a little as it fades over what is drawn already.
 */
export function paintLeaving(stage: Stage, picture: Canvas): (g: SKRSContext2D, away: number) => void {
  const upper = withoutBand(stage, picture);
  return (g, away) => {
    draw(g, stage, upper, smooth(away / PICTURE));
    draw(g, stage, picture, smooth(away / BAND));
  };
}

function draw(g: SKRSContext2D, { width, height }: Stage, picture: Canvas, gone: number): void {
  if (gone >= 1) return;
  const scale = 1 + 0.04 * gone;
  const [wide, tall] = [width * scale, height * scale];
  g.globalAlpha = 1 - gone;
  g.drawImage(picture, (width - wide) / 2, (height - tall) / 2, wide, tall);
  g.globalAlpha = 1;
}

/** The picture, fading out to where a band may be. */
function withoutBand(stage: Stage, picture: Canvas): Canvas {
  const canvas = createCanvas(stage.width, stage.height);
  const g = canvas.getContext("2d");
  g.drawImage(picture, 0, 0);
  const to = bandTop(stage);
  const mask = g.createLinearGradient(0, to - stage.height * 0.2, 0, to);
  mask.addColorStop(0, "rgba(0,0,0,1)");
  mask.addColorStop(1, "rgba(0,0,0,0)");
  g.globalCompositeOperation = "destination-in";
  g.fillStyle = mask;
  g.fillRect(0, 0, stage.width, stage.height);
  return canvas;
}
