import type { Diagnostic } from "../../base/diagnostic.ts";
import { positionAt } from "../../base/source.ts";

/** A diagnostic in one line, for those who have no terminal: `faults:3:5: …`. */
export function diagnosticLine({ span, message, help }: Diagnostic): string {
  const { line, column } = span ? positionAt(span.source, span.start) : { line: 1, column: 1 };
  return `${span?.source.name ?? "faults"}:${line}:${column}: ${message}${help === undefined ? "" : `; ${help}`}`;
}
