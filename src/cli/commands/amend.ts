import { amend, type Amendment } from "../../driver/amend.ts";
import { adoptTask, keepTake, pickTake } from "../../driver/amendments.ts";
import type { Plan } from "../../driver/plan.ts";
import { sumPrices } from "../../seedance/price.ts";
import type { CommandRun } from "../command.ts";
import { loadEnvironment } from "../environment.ts";
import { EXIT, UsageError, type Exit } from "../exit.ts";
import type { Call } from "../flags.ts";
import { planJson } from "../plan-json.ts";
import { moneyText } from "../quantities.ts";
import { holderText, closeJson, printDiagnostics } from "../report.ts";
import type { Terminal } from "../terminal.ts";

export const pick: CommandRun = async (call, terminal) => {
  const [, take = ""] = call.args;
  if (!/^\d{1,6}$/.test(take))
    throw new UsageError(`\`${take}\` is no number of a take; see \`storyc takes\``);
  return decide(call, call.args[2], pickTake(Number(take)), terminal);
};

export const keep: CommandRun = (call, terminal) => decide(call, call.args[1], keepTake, terminal);

export const adopt: CommandRun = (call, terminal) => {
  const [, task = "", file] = call.args;
  const { take, asNewTake } = call.flags;
  return decide(call, file, adoptTask({ task, take, asNewTake }), terminal);
};

/** Records a decision about one scene, and says what follows from it. */
async function decide(
  { command, args, flags }: Call,
  file: string | undefined,
  amendment: Amendment,
  terminal: Terminal,
): Promise<Exit> {
  const [scene = ""] = args;
  const { provider, profile, film, allowOutside } = flags;
  const options = { file, provider, profile, film, allowOutside, environment: loadEnvironment(file) };
  const result = await amend(options, scene, amendment);
  switch (result.kind) {
    case "invalid":
      printDiagnostics(terminal, result.diagnostics);
      closeJson(terminal, command, EXIT.invalid, {}, result.diagnostics);
      return EXIT.invalid;
    case "busy":
      throw new Error(holderText(result.holder));
    case "wrong-call":
      throw new UsageError(result.message);
    case "amended": {
      const { said, before, after } = result;
      terminal.out(`${said[0]?.toUpperCase()}${said.slice(1)}.`);
      for (const line of consequences(before, after)) terminal.out(line);
      closeJson(terminal, command, EXIT.done, { scene, said, ...planJson([after]) });
      return EXIT.done;
    }
  }
}

/** What the decision makes the next run do, or spares it. */
function consequences(before: Plan, after: Plan): string[] {
  const rendered = (plan: Plan): string[] =>
    plan.scenes.filter(({ renders }) => renders > 0).map(({ scene }) => scene.id);
  const [was, is] = [rendered(before), rendered(after)];
  const more = is.filter((id) => !was.includes(id));
  const less = was.filter((id) => !is.includes(id));
  const lines: string[] = [];
  if (more.length > 0) {
    const price = sumPrices(
      more.flatMap((id) => after.estimate.prices.get(id) ?? []),
      after.prices.currency,
    );
    const cost = after.kind === "paid" ? `, ${moneyText(price)}` : "";
    const clips = more.length === 1 ? "one clip" : `${more.length} clips`;
    lines.push(`To be made after it: ${more.join(", ")}; \`storyc render\` makes ${clips}${cost}.`);
  }
  if (less.length > 0) lines.push(`Not to be made any more: ${less.join(", ")}.`);
  return lines;
}
