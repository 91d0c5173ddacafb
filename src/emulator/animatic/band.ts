import { createCanvas, type Canvas, type SKRSContext2D } from "@napi-rs/canvas";
import { FRAMES_PER_SECOND } from "../../base/limits.ts";
import { setFont } from "./fonts.ts";
import { withAlpha } from "./mood.ts";
import { clamp, type Stage } from "./stage.ts";
import { fitText, shorten } from "./text-layout.ts";

/** What the band at the foot of the picture says. */
interface BandText {
  readonly scene: string;
  readonly take: number | undefined;
  readonly badge: string;
  readonly prompt: string;
  /** `#rrggbb` */
  readonly accent: string;
  /** Lets nothing through: the picture below may have a band of its own. */
  readonly solid: boolean;
  readonly watermark: boolean;
}

/** Draws the band over frame `at`; 0 is invisible, 1 fully there. */
export type PaintBand = (g: SKRSContext2D, at: number, alpha: number) => void;

interface Places {
  readonly left: number;
  readonly right: number;
  /** First row of the band. */
  readonly top: number;
  /** Base line of scene and timecode. */
  readonly title: number;
  /** The line between title and prompt. */
  readonly rule: number;
  readonly foot: number;
}

/** Where the band begins: pictures that must not lie under it end here. The same for all clips of a size. */
export function bandTop({ width, height }: { width: number; height: number }): number {
  return Math.round(height * (width > height * 1.9 ? 0.63 : width >= height ? 0.68 : 0.74));
}

/** Type, shade and rule are drawn once; a frame adds its timecode and how far the clip has come. */
export function paintBand(stage: Stage, text: BandText): PaintBand {
  const places = placesOf(stage);
  const sheet = drawSheet(stage, text, places);
  return (g, at, alpha) => {
    if (alpha <= 0) return;
    g.globalAlpha = alpha;
    g.drawImage(sheet, 0, 0);
    drawClock(g, stage, text, places, at);
    g.globalAlpha = 1;
  };
}

function placesOf(stage: Stage): Places {
  const { width, height, unit } = stage;
  const margin = Math.max(width, height) * 0.042;
  const top = bandTop(stage);
  const title = top + 42 * unit;
  return {
    left: margin,
    right: width - margin,
    top,
    title,
    rule: title + 13 * unit,
    foot: height - margin * 0.62,
  };
}

function drawSheet(stage: Stage, text: BandText, places: Places): Canvas {
  const canvas = createCanvas(stage.width, stage.height);
  const g = canvas.getContext("2d");
  if (!text.solid) drawVignette(g, stage);
  drawShade(g, stage, places, text.solid);
  drawTitle(g, stage, text, places);
  g.fillStyle = "rgba(255,255,255,0.22)";
  g.fillRect(places.left, places.rule, places.right - places.left, Math.max(1, stage.unit));
  drawPrompt(g, stage, text.prompt, places);
  if (text.watermark) drawWatermark(g, stage, places);
  return canvas;
}

function drawVignette(g: SKRSContext2D, { width, height }: Stage): void {
  const reach = Math.hypot(width, height) / 2;
  const shade = g.createRadialGradient(
    width / 2,
    height * 0.45,
    reach * 0.45,
    width / 2,
    height * 0.45,
    reach * 1.05,
  );
  shade.addColorStop(0, "rgba(0,0,0,0)");
  shade.addColorStop(1, "rgba(0,0,0,0.5)");
  g.fillStyle = shade;
  g.fillRect(0, 0, width, height);
}

function drawShade(g: SKRSContext2D, { width, height, unit }: Stage, { top }: Places, solid: boolean): void {
  const from = solid ? top - 2 * unit : top - 44 * unit;
  const shade = g.createLinearGradient(0, from, 0, height);
  if (solid) {
    shade.addColorStop(0, "rgba(10,12,17,1)");
  } else {
    shade.addColorStop(0, "rgba(6,8,12,0)");
    shade.addColorStop(0.3, "rgba(6,8,12,0.62)");
    shade.addColorStop(0.55, "rgba(6,8,12,0.8)");
  }
  shade.addColorStop(1, solid ? "rgba(8,10,14,1)" : "rgba(6,8,12,0.9)");
  g.fillStyle = shade;
  g.fillRect(0, from, width, height - from);
}

