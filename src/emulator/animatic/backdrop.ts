import { createCanvas, type Canvas, type SKRSContext2D } from "@napi-rs/canvas";
import { between, chanceOf, type Chance } from "./chance.ts";
import { blend, moodOf, withAlpha, type Mood } from "./mood.ts";
import { drawRoom } from "./room.ts";
import {
  drawCity,
  drawDunes,
  drawForest,
  drawLighthouse,
  drawMountains,
  drawSea,
  type Ground,
} from "./silhouettes.ts";
import { mix, type Paint, type Stage } from "./stage.ts";
import { paintWeather } from "./weather.ts";

interface Layer {
  readonly canvas: Canvas;
  /** Where its first row stands in the picture. */
  readonly top: number;
  /** Pixels that it drifts in the whole clip. */
  readonly drift: number;
}

interface Point {
  readonly x: number;
  readonly y: number;
}

/** How much wider than the picture a layer is; none drifts farther. */
const MARGIN = 0.16;
const LAYERS = 4;

/**
 * A drawn place of its own for each prompt: sky, layers of land that drift at different speeds, weather. The
 * layers are drawn once; a frame only puts them together.
 */
export function paintBackdrop(stage: Stage, prompt: string): Paint {
  const mood = moodOf(prompt, stage.seed);
  const chance = chanceOf(`backdrop ${stage.seed}`);
  const light = {
    x: stage.width * between(chance, 0.22, 0.78),
    y: stage.height * between(chance, 0.2, 0.42),
  };
  const sky = drawSky(stage, mood, light, chance);
  const { layers, lamp } = drawLayers(stage, mood, light.x, chance);
  const weather = paintWeather(stage, mood);
  const direction = chance() < 0.5 ? -1 : 1;
  return async (g, at) => {
    const t = stage.frames > 1 ? at / (stage.frames - 1) : 0;
    g.drawImage(sky, 0, 0);
    const shift = (layer: Layer): number => offsetOf(stage, layer, direction, t);
    for (const [i, layer] of layers.entries()) {
      g.drawImage(layer.canvas, shift(layer), layer.top);
      if (lamp && i === lamp.layer) drawBeam(g, stage, mood, lamp.x + shift(layer), lamp.y, at);
    }
    await weather(g, at);
  };
}

/** Starts from one end of the margin for one direction, from the other for the other. */
function offsetOf({ width }: Stage, { drift }: Layer, direction: number, t: number): number {
  const eased = mix(t, 0.5 - Math.cos(t * Math.PI) / 2, 0.4);
  return (-width * MARGIN) / 2 + direction * drift * (eased - 0.5);
}

function drawSky({ width, height }: Stage, mood: Mood, light: Point, chance: Chance): Canvas {
  const canvas = createCanvas(width, height);
  const g = canvas.getContext("2d");
  const { high, middle, low, glow } = mood.palette;
  const sky = g.createLinearGradient(0, 0, 0, height * 0.8);
  sky.addColorStop(0, high);
  sky.addColorStop(0.55, middle);
  sky.addColorStop(1, low);
  g.fillStyle = sky;
  g.fillRect(0, 0, width, height);
  if (mood.stars) drawStars(g, width, height, chance);
  drawLight(g, { width, height }, light, { glow, size: between(chance, 0.045, 0.075) });
  drawClouds(g, { width, height }, glow, chance);
  return canvas;
}

function drawStars(g: SKRSContext2D, width: number, height: number, chance: Chance): void {
  for (let i = 0; i < 170; i++) {
    g.fillStyle = `rgba(255,255,255,${between(chance, 0.15, 0.9) ** 2})`;
    const size = between(chance, 0.6, 1.7);
    g.fillRect(chance() * width, chance() ** 1.4 * height * 0.6, size, size);
  }
}

/** The sun or the moon, with the light around it. */
function drawLight(
  g: SKRSContext2D,
  { width, height }: { width: number; height: number },
  { x, y }: Point,
  { glow, size }: { glow: string; size: number },
): void {
  const radius = Math.min(width, height) * size;
  const halo = g.createRadialGradient(x, y, radius * 0.4, x, y, Math.max(width, height) * 0.5);
  halo.addColorStop(0, withAlpha(glow, 0.75));
  halo.addColorStop(0.12, withAlpha(glow, 0.34));
  halo.addColorStop(0.45, withAlpha(glow, 0.09));
  halo.addColorStop(1, withAlpha(glow, 0));
  g.fillStyle = halo;
  g.fillRect(0, 0, width, height);
  g.fillStyle = withAlpha(glow, 0.94);
  g.beginPath();
  g.arc(x, y, radius, 0, Math.PI * 2);
  g.fill();
}

/** Long soft streaks: flat ellipses whose light falls off to their edge. */
function drawClouds(
  g: SKRSContext2D,
  { width, height }: { width: number; height: number },
  glow: string,
  chance: Chance,
): void {
  for (let i = 0; i < 11; i++) {
    const long = width * between(chance, 0.14, 0.42);
    g.save();
    g.translate(chance() * width, height * between(chance, 0.08, 0.5));
    g.scale(1, between(chance, 0.035, 0.075));
    const soft = g.createRadialGradient(0, 0, 0, 0, 0, long);
    soft.addColorStop(0, withAlpha(glow, between(chance, 0.08, 0.26)));
    soft.addColorStop(1, withAlpha(glow, 0));
    g.fillStyle = soft;
    g.fillRect(-long, -long, long * 2, long * 2);
    g.restore();
  }
}

