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
  const { severity, code, message, span, labels, note, help } = diagnostic;
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
  for (const mark of here) {
    const index = lineIndexAt(main, mark.span.start);
    if (previous !== undefined && index > previous + 1) lines.push(`${pad} :`);
    lines.push(...marked(mark, index, gutter, paint, columns, index !== previous));
    previous = index;
  }
  for (const mark of marks.filter(({ span }) => span.source !== main)) {
    const { line, column } = positionAt(mark.span.source, mark.span.start);
    lines.push(`${pad} ::: ${mark.span.source.name}:${line}:${column}`);
    lines.push(...marked(mark, lineIndexAt(mark.span.source, mark.span.start), gutter, paint, columns, true));
  }
  return lines;
}

const TAB = "    ";

function marked(
  mark: Mark,
  index: number,
  gutter: number,
  paint: Paint,
  columns: number,
  withLine: boolean,
): string[] {
  const { source, start, end } = mark.span;
  const text = lineText(source, index);
  const lineStart = source.lineStarts[index] ?? 0;
  const from = Math.min(Math.max(0, start - lineStart), text.length);
  const to = Math.max(from, Math.min(end - lineStart, text.length));
  const before = text.slice(0, from).replaceAll("\t", TAB);
  const under = text.slice(from, to).replaceAll("\t", TAB);
  const width = Math.max(1, displayWidth(under));
  const shown = fit(
    text.replaceAll("\t", TAB),
    displayWidth(before),
    width,
    Math.max(30, columns - gutter - 3),
  );
  const sign = paint(
    mark.sign,
    mark.sign.repeat(Math.min(width, shown.room)) + (mark.message ? ` ${mark.message}` : ""),
  );
  const number = String(index + 1).padStart(gutter);
  return [
    ...(withLine ? [`${number} | ${shown.text}`] : []),
    `${" ".repeat(gutter)} | ${" ".repeat(shown.indent)}${sign}`,
  ];
}

/** A line wider than the terminal is shown around the mark. */
function fit(
  text: string,
  indent: number,
  width: number,
  columns: number,
): { text: string; indent: number; room: number } {
  if (displayWidth(text) <= columns) return { text, indent, room: width };
  const skip = Math.max(0, indent - Math.floor(columns / 3));
  const characters = [...text];
  let left = 0;
  while (left < characters.length && displayWidth(characters.slice(0, left).join("")) < skip) left++;
  const cut = displayWidth(characters.slice(0, left).join(""));
  let shown = "";
  for (const character of characters.slice(left)) {
    if (displayWidth(shown + character) > columns - 2) break;
    shown += character;
  }
  const lead = left > 0 ? "…" : "";
  return {
    text: `${lead}${shown}…`,
    indent: indent - cut + lead.length,
    room: Math.max(1, Math.min(width, displayWidth(shown) - (indent - cut))),
  };
}
