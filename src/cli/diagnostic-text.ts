import type { Diagnostic, Severity } from "../base/diagnostic.ts";
import { lineIndexAt, lineText, positionAt, type Source, type Span } from "../base/source.ts";
import { displayWidth } from "./display-width.ts";
import type { Terminal } from "./terminal.ts";

const COLOURS: Record<Severity, "red" | "yellow" | "cyan"> = {
  error: "red",
  warning: "yellow",
  info: "cyan",
};

interface Mark {
  readonly span: Span;
  readonly message: string;
  readonly sign: "^" | "-";
}

/** A diagnostic as a person reads it: the message, the place, the lines with their marks, the way out. */
export function diagnosticText(
  diagnostic: Diagnostic,
  terminal: Pick<Terminal, "style" | "columns">,
): string {
  const { severity, code, span, labels, note } = diagnostic;
  const message = visible(diagnostic.message);
  const help = diagnostic.help === undefined ? undefined : visible(diagnostic.help);
  const colour = COLOURS[severity];
  const head = `${terminal.style([colour, "bold"], `${severity}[${code}]`)}: ${terminal.style("bold", message)}`;
  if (!span) return [head, ...(help ? [`  = help: ${help}`] : [])].join("\n");
  const marks: Mark[] = [
    { span, message: note ?? "", sign: "^" },
    ...labels.map((label): Mark => ({ ...label, sign: "-" })),
  ];
  const gutter = Math.max(
    ...marks.map((mark) => String(positionAt(mark.span.source, mark.span.start).line).length),
  );
  const pad = " ".repeat(gutter);
  const { line, column } = positionAt(span.source, span.start);
  const body = snippets(
    span.source,
    marks,
    gutter,
    (sign, text) => terminal.style(sign === "^" ? colour : "blue", text),
    terminal.columns,
  );
  return [
    head,
    `${pad} ${terminal.style("blue", "-->")} ${span.source.name}:${line}:${column}`,
    `${pad} |`,
    ...body,
    ...(help ? [`${pad} |`, `${pad} = ${terminal.style("bold", "help")}: ${help}`] : []),
  ].join("\n");
}

type Paint = (sign: "^" | "-", text: string) => string;

/** Marks of the main file in the order of its lines; those of other files below, each with its own place. */
function snippets(
  main: Source,
  marks: readonly Mark[],
  gutter: number,
  paint: Paint,
  columns: number,
): string[] {
  const pad = " ".repeat(gutter);
  const lines: string[] = [];
  const here = marks.filter(({ span }) => span.source === main).sort((a, b) => a.span.start - b.span.start);
  let previous: number | undefined;
  let shown: string | undefined;
  for (const mark of here) {
    const index = lineIndexAt(main, mark.span.start);
    if (previous !== undefined && index > previous + 1) lines.push(`${pad} :`);
    const { line, sign } = marked(mark, index, gutter, paint, columns);
    // A second mark stands below the same line, unless that is so long that it is shown around each.
    lines.push(...(line === shown ? [] : [line]), sign);
    previous = index;
    shown = line;
  }
  for (const mark of marks.filter(({ span }) => span.source !== main)) {
    const index = lineIndexAt(mark.span.source, mark.span.start);
    const { line, column } = positionAt(mark.span.source, mark.span.start);
    const other = marked(mark, index, gutter, paint, columns);
    lines.push(`${pad} ::: ${mark.span.source.name}:${line}:${column}`, other.line, other.sign);
  }
  return lines;
}

const TAB = "    ";
/** They would move the cursor, ring, or change colours: text of a file must not steer the terminal. */
const CONTROL = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/g;

/** Control characters as pictures of themselves, one column each. */
function visible(text: string): string {
  return text.replace(CONTROL, (sign) => {
    const code = sign.charCodeAt(0);
    return code < 0x20 ? String.fromCharCode(0x2400 + code) : code === 0x7f ? "\u2421" : "\ufffd";
  });
}

interface Marked {
  readonly line: string;
  readonly sign: string;
}

function marked(mark: Mark, index: number, gutter: number, paint: Paint, columns: number): Marked {
  const { source, start, end } = mark.span;
  const text = visible(lineText(source, index));
  const rawStart = source.lineStarts[index] ?? 0;
  const lineStart = source.text.charAt(rawStart) === "\uFEFF" ? rawStart + 1 : rawStart;
  const from = Math.min(Math.max(0, start - lineStart), text.length);
  const to = Math.max(from, Math.min(end - lineStart, text.length));
  const shown = fit(text, from, to, Math.max(30, columns - gutter - 3));
  const sign = mark.sign.repeat(shown.width) + (mark.message ? ` ${mark.message}` : "");
  return {
    line: `${String(index + 1).padStart(gutter)} | ${shown.text}`,
    sign: `${" ".repeat(gutter)} | ${" ".repeat(shown.indent)}${paint(mark.sign, sign)}`,
  };
}

/** A line wider than the terminal is shown around the mark. Lines may be a megabyte long: only what is near is measured. */
function fit(
  line: string,
  from: number,
  to: number,
  columns: number,
): { text: string; indent: number; width: number } {
  const tabbed = (text: string): string => text.replaceAll("\t", TAB);
  const [before, under] = [tabbed(line.slice(0, from)), tabbed(line.slice(from, to))];
  if (line.length <= columns * 4 && displayWidth(tabbed(line)) <= columns) {
    return { text: tabbed(line), indent: displayWidth(before), width: Math.max(1, displayWidth(under)) };
  }
  const lead = lastColumns(before, Math.floor(columns / 3));
  const room = columns - 2 - displayWidth(lead);
  const rest = under + tabbed(line.slice(to));
  const shown = firstColumns(rest, room);
  const ellipsis = lead === before ? "" : "…";
  return {
    text: `${ellipsis}${lead}${shown}${shown === rest ? "" : "…"}`,
    indent: displayWidth(ellipsis + lead),
    width: Math.max(1, displayWidth(firstColumns(under, room))),
  };
}

function firstColumns(text: string, columns: number): string {
  let [width, length] = [0, 0];
  for (const character of text) {
    width += displayWidth(character);
    if (width > columns) break;
    length += character.length;
  }
  return text.slice(0, length);
}

function lastColumns(text: string, columns: number): string {
  const near = [...text.slice(-columns * 4)];
  let [width, kept] = [0, ""];
  for (const character of near.reverse()) {
    width += displayWidth(character);
    if (width > columns) break;
    kept = character + kept;
  }
  return kept;
}
