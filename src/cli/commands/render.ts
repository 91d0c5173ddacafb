import { render as renderStoryboard, type Ran, type RenderOptions, type RenderResult } from "../../index.ts";
import { loadEnvironment } from "../environment.ts";
import { EXIT, UsageError, type Exit } from "../exit.ts";
import { readFileSync } from "node:fs";
import { readSavedPlan } from "../../driver/saved-plan.ts";
import { askToSpend } from "../ask.ts";
import { catchInterrupts } from "../interrupts.ts";
import { plansText } from "../plan-text.ts";
import type { Call, Flags } from "../flags.ts";
import { closeJson, holderText, printDiagnostics } from "../report.ts";
import { openRunDisplay } from "../run-display.ts";
import { runJson, runText } from "../run-summary.ts";
import type { Terminal } from "../terminal.ts";
import type { CommandRun } from "../command.ts";

export const render: CommandRun = (call, terminal) => renderCommand(call, terminal, {});

/** The same on the emulator, whatever provider the storyboard names. */
export const rehearse: CommandRun = (call, terminal) =>
  renderCommand(call, terminal, { provider: "emulator" });

async function renderCommand(
  { command, args, flags }: Call,
  terminal: Terminal,
  forced: RenderOptions,
): Promise<Exit> {
  const interrupts = catchInterrupts(terminal);
  const display = openRunDisplay(terminal);
  try {
    const result = await renderStoryboard({
      ...callOptions(flags),
      file: args[0],
      environment: loadEnvironment(args[0]),
      ...forced,
      ...(flags.plan !== undefined && savedPlanOptions(flags.plan, flags)),
      signal: interrupts.signal,
      ...(process.stdin.isTTY && terminal.isLive && { confirm: askToSpend(terminal, interrupts.signal) }),
      onWait: (holder) => terminal.err(`Waiting: ${holderText(holder)}.`),
      onPlan: (films, diagnostics) => {
        printDiagnostics(terminal, diagnostics);
        terminal.err(`${plansText(films, terminal)}\n`);
        display.begin(films);
      },
      onEvent: (event) => {
        terminal.json({ ...event });
        display.show(event);
      },
    });
    await display.end();
    return conclude(command, result, interrupts.signal.aborted, terminal);
  } finally {
    await display.end();
    interrupts.close();
  }
}

function callOptions(flags: Flags): RenderOptions {
  const { provider, profile, film, retake, resubmit, only, allowOutside } = flags;
  const { concurrency, pollFirst, pollEvery, requestsPerMinute, deadline, maxCost, yes, wait, frozen } =
    flags;
  const asked = { provider, profile, film, retake, resubmit, only, allowOutside };
  const pace = { concurrency, pollFirst, pollEvery, requestsPerMinute, deadline };
  return { ...asked, ...pace, maxCost, yes, wait, frozen };
}

/** A saved plan says itself what it is the plan of: a flag that says otherwise would be another plan. */
function savedPlanOptions(path: string, flags: Flags): RenderOptions {
  const read = readSavedPlan(path, readNamedFile(path));
  if (read.kind === "wrong-call") throw new UsageError(read.message);
  const { plan } = read;
  const said: Record<string, unknown> = { ...plan.asked, provider: plan.provider };
  const contrary = (["provider", "profile", "film", "retake", "resubmit", "only"] as const).find(
    (name) => flags[name] !== undefined && String(flags[name]) !== String(said[name]),
  );
  if (contrary)
    throw new UsageError(
      `--${contrary} is not what ${path} was made with: leave it out, or make another plan`,
    );
  return { ...plan.asked, provider: plan.provider, plan };
}

function readNamedFile(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch (error) {
    throw new UsageError(`${path} cannot be read: ${(error as Error).message}`);
  }
}

function conclude(command: string, result: RenderResult, interrupted: boolean, terminal: Terminal): Exit {
  switch (result.kind) {
    case "invalid":
      printDiagnostics(terminal, result.diagnostics);
      closeJson(terminal, command, EXIT.invalid, { scenes: {} }, result.diagnostics);
      return EXIT.invalid;
    case "busy": {
      // Ctrl-C while it waited.
      if (interrupted) {
        closeJson(terminal, command, EXIT.interrupted, { scenes: {} });
        return EXIT.interrupted;
      }
      throw new Error(`${holderText(result.holder)}; --wait waits for it`);
    }
    case "wrong-call":
      throw new UsageError(result.message);
    case "no-key":
      throw new UsageError(
        `the provider needs a key: set ${result.variable}, or try \`storyc rehearse\`, which is free`,
      );
    case "refused": {
      const exit = interrupted ? EXIT.interrupted : EXIT.refused;
      terminal.err(`Nothing was sent: ${result.reason}.`);
      closeJson(terminal, command, exit, { scenes: {}, reason: result.reason });
      return exit;
    }
    case "ran":
      return concludeRun(command, result, terminal);
  }
}

function concludeRun(command: string, ran: Ran, terminal: Terminal): Exit {
  const exit = exitOf(ran);
  terminal.out(runText(ran, terminal));
  closeJson(terminal, command, exit, runJson(ran));
  return exit;
}

function exitOf({ interrupted, stopped, films }: Ran): Exit {
  if (interrupted) return EXIT.interrupted;
  const isComplete = films.every(
    ({ plan, scenes, film }) =>
      // Where only some scenes were asked for, the film was not.
      (film.kind !== "not-made" || plan.wishes.only !== undefined) &&
      [...scenes.values()].every(({ kind }) => kind === "done" || kind === "reused" || kind === "left"),
  );
  return isComplete && stopped === undefined ? EXIT.done : EXIT.incomplete;
}
