import type { Diagnostic } from "../base/diagnostic.ts";
import { diagnosticJson } from "./diagnostic-json.ts";
import type { Exit } from "./exit.ts";
import type { Terminal } from "./terminal.ts";

/** The closing envelope: the last line of every command with `--json`. */
export function closeJson(
  terminal: Terminal,
  command: string,
  exit: Exit,
  about: Readonly<Record<string, unknown>> = {},
  diagnostics: readonly Diagnostic[] = [],
): void {
  terminal.json({
    type: "result",
    command,
    ok: exit === 0,
    exit,
    diagnostics: diagnostics.map(diagnosticJson),
    ...about,
  });
}
