import { createInterface } from "node:readline/promises";
import type { Plan } from "../driver/plan.ts";
import { sumPrices } from "../seedance/price.ts";
import { moneyText } from "./quantities.ts";
import type { Terminal } from "./terminal.ts";

/** Asks before money is spent. Anything but a clear yes is a no. */
export function askToSpend(terminal: Terminal): (films: readonly Plan[]) => Promise<boolean> {
  return async (films) => {
    const lines = createInterface({ input: process.stdin, output: process.stderr });
    try {
      const price = terminal.style("bold", moneyText(sumPrices(films.map(({ estimate }) => estimate.total))));
      const answer = await lines.question(`Spend ${price} on ${films[0]?.provider.value}? [y/N] `);
      return /^y(es)?$/i.test(answer.trim());
    } finally {
      lines.close();
    }
  };
}
