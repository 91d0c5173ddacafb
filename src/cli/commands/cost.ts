import { hasErrors } from "../../base/diagnostic.ts";
import { readSpent } from "../../driver/spent.ts";
import { runKindOf } from "../../driver/options.ts";
import { costJson, costText } from "../cost-text.ts";
import { loadEnvironment } from "../environment.ts";
import { EXIT } from "../exit.ts";
import { closeJson, printDiagnostics } from "../report.ts";
import type { CommandRun } from "../command.ts";

/** `status --cost`. What was paid is asked for, so it is of paid work unless the emulator is named. */
export const cost: CommandRun = ({ args: [file], flags: { provider } }, terminal) => {
  const kind = provider === undefined ? "paid" : runKindOf(provider);
  const found = readSpent({ file, kind, environment: loadEnvironment(file) });
  printDiagnostics(terminal, found.diagnostics);
  if (hasErrors(found.diagnostics)) {
    closeJson(terminal, "status", EXIT.invalid, { cost: null }, found.diagnostics);
    return Promise.resolve(EXIT.invalid);
  }
  if (kind === "rehearsal") terminal.out("Rehearsals cost nothing; on the paid service it would have been:");
  terminal.out(costText(found.name, found.costs, terminal));
  const about = { cost: { rehearsal: kind === "rehearsal", ...costJson(found.costs) } };
  closeJson(terminal, "status", EXIT.done, about, found.diagnostics);
  return Promise.resolve(EXIT.done);
};
