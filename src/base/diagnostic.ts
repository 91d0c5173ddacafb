import { CATALOGUE, type DiagnosticCode } from "./catalogue.ts";
import { positionAt, type Span } from "./source.ts";

export type Severity = "error" | "warning" | "info";

/** A second place that a person has to see to understand the first. */
export interface Label {
  readonly span: Span;
  readonly message: string;
}

/** What is wrong, as data. One function of `cli/` makes text of it, another JSON. */
export interface Diagnostic {
  readonly code: DiagnosticCode;
  readonly severity: Severity;
  /** Stands alone, one line, no full stop. */
  readonly message: string;
  /** The smallest stretch that is wrong; absent for what no text is to blame for. */
  readonly span?: Span;
  /** What the marked stretch is; stands below the carets. */
  readonly note?: string;
  readonly labels: readonly Label[];
  /** The way out, as an instruction. */
  readonly help?: string;
}

export interface DiagnosticDetails {
  readonly note?: string | undefined;
  readonly labels?: readonly Label[] | undefined;
  readonly help?: string | undefined;
}

export function diagnose(
  code: DiagnosticCode,
  span: Span | undefined,
  message: string,
  details: DiagnosticDetails = {},
): Diagnostic {
  return {
    code,
    severity: CATALOGUE[code].severity,
    message,
    labels: details.labels ?? [],
    ...(span && { span }),
    ...(details.note !== undefined && { note: details.note }),
    ...(details.help !== undefined && { help: details.help }),
  };
}

export function hasErrors(diagnostics: readonly Diagnostic[]): boolean {
  return diagnostics.some(({ severity }) => severity === "error");
}

/** By file, then by place; the same finding at the same place is told once. */
export function sortDiagnostics(diagnostics: readonly Diagnostic[]): Diagnostic[] {
  const seen = new Set<string>();
  return [...diagnostics].sort(comparePlaces).filter((d) => {
    const key = `${d.code} ${d.span?.source.name} ${d.span?.start} ${d.message}`;
    return seen.has(key) ? false : seen.add(key);
  });
}

function comparePlaces(a: Diagnostic, b: Diagnostic): number {
  const files = (a.span?.source.name ?? "").localeCompare(b.span?.source.name ?? "", "en");
  return files || (a.span?.start ?? 0) - (b.span?.start ?? 0) || (a.span?.end ?? 0) - (b.span?.end ?? 0);
}

/** `file:line:column`, the form that editors and terminals make a link of. */
export function placeOf(span: Span): string {
  const { line, column } = positionAt(span.source, span.start);
  return `${span.source.name}:${line}:${column}`;
}
