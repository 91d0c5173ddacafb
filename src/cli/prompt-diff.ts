import { displayWidth } from "./display-width.ts";

const COLUMNS = 100;
const MOST_LINES = 40;

/** Two texts as a `diff` block shows them: sentence by sentence, since a prompt is one long line. */
export function promptDiff(before: string, now: string): string {
  const [old, fresh] = [linesOf(before), linesOf(now)];
  const most = Math.min(old.length, fresh.length);
  let front = 0;
  while (front < most && old[front] === fresh[front]) front++;
  let back = 0;
  while (back < most - front && old.at(-1 - back) === fresh.at(-1 - back)) back++;
  return [
    ...signed(" ", old.slice(0, front)),
    ...signed("-", old.slice(front, old.length - back)),
    ...signed("+", fresh.slice(front, fresh.length - back)),
    ...signed(" ", old.slice(old.length - back)),
  ].join("\n");
}

function signed(sign: string, lines: readonly string[]): string[] {
  const shown = lines.slice(0, MOST_LINES).map((line) => `${sign} ${line}`);
  return lines.length > MOST_LINES ? [...shown, `${sign} …`] : shown;
}

function linesOf(text: string): string[] {
  const sentences = text.split(/(?<=[.!?…]["”’)]?)\s+|(?<=[。！？][”’」』]?)|\s*[\r\n]+\s*/u);
  return sentences.filter((one) => one !== "").flatMap(wrapped);
}

function wrapped(text: string): string[] {
  const lines: string[] = [];
  for (const word of text.split(/\s+/)) {
    const last = lines.at(-1);
    if (last === undefined || displayWidth(last) + displayWidth(word) >= COLUMNS) lines.push(word);
    else lines[lines.length - 1] = `${last} ${word}`;
  }
  return lines;
}
