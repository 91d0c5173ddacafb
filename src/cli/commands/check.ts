import { hasErrors } from "../../base/diagnostic.ts";
import { check as checkStoryboard } from "../../driver/check.ts";
import { shownPath } from "../../driver/project.ts";
import { EXIT } from "../exit.ts";
import { closeJson, printDiagnostics } from "../report.ts";
import type { CommandRun } from "./index.ts";

export const check: CommandRun = async ({ args, flags }, terminal) => {
  const checked = await checkStoryboard({ file: args[0], allowOutside: flags.allowOutside });
  const exit = hasErrors(checked.diagnostics) ? EXIT.invalid : EXIT.done;
  printDiagnostics(terminal, checked.diagnostics);
  const { compiled } = checked;
  if (compiled) {
    const path = shownPath(compiled.project.storyboard, process.cwd());
    const { scenes, assets } = compiled.storyboard;
    terminal.out(
      `${path}: ${scenes.length} scenes, ${assets.size} assets, nothing stands in the way of rendering`,
    );
  }
  closeJson(
    terminal,
    "check",
    exit,
    { scenes: compiled?.storyboard.scenes.length ?? null },
    checked.diagnostics,
  );
  return exit;
};
