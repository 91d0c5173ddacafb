import type { Diagnostic } from "../base/diagnostic.ts";
import { positionAt, type Span } from "../base/source.ts";

/** A diagnostic of the `--json` contract: lines and columns from 1. */
export function diagnosticJson(diagnostic: Diagnostic): object {
  const { code, severity, message, span, note, labels, help } = diagnostic;
  return {
    code,
    severity,
    message,
    ...(span
      ? { file: span.source.name, ...placeJson(span) }
      : { file: null, line: null, column: null, endLine: null, endColumn: null }),
    ...(note !== undefined && { note }),
    labels: labels.map((label) => ({
      ...(label.span.source !== span?.source && { file: label.span.source.name }),
      ...placeJson(label.span),
      message: label.message,
    })),
    help: help ?? null,
  };
}

function placeJson({ source, start, end }: Span): {
  line: number;
  column: number;
  endLine: number;
  endColumn: number;
} {
  const from = positionAt(source, start);
  const to = positionAt(source, end);
  return { line: from.line, column: from.column, endLine: to.line, endColumn: to.column };
}
