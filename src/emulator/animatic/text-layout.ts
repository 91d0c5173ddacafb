/** Width of a text, in any unit that grows with it. */
type Measure = (text: string) => number;

interface TextBox {
  readonly width: number;
  readonly height: number;
}

interface TextLayout {
  readonly lines: readonly string[];
  /** Pixels. */
  readonly size: number;
  readonly lineHeight: number;
}

const LINE_HEIGHT = 1.38;
const ELLIPSIS = "…";

/**
 * The text in the largest size that fits the box; at the smallest it ends in an ellipsis if need be. `measure`
 * answers for a size of one pixel: widths grow with the size, so that each word is measured only once.
 */
export function fitText(
  text: string,
  box: TextBox,
  sizes: { readonly largest: number; readonly smallest: number },
  measure: Measure,
): TextLayout {
  const units = measured(text.replace(/\s+/gu, " ").trim(), measure);
  const step = Math.max(0.5, (sizes.largest - sizes.smallest) / 10);
  for (let size = sizes.largest; ; size = Math.max(sizes.smallest, size - step)) {
    const lineHeight = size * LINE_HEIGHT;
    const most = Math.max(1, Math.floor(box.height / lineHeight));
    const width = box.width / size;
    const lines = wrap(units, width, measure);
    if (lines.length <= most) return { lines, size, lineHeight };
    if (size > sizes.smallest) continue;
    const kept = lines.slice(0, most);
    const last = shorten(`${kept.pop() ?? ""}${ELLIPSIS}`, width, measure);
    return { lines: [...kept, last], size, lineHeight };
  }
}

/** Shortens a text that is too wide, with an ellipsis at its end. */
export function shorten(text: string, width: number, measure: Measure): string {
  if (measure(text) <= width) return text;
  const characters = [...text.replace(/…$/u, "")];
  while (characters.length > 1 && measure(characters.join("") + ELLIPSIS) > width) characters.pop();
  return characters.join("").trimEnd() + ELLIPSIS;
}

/** What may not stand at the beginning of a line, and what may not stand at its end. */
const NO_START = /^[，。！？、：；”’）》」』】…,.!?:;)\]}%]/u;
const NO_END = /[“‘（《「『【([{]$/u;
const PIECES =
  /\s+|[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}　-〿＀-｠]|[^\s\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}　-〿＀-｠]+/gu;

/** Lines no wider than `width`: Latin breaks at spaces, Chinese between any two characters. */
export function wrapText(text: string, width: number, measure: Measure): string[] {
  return wrap(measured(text, measure), width, measure);
}

/** What stays together on a line, with its width. */
interface Unit {
  readonly text: string;
  readonly width: number;
}

function measured(text: string, measure: Measure): Unit[] {
  const known = new Map<string, Unit>();
  return unbreakable(text).map((part) => {
    const unit = known.get(part) ?? { text: part, width: measure(part) };
    known.set(part, unit);
    return unit;
  });
}

function wrap(units: readonly Unit[], width: number, measure: Measure): string[] {
  const lines: string[] = [];
  let line = "";
  let used = 0;
  const end = (): void => {
    if (line.trim() !== "") lines.push(line.trim());
    [line, used] = ["", 0];
  };
  for (const unit of units) {
    const blank = unit.text.trim() === "";
    if (blank && line === "") continue;
    // Blanks may hang over the edge: they are cut off at the end of a line.
    if (!blank && line !== "" && used + unit.width > width) end();
    line += unit.text;
    used += unit.width;
    while (!blank && used > width && [...line].length > 1) {
      const head = headThatFits(line, width, measure);
      lines.push(head);
      line = line.slice(head.length);
      used = measure(line);
    }
  }
  end();
  return lines;
}

/** Words and characters, with the punctuation that has to stay with them. */
function unbreakable(text: string): string[] {
  const units: string[] = [];
  for (const piece of text.match(PIECES) ?? []) {
    const last = units.at(-1);
    if (last !== undefined && (NO_START.test(piece) || NO_END.test(last)))
      units[units.length - 1] = last + piece;
    else units.push(piece);
  }
  return units;
}

function headThatFits(text: string, width: number, measure: Measure): string {
  const characters = [...text];
  let count = 1;
  while (count < characters.length && measure(characters.slice(0, count + 1).join("")) <= width) count++;
  return characters.slice(0, count).join("");
}