function drawTitle(g: SKRSContext2D, stage: Stage, text: BandText, places: Places): void {
  const { unit } = stage;
  const room = places.right - places.left - 92 * unit;
  const badge = badgeWidth(g, text.badge, unit);
  const name = text.scene || "—";
  const width = room - badge - 14 * unit;
  setFont(g, `${name}…`, 32 * unit, 750);
  // A long name is set smaller before it is cut.
  const size = 32 * unit * clamp(width / g.measureText(name).width, 0.6, 1);
  setFont(g, `${name}…`, size, 750);
  const shown = shorten(name, width, (part) => g.measureText(part).width);
  g.fillStyle = "#ffffff";
  g.fillText(shown, places.left, places.title);
  let x = places.left + g.measureText(shown).width + 14 * unit;
  drawBadge(g, text, x, places.title - 8.5 * unit, unit);
  x += badge + 10 * unit;
  if (text.take === undefined || text.take < 2) return;
  const take = `take ${text.take}`;
  setFont(g, take, 13 * unit, 450);
  if (x + g.measureText(take).width > places.right - 96 * unit) return;
  g.fillStyle = "rgba(255,255,255,0.72)";
  g.fillText(take, x, places.title - 4 * unit);
}

function badgeWidth(g: SKRSContext2D, badge: string, unit: number): number {
  setFont(g, badge, 12.5 * unit, 650);
  return g.measureText(badge).width + 20 * unit;
}

function drawBadge(
  g: SKRSContext2D,
  { badge, accent }: BandText,
  x: number,
  middle: number,
  unit: number,
): void {
  const width = badgeWidth(g, badge, unit);
  g.fillStyle = accent;
  g.beginPath();
  g.roundRect(x, middle - 11 * unit, width, 22 * unit, 11 * unit);
  g.fill();
  g.fillStyle = "#14161c";
  g.fillText(badge, x + 10 * unit, middle + 4.6 * unit);
}

function drawPrompt(g: SKRSContext2D, { unit }: Stage, prompt: string, places: Places): void {
  const top = places.rule + 7 * unit;
  const box = { width: places.right - places.left, height: places.foot - top };
  setFont(g, prompt, 100, 450);
  const measure = (part: string): number => g.measureText(part).width / 100;
  const layout = fitText(prompt, box, { largest: 21 * unit, smallest: 12.5 * unit }, measure);
  setFont(g, `${prompt}…`, layout.size, 450);
  g.fillStyle = "rgba(255,255,255,0.95)";
  layout.lines.forEach((line, i) => {
    g.fillText(line, places.left, top + layout.size * 1.08 + i * layout.lineHeight);
  });
}

function drawWatermark(g: SKRSContext2D, { unit }: Stage, { right, left }: Places): void {
  const size = 15 * unit;
  setFont(g, "AI", size, 700);
  g.strokeStyle = "rgba(255,255,255,0.75)";
  g.lineWidth = 1.5 * unit;
  g.beginPath();
  g.roundRect(right - 34 * unit, left * 0.8, 34 * unit, 24 * unit, 5 * unit);
  g.stroke();
  g.fillStyle = "rgba(255,255,255,0.85)";
  g.fillText("AI", right - 34 * unit + (34 * unit - g.measureText("AI").width) / 2, left * 0.8 + 17.5 * unit);
}

function drawClock(g: SKRSContext2D, stage: Stage, { accent }: BandText, places: Places, at: number): void {
  const { unit, frames } = stage;
  const done = frames > 1 ? at / (frames - 1) : 1;
  g.fillStyle = accent;
  g.fillRect(places.left, places.rule - unit, (places.right - places.left) * done, Math.max(2, 2.5 * unit));
  g.textAlign = "right";
  setFont(g, "0", 17 * unit, 600);
  g.fillStyle = "#ffffff";
  g.fillText(timecode(at), places.right, places.title - 9 * unit);
  setFont(g, "0", 10.5 * unit, 450);
  g.fillStyle = withAlpha("#ffffff", 0.7);
  g.fillText(`${at + 1} / ${frames}`, places.right, places.title + 5 * unit);
  g.textAlign = "left";
}

/** `SS:FF`, seconds and frames, with minutes before them where there are any. */
function timecode(frame: number): string {
  const two = (value: number): string => String(value).padStart(2, "0");
  const seconds = Math.floor(frame / FRAMES_PER_SECOND);
  return `${two(Math.floor(seconds / 60))}:${two(seconds % 60)}:${two(frame % FRAMES_PER_SECOND)}`;
}
