import { createCanvas, type Canvas, type SKRSContext2D } from "@napi-rs/canvas";
import { bandTop } from "./band.ts";
import { chanceOf, between } from "./chance.ts";
import { setFont } from "./fonts.ts";
import { smooth, type Paint, type Stage } from "./stage.ts";

/** A reference, as a print that lies on the picture. */
export interface Card {
  readonly picture: Canvas;
  /** `Image 1` */
  readonly caption: string;
}

export type CardPlace =
  /** In the middle of the picture: the references are what the shot is about. */
  | "middle"
  /** Small, along the top: the shot is about something else. */
  | "top";

interface Placed extends Card {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** All prints on one sheet, which drifts a little and comes in within the first half second. */
export function paintCards(stage: Stage, cards: readonly Card[], place: CardPlace): Paint {
  if (cards.length === 0) return () => undefined;
  const canvas = createCanvas(stage.width, bandTop(stage));
  const g = canvas.getContext("2d");
  const chance = chanceOf(`cards ${stage.seed}`);
  for (const card of placeCards(stage, cards, place))
    drawCard(g, stage, card, between(chance, -0.022, 0.022));
  return (target, at) => {
    const seconds = at / 24;
    const arrived = smooth(seconds / 0.6);
    target.globalAlpha = arrived;
    target.drawImage(canvas, 0, (1 - arrived) * 14 * stage.unit + Math.sin(seconds * 0.9) * 1.6 * stage.unit);
    target.globalAlpha = 1;
  };
}

/** Tries one row, two rows and so on, and takes the one in which the prints are largest. */
function placeCards(stage: Stage, cards: readonly Card[], place: CardPlace): Placed[] {
  const gap = 20 * stage.unit;
  const margin = 34 * stage.unit;
  const width = stage.width - margin * 2;
  const height = (bandTop(stage) - margin) * (place === "middle" ? 1 : 0.5);
  const most = height * (place === "middle" ? 0.78 : 0.8);
  const caption = 24 * stage.unit;
  const choices = cards.map((_, i) => {
    const rows = rowsOf(cards, i + 1);
    const widest = Math.max(
      ...rows.map((row) => row.reduce((sum, { picture }) => sum + picture.width / picture.height, 0)),
    );
    const longest = Math.max(...rows.map((row) => row.length));
    const byWidth = (width - gap * (longest - 1)) / widest;
    const byHeight = (height - gap * (rows.length - 1)) / rows.length - caption;
    return { rows, tall: Math.min(byWidth, byHeight, most) };
  });
  const best = choices.reduce((a, b) => (b.tall > a.tall + 1 ? b : a), choices[0] ?? { rows: [], tall: 0 });
  const block = best.rows.length * (best.tall + caption) + gap * (best.rows.length - 1);
  const top = place === "middle" ? Math.max(margin * 0.6, (bandTop(stage) - block) / 2) : margin * 0.8;
  return best.rows.flatMap((row, r) =>
    placeRow(row, best.tall, gap, { middle: stage.width / 2, top: top + r * (best.tall + caption + gap) }),
  );
}

function rowsOf(cards: readonly Card[], count: number): Card[][] {
  const each = Math.ceil(cards.length / count);
  return Array.from({ length: Math.ceil(cards.length / each) }, (_, i) =>
    cards.slice(i * each, (i + 1) * each),
  );
}

function placeRow(
  row: readonly Card[],
  tall: number,
  gap: number,
  at: { middle: number; top: number },
): Placed[] {
  const widths = row.map(({ picture }) => (tall * picture.width) / picture.height);
  let x = at.middle - (widths.reduce((sum, width) => sum + width, 0) + gap * (row.length - 1)) / 2;
  return row.map((card, i) => {
    const width = widths[i] ?? tall;
    const placed = { ...card, x, y: at.top, width, height: tall };
    x += width + gap;
    return placed;
  });
}

function drawCard(g: SKRSContext2D, { unit }: Stage, card: Placed, tilt: number): void {
  const edge = 4 * unit;
  g.save();
  g.translate(card.x + card.width / 2, card.y + card.height / 2);
  g.rotate(tilt);
  g.translate(-card.width / 2, -card.height / 2);
  g.shadowColor = "rgba(0,0,0,0.55)";
  g.shadowBlur = 16 * unit;
  g.shadowOffsetY = 5 * unit;
  g.fillStyle = "#f4f1ea";
  g.fillRect(-edge, -edge, card.width + edge * 2, card.height + edge * 2);
  g.shadowColor = "transparent";
  g.imageSmoothingQuality = "high";
  g.drawImage(card.picture, 0, 0, card.width, card.height);
  drawCaption(g, card, unit);
  g.restore();
}

function drawCaption(g: SKRSContext2D, card: Placed, unit: number): void {
  const size = 12.5 * unit;
  setFont(g, card.caption, size, 600);
  const width = g.measureText(card.caption).width + 14 * unit;
  const y = card.height + 8 * unit;
  g.fillStyle = "rgba(8,10,14,0.72)";
  g.beginPath();
  g.roundRect((card.width - width) / 2, y, width, 19 * unit, 9.5 * unit);
  g.fill();
  g.fillStyle = "#ffffff";
  g.fillText(card.caption, (card.width - width) / 2 + 7 * unit, y + 13.8 * unit);
}

/** A print for a sound: its loudness over time. */
export function soundPicture(samples: Float32Array): Canvas {
  const canvas = createCanvas(420, 240);
  const g = canvas.getContext("2d");
  g.fillStyle = "#1b222c";
  g.fillRect(0, 0, 420, 240);
  g.fillStyle = "#8fd0c6";
  const bars = 70;
  const each = Math.max(1, Math.floor(samples.length / bars));
  for (let bar = 0; bar < bars; bar++) {
    let peak = 0;
    for (let i = bar * each; i < (bar + 1) * each; i += 7) peak = Math.max(peak, Math.abs(samples[i] ?? 0));
    const tall = Math.max(3, Math.min(1, peak * 1.4) * 190);
    g.fillRect(8 + (bar * 404) / bars, 120 - tall / 2, 3.6, tall);
  }
  return canvas;
}
