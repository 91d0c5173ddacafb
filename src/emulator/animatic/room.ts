import type { Canvas, SKRSContext2D } from "@napi-rs/canvas";
import { between, type Chance } from "./chance.ts";
import { blend, withAlpha, type Palette } from "./mood.ts";

interface Box {
  readonly x: number;
  readonly y: number;
  readonly wide: number;
  readonly tall: number;
}

/** An interior: a dark wall with a window that the sky shows through, its light on the floor, a table, a lamp. */
export function drawRoom(canvas: Canvas, palette: Palette, chance: Chance): void {
  const { width, height } = canvas;
  const g = canvas.getContext("2d");
  const floor = height * 0.7;
  drawWalls(g, { width, height, floor }, palette);
  const tall = height * 0.42;
  const window: Box = {
    x: width * between(chance, 0.3, 0.48),
    y: height * 0.13,
    tall,
    wide: tall * between(chance, 0.8, 1.25),
  };
  g.clearRect(window.x, window.y, window.wide, window.tall);
  drawFrame(g, window, blend(palette.near, "#000000", 0.35));
  drawShaft(g, window, floor, palette.glow);
  drawTable(g, { width, height, floor }, blend(palette.near, "#000000", 0.45), chance);
}

function drawWalls(
  g: SKRSContext2D,
  { width, height, floor }: { width: number; height: number; floor: number },
  { far, near, low }: Palette,
): void {
  const wall = g.createLinearGradient(0, 0, 0, floor);
  wall.addColorStop(0, blend(near, far, 0.22));
  wall.addColorStop(1, blend(near, far, 0.5));
  g.fillStyle = wall;
  g.fillRect(0, 0, width, floor);
  const ground = g.createLinearGradient(0, floor, 0, height);
  ground.addColorStop(0, blend(near, low, 0.3));
  ground.addColorStop(1, near);
  g.fillStyle = ground;
  g.fillRect(0, floor, width, height - floor);
  g.fillStyle = withAlpha("#000000", 0.25);
  g.fillRect(0, floor - height * 0.012, width, height * 0.012);
}

function drawFrame(g: SKRSContext2D, { x, y, wide, tall }: Box, colour: string): void {
  const bar = tall * 0.035;
  g.strokeStyle = colour;
  g.lineWidth = bar;
  g.strokeRect(x, y, wide, tall);
  g.fillStyle = colour;
  g.fillRect(x + wide / 2 - bar / 3, y, bar * 0.66, tall);
  g.fillRect(x, y + tall * 0.42, wide, bar * 0.66);
  g.fillRect(x - bar * 1.6, y + tall, wide + bar * 3.2, bar * 1.3);
}

/** The light that falls through the window, slanting to the floor. */
function drawShaft(g: SKRSContext2D, { x, y, wide, tall }: Box, floor: number, glow: string): void {
  const slant = wide * 0.75;
  const light = g.createLinearGradient(x, y, x + slant, floor + tall * 0.5);
  light.addColorStop(0, withAlpha(glow, 0.34));
  light.addColorStop(1, withAlpha(glow, 0.02));
  g.fillStyle = light;
  g.beginPath();
  g.moveTo(x, y + tall);
  g.lineTo(x + wide, y + tall);
  g.lineTo(x + wide, y);
  g.lineTo(x + wide + slant * 1.5, floor + tall * 0.42);
  g.lineTo(x + slant, floor + tall * 0.42);
  g.fill();
  g.fillStyle = withAlpha(glow, 0.2);
  for (const [from, to] of [
    [0.02, 0.47],
    [0.53, 0.98],
  ] as const) {
    g.beginPath();
    g.moveTo(x + slant * 0.55 + wide * from, floor + tall * 0.06);
    g.lineTo(x + slant * 0.55 + wide * to, floor + tall * 0.06);
    g.lineTo(x + slant + wide * (to + 0.12), floor + tall * 0.3);
    g.lineTo(x + slant + wide * (from + 0.04), floor + tall * 0.3);
    g.fill();
  }
}

function drawTable(
  g: SKRSContext2D,
  { width, height, floor }: { width: number; height: number; floor: number },
  colour: string,
  chance: Chance,
): void {
  const x = width * between(chance, 0.08, 0.16);
  const wide = width * 0.24;
  const top = floor - height * 0.1;
  g.fillStyle = colour;
  g.fillRect(x, top, wide, height * 0.022);
  g.fillRect(x + wide * 0.06, top, wide * 0.035, height * 0.24);
  g.fillRect(x + wide * 0.9, top, wide * 0.035, height * 0.24);
  const lamp = x + wide * 0.3;
  g.fillRect(lamp - 2, top - height * 0.13, 4, height * 0.13);
  g.fillRect(lamp - wide * 0.07, top - height * 0.012, wide * 0.14, height * 0.012);
  g.beginPath();
  g.moveTo(lamp - wide * 0.05, top - height * 0.19);
  g.lineTo(lamp + wide * 0.05, top - height * 0.19);
  g.lineTo(lamp + wide * 0.12, top - height * 0.11);
  g.lineTo(lamp - wide * 0.12, top - height * 0.11);
  g.fill();
}
