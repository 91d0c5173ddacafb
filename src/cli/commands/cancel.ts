import { cancel as cancelScene } from "../../driver/cancel.ts";
import type { CommandRun } from "../command.ts";
import { loadEnvironment } from "../environment.ts";
import { EXIT, UsageError } from "../exit.ts";
import { closeJson, holderText, printDiagnostics } from "../report.ts";

export const cancel: CommandRun = async ({ command, args, flags }, terminal) => {
  const [scene = "", file] = args;
  const { provider, profile, film, take, allowOutside } = flags;
  const environment = loadEnvironment(file);
  const result = await cancelScene(scene, { file, provider, profile, film, take, allowOutside, environment });
  switch (result.kind) {
    case "invalid":
      printDiagnostics(terminal, result.diagnostics);
      closeJson(terminal, command, EXIT.invalid, {}, result.diagnostics);
      return EXIT.invalid;
    case "busy":
      throw new Error(`${holderText(result.holder)}; end it with Ctrl-C, its tasks go on, and cancel then`);
    case "no-key":
      throw new UsageError(`the provider needs a key: set ${result.variable}`);
    case "wrong-call":
      throw new UsageError(result.message);
    case "asked": {
      const { takes } = result;
      for (const { take: number, task, said } of takes)
        terminal.out(`Take ${number} of \`${scene}\`, task ${task}, ${said}.`);
      const exit = takes.every(({ isCancelled }) => isCancelled) ? EXIT.done : EXIT.incomplete;
      closeJson(terminal, command, exit, { scene, takes });
      return exit;
    }
  }
};
