import { readBase, type Base } from "../../driver/base.ts";
import { check } from "../../driver/check.ts";
import { thisMachine } from "../../driver/machine.ts";
import type { Environment } from "../../driver/options.ts";
import { nothingToDo, planChecked, type Plan } from "../../driver/plan.ts";
import { savePlan } from "../../driver/saved-plan.ts";
import { writeWhole } from "../../store/files.ts";
import { baseJson, baseText } from "../base-text.ts";
import { EXIT, UsageError } from "../exit.ts";
import type { Flags } from "../flags.ts";
import { planJson } from "../plan-json.ts";
import { brokenMarkdown, planMarkdown } from "../plan-markdown.ts";
import { plansText } from "../plan-text.ts";
import { closeJson, printDiagnostics } from "../report.ts";
import { loadEnvironment } from "../environment.ts";
import type { Terminal } from "../terminal.ts";
import type { CommandRun } from "../command.ts";

export const plan: CommandRun = async ({ args, flags }, terminal) => {
  const { provider, concurrency, profile, allowOutside, film, retake, resubmit, only, out } = flags;
  if (flags.format === "markdown" && terminal.isJson)
    throw new UsageError(
      "`--json` and `--format markdown` are two forms of one answer; leave one of them out",
    );
  const environment = loadEnvironment(args[0]);
  const call = { profile, film, retake, resubmit, only };
  const options = { ...call, file: args[0], provider, concurrency, allowOutside, environment };
  const checked = await check(options);
  const planned = planChecked(checked, options, thisMachine);
  printDiagnostics(terminal, planned.diagnostics);
  if (planned.wrongCall !== undefined) throw new UsageError(planned.wrongCall);
  const [first, ...others] = planned.films;
  if (!first) {
    if (flags.format === "markdown") terminal.out(brokenMarkdown(checked.project, planned.diagnostics));
    closeJson(terminal, "plan", EXIT.invalid, { steps: [], cost: null }, planned.diagnostics);
    return EXIT.invalid;
  }
  const base = await baseOf([first, ...others], flags, environment);
  terminal.out(shownText(planned.films, base, flags, terminal));
  if (out !== undefined) {
    const saved = savePlan(checked, planned.films, call);
    writeWhole(thisMachine.files, out, JSON.stringify(saved, null, 2) + "\n");
    terminal.err(`Saved: \`storyc render --plan ${out}\` does exactly this, or nothing.`);
  }
  const exit = flags.exitCode && !planned.films.every(nothingToDo) ? EXIT.changes : EXIT.done;
  const about = { ...planJson(planned.films), ...(base && { base: baseJson(planned.films, base) }) };
  closeJson(terminal, "plan", exit, about, planned.diagnostics);
  return exit;
};

/** Compiling another commit takes as long again: only where it is asked for, or a reader expects it. */
async function baseOf(
  films: readonly [Plan, ...Plan[]],
  { base: ref, format, film, profile, allowOutside }: Flags,
  environment: Environment,
): Promise<Base | undefined> {
  if (ref === undefined && format !== "markdown") return undefined;
  return readBase(films, { ref, film, profile, allowOutside, environment }, thisMachine);
}

function shownText(
  films: readonly Plan[],
  base: Base | undefined,
  { format }: Flags,
  terminal: Terminal,
): string {
  if (base && format === "markdown") return planMarkdown(films, base);
  const text = plansText(films, terminal);
  return base ? `${text}\n\n${baseText(films, base)}` : text;
}
