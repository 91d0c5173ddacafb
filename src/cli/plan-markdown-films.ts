import type { Base } from "../driver/base.ts";
import type { Plan } from "../driver/plan.ts";
import type { Action, ScenePlan } from "../plan/scene-plan.ts";
import { priceOfTakes, type SceneDifference } from "../plan/difference.ts";
import { reasonText } from "../plan/reasons.ts";
import { MAIN_NAME } from "../storyboard/names.ts";
import { changeOfPrice, changeText } from "./base-text.ts";
import { codeBlock, codeSpan, cutText, escapeMarkdown, sentence, tableText } from "./markdown.ts";
import { promptDiff } from "./prompt-diff.ts";
import { rippleLines } from "./plan-text.ts";
import { moneyText } from "./quantities.ts";

/** A longer table is read by nobody, and several films of it fit into a comment. */
const MOST_ROWS = 100;
const MOST_OF_A_REASON = 400;

/** Nothing is paid for these: where a change is looked at there are often no clips, so that all would be listed. */
const QUIET: readonly Action[] = ["reuse", "kept", "left", "fetch"];

/** The scenes of one film that are different from the base, or that a run would do something for. */
export function filmMarkdown(film: Plan, base: Base): string {
  const { variant } = film.storyboard;
  const differences = differencesOf(film, base);
  const ripple = rippleLines(film).map((line) => `* ${sentence(line)}`);
  return [
    ...(variant === MAIN_NAME ? [] : [`#### ${escapeMarkdown(variant)}`]),
    ...filmTable(film, differences),
    ...(ripple.length > 0 ? [ripple.join("\n")] : []),
  ].join("\n\n");
}

/** By scene; undefined where there is nothing to compare with. */
type Differences = ReadonlyMap<string, SceneDifference> | undefined;

function differencesOf({ storyboard }: Plan, base: Base): Differences {
  if (base.kind !== "base") return undefined;
  return new Map((base.differences.get(storyboard.variant) ?? []).map((one) => [one.scene, one]));
}

function filmTable(film: Plan, differences: Differences): string[] {
  const shown = film.scenes.filter(
    ({ scene, action, renders }) => !QUIET.includes(action) || renders > 0 || differences?.has(scene.id),
  );
  const removed = [...(differences?.values() ?? [])].filter(({ change }) => change === "removed");
  const rows = [
    ...shown.map((plan) => sceneRow(film, plan, differences)),
    ...removed.map((difference) => removedRow(difference)),
  ];
  const quiet = film.scenes.length - shown.length;
  if (rows.length === 0) return [`Nothing is different in ${scenesText(quiet)}, and nothing is to be made.`];
  const head = ["scene", ...(differences ? ["since the base"] : []), "this run", "to pay", "from nothing"];
  const more = rows.length - MOST_ROWS;
  const notes = [
    ...(more > 0 ? [`… and ${more} more rows; \`storyc plan\` prints all.`] : []),
    ...(quiet > 0 ? [`Not listed: ${scenesText(quiet)} with nothing to pay and no difference.`] : []),
  ];
  const table = tableText(head, [head.length - 2, head.length - 1], rows.slice(0, MOST_ROWS));
  return [table, ...(notes.length > 0 ? [notes.join(" ")] : [])];
}

function scenesText(count: number): string {
  return count === 1 ? "1 scene" : `${count} scenes`;
}

function sceneRow(film: Plan, plan: ScenePlan, differences: Differences): string[] {
  const { id } = plan.scene;
  const difference = differences?.get(id);
  const price = film.kind === "paid" ? film.estimate.prices.get(id) : undefined;
  const quote = priceOfTakes(plan.scene, film.estimate);
  return [
    codeSpan(id),
    ...(differences ? [differenceCell(difference)] : []),
    runCell(plan, difference),
    price ? moneyText(price) : "",
    changeOfPrice(difference ?? { ...(quote && { now: quote }) }),
  ];
}

/** A reason that stands in the cell before it is not told twice. */
function runCell({ action, renders, reasons }: ScenePlan, difference: SceneDifference | undefined): string {
  const told = new Set(difference?.reasons.map(reasonText));
  const why = reasons.map(reasonText).filter((text) => !told.has(text));
  const what = `${action}${renders > 1 ? ` ${renders} takes` : ""}`;
  const verb = QUIET.includes(action) ? what : `**${what}**`;
  return why.length === 0 ? verb : `${verb}: ${sentence(cutText(why.join("; "), MOST_OF_A_REASON))}`;
}

function removedRow(difference: SceneDifference): string[] {
  const before = difference.before ? `~~${moneyText(difference.before)}~~` : "";
  return [codeSpan(difference.scene), differenceCell(difference), "", "", before];
}

function differenceCell(difference: SceneDifference | undefined): string {
  if (!difference) return "";
  if (difference.change === "removed") return "removed";
  if (difference.change === "priced") return "price changed";
  return sentence(cutText(changeText(difference), MOST_OF_A_REASON));
}

/** The texts that are sent otherwise than before. */
export function promptsMarkdown(film: Plan, base: Base): string {
  const changed = [...(differencesOf(film, base)?.values() ?? [])].flatMap(({ scene, prompt }) =>
    prompt ? [`${codeSpan(scene)}\n\n${codeBlock("diff", promptDiff(prompt.before, prompt.now))}`] : [],
  );
  if (changed.length === 0) return "";
  const { variant } = film.storyboard;
  const title = `Prompts that changed${variant === MAIN_NAME ? "" : ` (${escapeMarkdown(variant)})`}`;
  return `<details><summary>${title}</summary>\n\n${changed.join("\n\n")}\n\n</details>`;
}
