import { check } from "../../driver/check.ts";
import { thisMachine } from "../../driver/machine.ts";
import { nothingToDo, planChecked } from "../../driver/plan.ts";
import { savePlan } from "../../driver/saved-plan.ts";
import { writeWhole } from "../../store/files.ts";
import { EXIT, UsageError } from "../exit.ts";
import { planJson } from "../plan-json.ts";
import { plansText } from "../plan-text.ts";
import { closeJson, printDiagnostics } from "../report.ts";
import { loadEnvironment } from "../environment.ts";
import type { CommandRun } from "../command.ts";

export const plan: CommandRun = async ({ args, flags }, terminal) => {
  const { provider, concurrency, profile, allowOutside, film, retake, resubmit, only, out } = flags;
  const environment = loadEnvironment(args[0]);
  const call = { profile, film, retake, resubmit, only };
  const options = { ...call, file: args[0], provider, concurrency, allowOutside, environment };
  const checked = await check(options);
  const planned = planChecked(checked, options, thisMachine);
  printDiagnostics(terminal, planned.diagnostics);
  if (planned.wrongCall !== undefined) throw new UsageError(planned.wrongCall);
  if (planned.films.length === 0) {
    closeJson(terminal, "plan", EXIT.invalid, { steps: [], cost: null }, planned.diagnostics);
    return EXIT.invalid;
  }
  terminal.out(plansText(planned.films, terminal));
  if (out !== undefined) {
    writeWhole(
      thisMachine.files,
      out,
      JSON.stringify(savePlan(checked, planned.films, call), null, 2) + "\n",
    );
    terminal.err(`Saved: \`storyc render --plan ${out}\` does exactly this, or nothing.`);
  }
  const exit = flags.exitCode && !planned.films.every(nothingToDo) ? EXIT.changes : EXIT.done;
  closeJson(terminal, "plan", exit, planJson(planned.films), planned.diagnostics);
  return exit;
};
