import {
  billedAmount,
  billedTokens,
  dayOf,
  groupCosts,
  sumCosts,
  type Spent,
  type TakeCost,
} from "../plan/spent.ts";
import { padDisplay, displayWidth } from "./display-width.ts";
import { amountText, tokensText } from "./quantities.ts";
import type { Terminal } from "./terminal.ts";

/** What was paid for a storyboard: in all, by day, by scene, and what may still come. */
export function costText(
  name: string,
  costs: readonly TakeCost[],
  terminal: Pick<Terminal, "style">,
): string {
  if (costs.length === 0) return `Nothing was sent for ${name} yet.`;
  const sums = sumCosts(costs);
  const lines = sums.flatMap((spent) => totalLines(spent, terminal));
  lines.push("", ...tableLines("By day (UTC)", groupCosts(costs, dayOf), terminal));
  lines.push(
    "",
    ...tableLines(
      "By scene",
      groupCosts(costs, ({ scene }) => scene),
      terminal,
    ),
  );
  lines.push(...openLines(costs));
  if (costs.some(({ isQuote, quoted }) => quoted && !isQuote))
    lines.push("", "Takes without a quote are counted at today's prices.");
  return lines.join("\n");
}

function totalLines(spent: Spent, terminal: Pick<Terminal, "style">): string[] {
  const { billed, underWay, perhaps, unbilled, currency } = spent;
  const sum = terminal.style("bold", amountText(billed.amount, currency));
  const what = ` for ${takesText(billed.takes)} (${tokensText(billed.tokens)})${againstText(spent)}`;
  const lines = [`Spent: ${sum}${billed.takes > 0 ? what : ""}.`];
  if (underWay.takes > 0)
    lines.push(
      `Under way: ${takesText(underWay.takes)}, up to ${amountText(underWay.amount, currency)} more.`,
    );
  if (perhaps.takes > 0)
    lines.push(`Perhaps billed: ${takesText(perhaps.takes)}, up to ${amountText(perhaps.amount, currency)}.`);
  if (unbilled > 0) lines.push(`Not billed: ${takesText(unbilled)} refused or failed.`);
  return lines;
}

function againstText({ billed, quoted, currency }: Spent): string {
  if (quoted.takes === 0) return "";
  const more = billed.amount - quoted.amount;
  if (Math.abs(more) < 0.005) return ", as quoted";
  const way = more > 0 ? "more" : "less";
  return `, ${amountText(Math.abs(more), currency)} ${way} than the ${amountText(quoted.amount, currency)} quoted`;
}

const HEAD = ["", "takes", "tokens", "billed", "quoted"];

function tableLines(
  title: string,
  groups: ReadonlyMap<string, readonly TakeCost[]>,
  terminal: Pick<Terminal, "style">,
): string[] {
  const rows = [...groups].flatMap(([name, costs]) =>
    sumCosts(costs).map(({ billed, quoted, currency }) => [
      name,
      String(billed.takes),
      billed.tokens.toLocaleString("en"),
      amountText(billed.amount, currency),
      amountText(quoted.amount, currency),
    ]),
  );
  const all = [HEAD.map((head, i) => (i === 0 ? title : head)), ...rows];
  const widths = HEAD.map((_, i) => Math.max(...all.map((row) => displayWidth(row[i] ?? ""))));
  const text = (row: readonly string[]): string =>
    row
      .map((cell, i) => {
        const width = widths[i] ?? 0;
        return i === 0 ? padDisplay(cell, width) : " ".repeat(Math.max(0, width - displayWidth(cell))) + cell;
      })
      .join("   ");
  return all.map((row, i) => (i === 0 ? terminal.style("dim", text(row)) : text(row)));
}

/** The takes of which it is not settled what they cost, each by name. */
function openLines(costs: readonly TakeCost[]): string[] {
  const open = costs.filter(({ billing }) => billing.kind === "under-way" || billing.kind === "perhaps");
  if (open.length === 0) return [];
  return ["", "Not settled:", ...open.map((cost) => `  ${openText(cost)}`)];
}

function openText({ scene, take, quoted }: TakeCost): string {
  const most = quoted
    ? `up to ${amountText(quoted.amount, quoted.currency)}`
    : "at a price that nobody knows";
  const what = take.state === "submitted" ? `under way (task ${take.task})` : `${take.state}: perhaps billed`;
  return `${scene} take ${take.take} of ${take.at.slice(0, 10)}, ${what}, ${most}`;
}

function takesText(count: number): string {
  return count === 1 ? "1 take" : `${count} takes`;
}

/** The same as part of the `--json` contract. */
export function costJson(costs: readonly TakeCost[]): Record<string, unknown> {
  const groups = (of: (cost: TakeCost) => string, key: string): object[] =>
    [...groupCosts(costs, of)].flatMap(([name, some]) =>
      sumCosts(some).map((spent) => ({ [key]: name, ...spent })),
    );
  return {
    totals: sumCosts(costs),
    days: groups(dayOf, "day"),
    scenes: groups(({ scene }) => scene, "scene"),
    takes: costs.map((cost) => ({
      scene: cost.scene,
      take: cost.take.take,
      state: cost.take.state,
      at: cost.take.at,
      task: cost.take.task ?? null,
      billing: cost.billing.kind,
      tokens: isPaid(cost) ? billedTokens(cost) : null,
      amount: isPaid(cost) ? billedAmount(cost) : null,
      quote: cost.take.quote ?? null,
      currency: cost.quoted?.currency ?? null,
    })),
  };
}

function isPaid({ billing }: TakeCost): boolean {
  return billing.kind === "billed" || billing.kind === "as-quoted";
}
