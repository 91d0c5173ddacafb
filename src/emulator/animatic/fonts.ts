import { GlobalFonts, type SKRSContext2D } from "@napi-rs/canvas";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";

/** One file of the font, with the characters in it. */
interface Slice {
  readonly family: string;
  readonly file: string;
  /** Code points, from and to, both included. */
  readonly ranges: readonly (readonly [number, number])[];
  registered: boolean;
}

let slices: readonly Slice[] | undefined;

/**
 * Sets the font for `text`: Noto Sans SC in pixels and weight 100 to 900. The font comes in a hundred slices;
 * those that the text needs are loaded and named in a stack, each a family of its own, because among files of
 * one family the canvas takes one and draws boxes for the rest.
 */
export function setFont(g: SKRSContext2D, text: string, size: number, weight: number): void {
  const families = slicesFor(text).map(({ family }) => `"${family}"`);
  g.font = `${size}px ${families.join(", ")}`;
  g.fontVariationSettings = `'wght' ${weight}`;
}

/** The stacks of short texts that are drawn again and again, such as the digits of the clock. */
const known = new Map<string, Slice[]>();

function slicesFor(text: string): Slice[] {
  const found = known.get(text) ?? findSlices(text);
  if (text.length < 16 && known.size < 500) known.set(text, found);
  return found;
}

function findSlices(text: string): Slice[] {
  slices ??= readSlices();
  const points = [...new Set(text)].map((character) => character.codePointAt(0) ?? 0);
  const needed = slices.filter(
    ({ family, ranges }) =>
      family === LATIN || points.some((point) => ranges.some(([from, to]) => point >= from && point <= to)),
  );
  for (const slice of needed) {
    if (!slice.registered) GlobalFonts.registerFromPath(slice.file, slice.family);
    slice.registered = true;
  }
  return needed;
}

const PREFIX = "storyc-sans-";
const LATIN = `${PREFIX}latin`;

function readSlices(): Slice[] {
  const require = createRequire(import.meta.url);
  const table = require.resolve("@fontsource-variable/noto-sans-sc/unicode.json");
  const ranges: Record<string, string> = JSON.parse(readFileSync(table, "utf8")) as Record<string, string>;
  const found = Object.entries(ranges).map(([key, text]) => {
    const name = key.replace(/[[\]]/g, "");
    const file = join(dirname(table), "files", `noto-sans-sc-${name}-wght-normal.woff2`);
    return { family: PREFIX + name, file, ranges: text.split(",").map(readRange), registered: false };
  });
  // Latin first: other slices hold some of its characters too, and digits must not change their face.
  return found.sort((a, b) => Number(b.family === LATIN) - Number(a.family === LATIN));
}

/** Reads `U+4e00-4eff` or `U+4e00`. */
function readRange(text: string): readonly [number, number] {
  const [from = 0, to = from] = text
    .trim()
    .replace(/^U\+/i, "")
    .split("-")
    .map((number) => Number.parseInt(number, 16));
  return [from, to];
}
