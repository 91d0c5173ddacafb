import type { Diagnostic } from "../base/diagnostic.ts";
import type { Holder } from "../store/run-lock.ts";
import { diagnosticText } from "./diagnostic-text.ts";
import type { Terminal } from "./terminal.ts";

export { closeJson } from "./close-json.ts";

/** All diagnostics for a person, on stderr, with a line that counts them. */
export function printDiagnostics(terminal: Terminal, diagnostics: readonly Diagnostic[]): void {
  if (diagnostics.length === 0 || terminal.isJson) return;
  for (const diagnostic of diagnostics) terminal.err(`${diagnosticText(diagnostic, terminal)}\n`);
  terminal.err(countText(diagnostics));
}

function countText(diagnostics: readonly Diagnostic[]): string {
  const count = (severity: Diagnostic["severity"]): number =>
    diagnostics.filter((d) => d.severity === severity).length;
  const parts = [
    plural(count("error"), "error"),
    plural(count("warning"), "warning"),
    plural(count("info"), "remark"),
  ];
  return parts.filter((part) => part !== "").join(", ");
}

function plural(count: number, noun: string): string {
  return count === 0 ? "" : `${count} ${noun}${count === 1 ? "" : "s"}`;
}

export function holderText({ pid, host, since }: Holder): string {
  return `another run holds this storyboard: process ${pid} on ${host}, since ${since}`;
}
