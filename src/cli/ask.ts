import { createInterface } from "node:readline/promises";
import type { Plan } from "../driver/plan.ts";
import { totalOf } from "../driver/spend-gate.ts";
import { sumPrices } from "../seedance/price.ts";
import { moneyText, pricesText } from "./quantities.ts";
import type { Terminal } from "./terminal.ts";

/** Asks before money is spent. Anything but a clear yes is a no. */
export function askToSpend(terminal: Terminal): (films: readonly Plan[]) => Promise<boolean> {
  return async (films) => {
    const lines = createInterface({ input: process.stdin, output: process.stderr });
    try {
      const answer = await lines.question(spendQuestion(films, terminal, Date.now()));
      return /^y(es)?$/i.test(answer.trim());
    } finally {
      lines.close();
    }
  };
}

/** The amount, how sure it is, and what it rests on. `now`: milliseconds since 1970. */
export function spendQuestion(
  films: readonly Plan[],
  terminal: Pick<Terminal, "style">,
  now: number,
): string {
  const [first] = films;
  const price = terminal.style("bold", moneyText(totalOf(films)));
  const prices = first ? `prices: ${pricesText(first.prices, first.provider.value, now)}` : "";
  const parts = [...certaintyParts(films), prices];
  return `Spend ${price} on ${first?.provider.value}? (${parts.join("; ")}) [y/N] `;
}

/** Which part of the sum is sure, and which is the most that it can be. */
function certaintyParts(films: readonly Plan[]): string[] {
  const prices = films.flatMap(({ estimate }) => [...estimate.prices.values()]);
  const unpriced = films.flatMap(({ estimate }) => estimate.unpriced);
  const [exact, rough] = (["exact", "upper-bound"] as const).map((kind) =>
    prices.filter((price) => price.kind === kind),
  );
  const currency = films[0]?.prices.currency ?? "";
  const parts: string[] = [];
  if (rough?.length === 0) parts.push("exact");
  else if (exact?.length === 0) parts.push("nothing of it is exact");
  else parts.push(`of it ${moneyText(sumPrices(exact ?? [], currency))} exact`);
  if (unpriced.length > 0) parts.push(`without ${unpriced.join(", ")}, whose price is not known`);
  return parts;
}
