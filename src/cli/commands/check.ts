import { hasErrors } from "../../base/diagnostic.ts";
import { check as checkStoryboard } from "../../driver/check.ts";
import { shownPath } from "../../driver/project.ts";
import { EXIT } from "../exit.ts";
import { closeJson, printDiagnostics } from "../report.ts";
import type { CommandRun } from "./index.ts";

export const check: CommandRun = async ({ args, flags }, terminal) => {
  const checked = await checkStoryboard({ file: args[0], allowOutside: flags.allowOutside });
  const [first] = checked.films;
  const exit = hasErrors(checked.diagnostics) ? EXIT.invalid : EXIT.done;
  printDiagnostics(terminal, checked.diagnostics);
  if (first) {
    const path = shownPath(first.project.storyboard, process.cwd());
    const { scenes, assets } = first.storyboard;
    const films = checked.films.length > 1 ? `${checked.films.length} films, ` : "";
    terminal.out(
      `${path}: ${films}${scenes.length} scenes, ${assets.size} assets, nothing stands in the way of rendering`,
    );
  }
  closeJson(
    terminal,
    "check",
    exit,
    { scenes: first?.storyboard.scenes.length ?? null },
    checked.diagnostics,
  );
  return exit;
};
