import { nothingToDo, plan as planStoryboard } from "../../driver/plan.ts";
import { EXIT } from "../exit.ts";
import { planJson } from "../plan-json.ts";
import { planText } from "../plan-text.ts";
import { closeJson, printDiagnostics } from "../report.ts";
import { loadEnvironment } from "../environment.ts";
import type { CommandRun } from "./index.ts";

export const plan: CommandRun = async ({ args, flags }, terminal) => {
  const { provider, concurrency, allowOutside } = flags;
  const environment = loadEnvironment(args[0]);
  const planned = await planStoryboard({ file: args[0], provider, concurrency, allowOutside, environment });
  printDiagnostics(terminal, planned.diagnostics);
  if (!planned.plan) {
    closeJson(terminal, "plan", EXIT.invalid, { steps: [], cost: null }, planned.diagnostics);
    return EXIT.invalid;
  }
  terminal.out(planText(planned.plan, terminal));
  const exit = flags.exitCode && !nothingToDo(planned.plan) ? EXIT.changes : EXIT.done;
  closeJson(terminal, "plan", exit, planJson(planned.plan), planned.diagnostics);
  return exit;
};
