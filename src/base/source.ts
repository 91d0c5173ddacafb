/** A text that somebody wrote, with the name under which a person knows it. */
export interface Source {
  /** As shown in diagnostics: relative to the working directory where possible, `/` as separator. */
  readonly name: string;
  /** Absolute path; empty for texts that came from no file. */
  readonly path: string;
  readonly text: string;
  /** Offset of the first character of each line. */
  readonly lineStarts: readonly number[];
}

/** A stretch of a source, in UTF-16 offsets, end excluded. */
export interface Span {
  readonly source: Source;
  readonly start: number;
  readonly end: number;
}

/** Line and column, both from 1. A column counts what a person counts: characters, not UTF-16 units. */
export interface Position {
  readonly line: number;
  readonly column: number;
}

export function createSource(name: string, path: string, text: string): Source {
  const lineStarts = [0];
  for (let at = text.indexOf("\n"); at !== -1; at = text.indexOf("\n", at + 1)) lineStarts.push(at + 1);
  return { name, path, text, lineStarts };
}

/** Zero-based index of the line that holds `offset`. */
export function lineIndexAt(source: Source, offset: number): number {
  let low = 0;
  let high = source.lineStarts.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((source.lineStarts[middle] ?? 0) <= offset) low = middle;
    else high = middle - 1;
  }
  return low;
}

/** The text of a line without its line break; a leading byte order mark is not part of the text. */
export function lineText(source: Source, lineIndex: number): string {
  const start = source.lineStarts[lineIndex] ?? source.text.length;
  const end = source.lineStarts[lineIndex + 1] ?? source.text.length + 1;
  const line = source.text.slice(start, end - 1);
  return (line.endsWith("\r") ? line.slice(0, -1) : line).replace(/^\uFEFF/, "");
}

export function positionAt(source: Source, offset: number): Position {
  const clamped = Math.max(0, Math.min(offset, source.text.length));
  const line = lineIndexAt(source, clamped);
  const before = source.text.slice(source.lineStarts[line] ?? 0, clamped).replace(/^\uFEFF/, "");
  return { line: line + 1, column: countCharacters(before) + 1 };
}

/** Code points: an emoji beyond the basic plane is one character to the person who reads the column. */
function countCharacters(text: string): number {
  let count = 0;
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    if (unit >= 0xd800 && unit < 0xdc00 && i + 1 < text.length) i++;
    count++;
  }
  return count;
}
