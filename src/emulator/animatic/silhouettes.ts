import type { SKRSContext2D } from "@napi-rs/canvas";
import { between, roughLine, type Chance } from "./chance.ts";
import { withAlpha } from "./mood.ts";

/** What a silhouette is drawn on: wider than the picture, so that it can drift. */
export interface Ground {
  readonly g: SKRSContext2D;
  readonly width: number;
  readonly height: number;
  readonly chance: Chance;
  /** 0 is the farthest layer, 1 the nearest. */
  readonly nearness: number;
  /** Where the sun or the moon stands above it. */
  readonly lightX: number;
  /** Colour of light that falls on it. */
  readonly glow: string;
}

/** All these fill their shape with the fill style that is set; heights count from the top. */
export function drawMountains({ g, width, height, chance, nearness }: Ground): void {
  const line = roughLine(chance, 6);
  const reach = height * (0.52 - 0.24 * nearness);
  const base = height * (0.42 + 0.3 * nearness);
  const period = width / (4 + 3 * nearness);
  fillBelow(g, width, height, (x) => {
    const ridge = 1 - Math.abs(2 * line(x / period) - 1);
    return base + reach * (0.55 - ridge * 0.85);
  });
}

export function drawDunes({ g, width, height, chance, nearness }: Ground): void {
  const line = roughLine(chance, 2);
  const base = height * (0.46 + 0.26 * nearness);
  fillBelow(g, width, height, (x) => base + height * 0.22 * (line((x / width) * 3.2) - 0.5));
}

export function drawSea(ground: Ground): void {
  const { g, width, height, chance, nearness } = ground;
  const base = height * (0.52 + 0.3 * nearness);
  const phase = chance() * 7;
  const length = width / (34 - 22 * nearness);
  const swell = height * 0.011 * nearness;
  fillBelow(g, width, height, (x) => base + swell * wave(x / length + phase));
  drawGlints(ground, base);
}

/** Sharper at the crest than in the trough, as water is. */
function wave(x: number): number {
  return 0.6 - 1.2 * Math.abs(Math.sin(x)) ** 0.9 + 0.5 * Math.sin(x * 0.37) + 0.25 * Math.sin(x * 2.3);
}

/** Short bars of light, most of them in a lane below the sun that grows wider towards the camera. */
function drawGlints({ g, width, height, chance, nearness, lightX, glow }: Ground, base: number): void {
  const fill = g.fillStyle;
  for (let i = 0; i < 150; i++) {
    const depth = chance() ** 1.4;
    const y = base + height * (0.008 + 0.22 * depth);
    const lane = i % 5 > 0;
    const away = (chance() + chance() - 1) * width * (0.035 + 0.13 * depth + 0.05 * nearness);
    const x = lane ? lightX + away : chance() * width;
    const long = width * between(chance, 0.006, 0.028) * (0.5 + depth);
    g.fillStyle = withAlpha(glow, between(chance, 0.05, 0.34) * (lane ? 1 : 0.35) * (1 - 0.55 * nearness));
    g.fillRect(x - long / 2, y, long, Math.max(1, height * 0.0028 * (0.6 + depth)));
  }
  g.fillStyle = fill;
}

export function drawCity({ g, width, height, chance, nearness, glow }: Ground): void {
  const ground = height * (0.72 + 0.16 * nearness);
  const scale = height * (0.5 - 0.1 * nearness);
  for (let x = -10; x < width;) {
    const wide = width * between(chance, 0.022, 0.06) * (0.7 + nearness * 0.7);
    const tall = scale * (0.25 + 0.75 * chance() ** 1.6);
    g.fillRect(x, ground - tall, wide + 1, height);
    if (chance() < 0.3) g.fillRect(x + wide * 0.45, ground - tall * 1.16, wide * 0.06, tall * 0.2);
    lightWindows(g, chance, { x, y: ground - tall, wide, tall }, { glow, nearness, height });
    x += wide * between(chance, 0.96, 1.25);
  }
}