const SILHOUETTES = {
  mountains: drawMountains,
  dunes: drawDunes,
  sea: drawSea,
  lighthouse: drawSea,
  city: drawCity,
  forest: drawForest,
} as const;

interface Lamp extends Point {
  /** The layer that it stands on. */
  readonly layer: number;
}

function drawLayers(
  stage: Stage,
  mood: Mood,
  lightX: number,
  chance: Chance,
): { readonly layers: readonly Layer[]; readonly lamp?: Lamp } {
  const { motif } = mood;
  if (motif === "room") {
    const canvas = createCanvas(Math.ceil(stage.width * (1 + MARGIN)), stage.height);
    drawRoom(canvas, mood.palette, chance);
    return { layers: [{ canvas, top: 0, drift: stage.width * MARGIN * 0.55 }] };
  }
  let lamp: Lamp | undefined;
  const whole = Array.from({ length: LAYERS }, (_, i) => {
    const nearness = i / (LAYERS - 1);
    return drawLayer(stage, mood, nearness, (given) => {
      const ground = { ...given, chance, lightX: lightX + (stage.width * MARGIN) / 2 };
      if (motif === "lighthouse" && i === 1) lamp = { layer: i, ...drawLighthouse(ground) };
      SILHOUETTES[motif](ground);
    });
  });
  const drifts = whole.map((_, i) => stage.width * MARGIN * mix(0.12, 0.95, i / (LAYERS - 1)));
  const layers = cutHidden(whole).map((part, i) => ({ ...part, drift: drifts[i] ?? 0 }));
  return { layers, ...(lamp && { lamp }) };
}

/** One silhouette on a canvas of its own, filled from its colour at the top to the haze at its foot. */
function drawLayer(
  stage: Stage,
  mood: Mood,
  nearness: number,
  draw: (ground: Omit<Ground, "chance" | "lightX">) => void,
): Canvas {
  const { palette } = mood;
  const width = Math.ceil(stage.width * (1 + MARGIN));
  const canvas = createCanvas(width, stage.height);
  const g = canvas.getContext("2d");
  const body = blend(palette.far, palette.near, nearness ** 0.8);
  const haze = blend(body, palette.low, 0.55 * (1 - nearness));
  const fill = g.createLinearGradient(0, stage.height * (0.3 + 0.3 * nearness), 0, stage.height);
  fill.addColorStop(0, body);
  fill.addColorStop(1, haze);
  g.fillStyle = fill;
  draw({ g, width, height: stage.height, nearness, glow: palette.glow });
  return canvas;
}

/** Leaves out of each layer, far to near, the rows that are empty and those that a nearer one hides. */
function cutHidden(layers: readonly Canvas[]): { canvas: Canvas; top: number }[] {
  const cut: { canvas: Canvas; top: number }[] = [];
  let bottom = layers[0]?.height ?? 0;
  for (const canvas of [...layers].reverse()) {
    const { top, solidFrom } = rowsOf(canvas);
    const part = createCanvas(canvas.width, Math.max(1, bottom - top));
    part.getContext("2d").drawImage(canvas, 0, -top);
    cut.unshift({ canvas: part, top });
    bottom = Math.min(bottom, solidFrom);
  }
  return cut;
}

/** The first row with anything in it, and the first from which on nothing shines through. */
function rowsOf(canvas: Canvas): { top: number; solidFrom: number } {
  const data = canvas.data();
  const row = canvas.width * 4;
  const alphaOf = (y: number, wanted: (alpha: number) => boolean): boolean => {
    for (let at = y * row + 3; at < (y + 1) * row; at += 4) if (!wanted(data[at] ?? 0)) return false;
    return true;
  };
  let top = 0;
  while (top < canvas.height - 1 && alphaOf(top, (alpha) => alpha === 0)) top++;
  let solidFrom = canvas.height;
  while (solidFrom > top && alphaOf(solidFrom - 1, (alpha) => alpha === 255)) solidFrom--;
  return { top, solidFrom };
}

/** The beam of a lighthouse, turning once in six seconds: long when it is seen from the side. */
function drawBeam(g: SKRSContext2D, stage: Stage, mood: Mood, x: number, y: number, at: number): void {
  const turn = Math.cos((at / 24 / 6) * Math.PI * 2);
  const { glow } = mood.palette;
  const reach = stage.width * 0.7 * turn;
  const open = stage.height * 0.075 * (0.4 + Math.abs(turn));
  const light = g.createLinearGradient(x, y, x + reach, y);
  light.addColorStop(0, withAlpha(glow, 0.6));
  light.addColorStop(1, withAlpha(glow, 0));
  g.fillStyle = light;
  g.beginPath();
  g.moveTo(x, y - 2);
  g.lineTo(x + reach, y - open);
  g.lineTo(x + reach, y + open);
  g.lineTo(x, y + 2);
  g.fill();
  const size = stage.height * (0.03 + 0.05 * (1 - Math.abs(turn)));
  const flare = g.createRadialGradient(x, y, 0, x, y, size);
  flare.addColorStop(0, withAlpha(glow, 0.95));
  flare.addColorStop(1, withAlpha(glow, 0));
  g.fillStyle = flare;
  g.fillRect(x - size, y - size, size * 2, size * 2);
}
