import { cutOf } from "../../film/cut.ts";
import { check } from "../../driver/check.ts";
import { buildGraph } from "../../plan/graph.ts";
import { EXIT } from "../exit.ts";
import { graphText } from "../graph-text.ts";
import { closeJson, printDiagnostics } from "../report.ts";
import type { CommandRun } from "../command.ts";

export const graph: CommandRun = async ({ args, flags }, terminal) => {
  const checked = await check({ file: args[0], allowOutside: flags.allowOutside });
  printDiagnostics(terminal, checked.diagnostics);
  const [compiled] = checked.films;
  if (!compiled) {
    closeJson(terminal, "graph", EXIT.invalid, {}, checked.diagnostics);
    return EXIT.invalid;
  }
  const { storyboard } = compiled;
  const built = buildGraph(
    storyboard,
    cutOf(storyboard).map(({ scene }) => scene),
  );
  terminal.out(graphText(built, flags.format === "dot" ? "dot" : "mermaid"));
  const steps = built.steps.map(({ id, kind }) => ({ id, kind, needs: built.needs.get(id) ?? [] }));
  closeJson(terminal, "graph", EXIT.done, { steps });
  return EXIT.done;
};
