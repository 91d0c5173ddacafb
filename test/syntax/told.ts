import type { Diagnostic } from "../../src/base/diagnostic.ts";
import type { Span } from "../../src/base/source.ts";

/** Each diagnostic as `code: the marked text | the text of each label`. */
export function told(diagnostics: readonly Diagnostic[]): string[] {
  return diagnostics.map(({ code, span, labels }) =>
    [`${code}: ${span ? marked(span) : "nowhere"}`, ...labels.map((label) => marked(label.span))].join(" | "),
  );
}

export function marked({ source, start, end }: Span): string {
  return source.text.slice(start, end);
}
