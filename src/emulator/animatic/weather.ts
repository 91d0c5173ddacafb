import { createCanvas, type Canvas, type SKRSContext2D } from "@napi-rs/canvas";
import { between, chanceOf } from "./chance.ts";
import { withAlpha, type Mood } from "./mood.ts";
import type { Paint, Stage } from "./stage.ts";

interface Grain {
  readonly x: number;
  readonly y: number;
  readonly speed: number;
  readonly size: number;
}

const DROPS = { clear: 16, rain: 130, snow: 90 } as const;

/** Rain, snow, or a few motes in the light: what moves in an otherwise calm picture. */
export function paintWeather(stage: Stage, { weather, palette }: Mood): Paint {
  const chance = chanceOf(`weather ${stage.seed}`);
  const grains = Array.from({ length: DROPS[weather] }, () => ({
    x: chance(),
    y: chance(),
    speed: between(chance, 0.7, 1.3),
    size: between(chance, 0.4, 1),
  }));
  switch (weather) {
    case "rain":
      return paintRain(stage, grains);
    case "snow":
      return paintFlakes(stage, grains, softDot(stage.unit * 5, "#ffffff", 0.85), { fall: 0.1, sway: 0.02 });
    case "clear":
      return paintFlakes(stage, grains, softDot(stage.unit * 11, palette.glow, 0.2), {
        fall: -0.012,
        sway: 0.015,
      });
  }
}

function paintRain({ width, height, unit }: Stage, grains: readonly Grain[]): Paint {
  return (g, at) => {
    g.strokeStyle = "rgba(225,235,242,0.26)";
    g.lineWidth = unit * 1.1;
    g.beginPath();
    for (const { x, y, speed, size } of grains) {
      const fallen = (y + (at / 24) * speed * 1.9) % 1;
      const left = ((x - fallen * 0.16 + 1) % 1) * width * 1.1;
      const long = height * 0.07 * size;
      g.moveTo(left, fallen * height * 1.1);
      g.lineTo(left - long * 0.2, fallen * height * 1.1 + long);
    }
    g.stroke();
  };
}

function paintFlakes(
  { width, height }: Stage,
  grains: readonly Grain[],
  dot: Canvas,
  { fall, sway }: { fall: number; sway: number },
): Paint {
  return (g, at) => {
    for (const { x, y, speed, size } of grains) {
      const down = (((y + (at / 24) * speed * fall) % 1) + 1) % 1;
      const left = x + sway * Math.sin(at / 24 + x * 40);
      const wide = dot.width * size;
      g.drawImage(dot, left * width - wide / 2, down * height * 1.05 - wide, wide, wide);
    }
  };
}

function softDot(radius: number, colour: string, alpha: number): Canvas {
  const canvas = createCanvas(Math.ceil(radius * 2), Math.ceil(radius * 2));
  const g = canvas.getContext("2d");
  const soft = g.createRadialGradient(radius, radius, 0, radius, radius, radius);
  soft.addColorStop(0, withAlpha(colour, alpha));
  soft.addColorStop(1, withAlpha(colour, 0));
  g.fillStyle = soft;
  g.fillRect(0, 0, radius * 2, radius * 2);
  return canvas;
}

const GRAIN_MARGIN = 48;

/** Film grain: one sheet of noise, put down at another place in each frame. */
export function paintGrain(stage: Stage): Paint {
  const chance = chanceOf(`grain ${stage.seed}`);
  const sheet = noiseSheet(stage.width + GRAIN_MARGIN, stage.height + GRAIN_MARGIN);
  const places = Array.from({ length: stage.frames }, () => [
    -Math.floor(chance() * GRAIN_MARGIN),
    -Math.floor(chance() * GRAIN_MARGIN),
  ]);
  return (g: SKRSContext2D, at) => {
    const [x = 0, y = 0] = places[at] ?? [];
    g.drawImage(sheet, x, y);
  };
}

const sheets = new Map<string, Canvas>();

/** The same for all clips of a size, since nobody can tell two sheets of noise apart. */
function noiseSheet(width: number, height: number): Canvas {
  const key = `${width}x${height}`;
  const known = sheets.get(key);
  if (known) return known;
  const canvas = createCanvas(width, height);
  const g = canvas.getContext("2d");
  const image = g.createImageData(width, height);
  const words = new Uint32Array(image.data.buffer);
  const chance = chanceOf("noise sheet");
  for (let i = 0; i < words.length; i++) {
    const value = chance();
    const alpha = Math.round(Math.abs(value - 0.5) * 26);
    words[i] = (alpha << 24) | (value > 0.5 ? 0xffffff : 0);
  }
  g.putImageData(image, 0, 0);
  sheets.set(key, canvas);
  return canvas;
}
