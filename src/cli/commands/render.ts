import { render as renderStoryboard, type Ran, type RenderOptions, type RenderResult } from "../../index.ts";
import { loadEnvironment } from "../environment.ts";
import { EXIT, UsageError, type Exit } from "../exit.ts";
import { askToSpend } from "../ask.ts";
import { catchInterrupts } from "../interrupts.ts";
import { plansText } from "../plan-text.ts";
import type { Call } from "../program.ts";
import { closeJson, printDiagnostics } from "../report.ts";
import { openRunDisplay } from "../run-display.ts";
import { runJson, runText } from "../run-summary.ts";
import type { Terminal } from "../terminal.ts";
import type { Holder } from "../../store/run-lock.ts";
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
  const { provider, profile, concurrency, pollFirst, pollEvery, deadline, maxCost, yes, wait, allowOutside } =
    flags;
  const { requestsPerMinute } = flags;
  try {
    const result = await renderStoryboard({
      file: args[0],
      environment: loadEnvironment(args[0]),
      ...{
        provider,
        profile,
        concurrency,
        pollFirst,
        pollEvery,
        requestsPerMinute,
        deadline,
        maxCost,
        yes,
        wait,
        allowOutside,
        ...forced,
      },
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

function holderText({ pid, host, since }: Holder): string {
  return `another run holds this storyboard: process ${pid} on ${host}, since ${since}`;
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
    ({ scenes, film }) =>
      film.kind !== "not-made" &&
      [...scenes.values()].every(({ kind }) => kind === "done" || kind === "reused"),
  );
  return isComplete && stopped === undefined ? EXIT.done : EXIT.incomplete;
}
