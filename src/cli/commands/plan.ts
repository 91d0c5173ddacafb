import { nothingToDo, plan as planStoryboard } from "../../driver/plan.ts";
import { EXIT } from "../exit.ts";
import { planJson } from "../plan-json.ts";
import { plansText } from "../plan-text.ts";
import { closeJson, printDiagnostics } from "../report.ts";
import { loadEnvironment } from "../environment.ts";
import type { CommandRun } from "../command.ts";

export const plan: CommandRun = async ({ args, flags }, terminal) => {
  const { provider, concurrency, profile, allowOutside } = flags;
  const environment = loadEnvironment(args[0]);
  const planned = await planStoryboard({
    file: args[0],
    provider,
    concurrency,
    profile,
    allowOutside,
    environment,
  });
  printDiagnostics(terminal, planned.diagnostics);
  if (planned.films.length === 0) {
    closeJson(terminal, "plan", EXIT.invalid, { steps: [], cost: null }, planned.diagnostics);
    return EXIT.invalid;
  }
  terminal.out(plansText(planned.films, terminal));
  const exit = flags.exitCode && !planned.films.every(nothingToDo) ? EXIT.changes : EXIT.done;
  closeJson(terminal, "plan", exit, planJson(planned.films), planned.diagnostics);
  return exit;
};
