import { CommanderError, type Command } from "commander";
import { COMMANDS } from "./commands/index.ts";
import { EXIT, UsageError, type Exit } from "./exit.ts";
import type { Call } from "./flags.ts";
import { outliveOutput } from "./output-lost.ts";
import { createProgram } from "./program.ts";
import { openTerminal, type Terminal } from "./terminal.ts";

/** Runs one command and returns the exit code. Nothing that a user can do wrong ends in a stack trace. */
export async function runCommandLine(argv: readonly string[], version: string): Promise<Exit> {
  outliveOutput();
  const terminal = openTerminal(asksForJson(argv));
  let exit: Exit = EXIT.done;
  const program = createProgram(version, async (call) => {
    exit = await runCommand(call, terminal, version);
  });
  overrideExit(program);
  try {
    await program.parseAsync([...argv], { from: "user" });
    return exit;
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    if (error.exitCode === 0) return EXIT.done;
    const command = program.commands.find((candidate) => argv.includes(candidate.name()))?.name() ?? null;
    terminal.json({
      type: "result",
      command,
      ok: false,
      exit: EXIT.usage,
      error: error.message.replace(/^error: /, ""),
    });
    return EXIT.usage;
  }
}

/** To be known before anything is printed. `plan --format json` says it by another name. */
function asksForJson(argv: readonly string[]): boolean {
  return argv.some(
    (word, i) =>
      word === "--json" || word === "--format=json" || (word === "--format" && argv[i + 1] === "json"),
  );
}

function overrideExit(command: Command): void {
  command.exitOverride();
  for (const below of command.commands) overrideExit(below);
}

async function runCommand(call: Call, terminal: Terminal, version: string): Promise<Exit> {
  try {
    return await (
      await COMMANDS[call.command as keyof typeof COMMANDS]()
    )(call, terminal, version);
  } catch (error) {
    const exit = error instanceof UsageError ? EXIT.usage : EXIT.incomplete;
    const message = error instanceof Error ? error.message : String(error);
    terminal.err(`${terminal.style(["red", "bold"], "error")}: ${explain(message)}`);
    if (process.env["STORYC_DEBUG"] && error instanceof Error) terminal.err(error.stack ?? "");
    terminal.json({ type: "result", command: call.command, ok: false, exit, error: message });
    return exit;
  }
}

const EXPLANATIONS: readonly (readonly [RegExp, string])[] = [
  [/ENOSPC/, "the disk is full; make room and run the same command again, nothing that was done is lost"],
  [
    /EACCES|EPERM|EROFS/,
    "this place may not be written; check its permissions and run the same command again",
  ],
  [/EMFILE/, "too many files are open; close other programs and run the same command again"],
];

function explain(message: string): string {
  const known = EXPLANATIONS.find(([pattern]) => pattern.test(message));
  return known ? `${message}\n  = help: ${known[1]}` : message;
}
