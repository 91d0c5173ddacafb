import { hasErrors } from "../../base/diagnostic.ts";
import { shownPath } from "../../driver/project.ts";
import { checkVerdict } from "../../driver/verdict.ts";
import { EXIT } from "../exit.ts";
import { closeJson } from "../close-json.ts";
import type { CommandRun } from "../command.ts";

export const check: CommandRun = async ({ args, flags }, terminal) => {
  const { profile, allowOutside } = flags;
  const { diagnostics, summary } = await checkVerdict({ file: args[0], profile, allowOutside });
  const exit = hasErrors(diagnostics) ? EXIT.invalid : EXIT.done;
  if (diagnostics.length > 0) {
    // Loaded when there is something to tell: measuring text as a terminal does takes long to set up.
    const { printDiagnostics } = await import("../report.ts");
    printDiagnostics(terminal, diagnostics);
  }
  if (summary) {
    const films = summary.films > 1 ? `${summary.films} films, ` : "";
    const counts = `${films}${summary.scenes} scenes, ${summary.assets} assets`;
    const path = shownPath(summary.storyboard, process.cwd());
    terminal.out(`${path}: ${counts}, nothing stands in the way of rendering`);
  }
  closeJson(terminal, "check", exit, { scenes: summary?.scenes ?? null }, diagnostics);
  return exit;
};