function lightWindows(
  g: SKRSContext2D,
  chance: Chance,
  house: { x: number; y: number; wide: number; tall: number },
  light: { glow: string; nearness: number; height: number },
): void {
  const step = light.height * (0.014 + 0.012 * light.nearness);
  const fill = g.fillStyle;
  for (let y = house.y + step; y < house.y + house.tall - step; y += step * 1.5) {
    for (let x = house.x + step * 0.6; x < house.x + house.wide - step * 0.7; x += step * 1.1) {
      if (chance() > 0.22 + 0.12 * light.nearness) continue;
      g.fillStyle = withAlpha(light.glow, between(chance, 0.2, 0.75));
      g.fillRect(x, y, step * 0.45, step * 0.65);
    }
  }
  g.fillStyle = fill;
}

export function drawForest({ g, width, height, chance, nearness }: Ground): void {
  const line = roughLine(chance, 3);
  const ground = (x: number): number =>
    height * (0.56 + 0.24 * nearness + 0.08 * (line((x / width) * 5) - 0.5));
  fillBelow(g, width, height, ground);
  const size = height * (0.12 + 0.26 * nearness);
  for (let x = -size; x < width + size; x += size * between(chance, 0.1, 0.34)) {
    drawConifer(g, x, ground(x) + 4, size * between(chance, 0.55, 1.2));
  }
}

function drawConifer(g: SKRSContext2D, x: number, foot: number, tall: number): void {
  const tiers = 6;
  g.beginPath();
  g.moveTo(x, foot - tall);
  for (let i = 1; i <= tiers; i++) {
    const y = foot - tall + (tall * i) / tiers;
    const wide = (tall * 0.17 * i) / tiers;
    g.lineTo(x + wide, y);
    g.lineTo(x + wide * 0.55, y - tall * 0.02);
  }
  for (let i = tiers; i >= 1; i--) {
    const y = foot - tall + (tall * i) / tiers;
    const wide = (tall * 0.17 * i) / tiers;
    g.lineTo(x - wide * 0.55, y - tall * 0.02);
    g.lineTo(x - wide, y);
  }
  g.fill();
}

/** A headland with a tower; answers where its lamp is. */
export function drawLighthouse({ g, width, height, chance }: Ground): { x: number; y: number } {
  const line = roughLine(chance, 5);
  const x = width * 0.7;
  const foot = height * 0.5;
  fillBelow(g, width, height, (at) => {
    const away = Math.abs(at - x) / width;
    return foot + height * (away ** 1.7 * 4 + 0.045 * (line((at / width) * 18) - 0.5)) + 4;
  });
  const tall = height * 0.36;
  const wide = tall * 0.13;
  g.beginPath();
  g.moveTo(x - wide, foot + 10);
  g.lineTo(x - wide * 0.62, foot - tall * 0.76);
  g.lineTo(x + wide * 0.62, foot - tall * 0.76);
  g.lineTo(x + wide, foot + 10);
  g.fill();
  g.fillRect(x - wide * 0.95, foot - tall * 0.79, wide * 1.9, tall * 0.035);
  g.fillRect(x - wide * 0.5, foot - tall * 0.9, wide, tall * 0.12);
  g.beginPath();
  g.moveTo(x - wide * 0.7, foot - tall * 0.89);
  g.lineTo(x, foot - tall);
  g.lineTo(x + wide * 0.7, foot - tall * 0.89);
  g.fill();
  return { x, y: foot - tall * 0.84 };
}

function fillBelow(g: SKRSContext2D, width: number, height: number, line: (x: number) => number): void {
  g.beginPath();
  g.moveTo(-2, height + 2);
  for (let x = -2; x <= width + 2; x += 2) g.lineTo(x, line(x));
  g.lineTo(width + 2, height + 2);
  g.fill();
}
