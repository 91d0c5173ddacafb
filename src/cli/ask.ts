import { createInterface } from "node:readline/promises";
import type { Plan } from "../driver/plan.ts";
import { moneyText } from "./quantities.ts";
import type { Terminal } from "./terminal.ts";

/** Asks before money is spent. Anything but a clear yes is a no. */
export function askToSpend(terminal: Terminal): (plan: Plan) => Promise<boolean> {
  return async (plan) => {
    const lines = createInterface({ input: process.stdin, output: process.stderr });
    try {
      const price = terminal.style("bold", moneyText(plan.estimate.total));
      const answer = await lines.question(`Spend ${price} on ${plan.provider.value}? [y/N] `);
      return /^y(es)?$/i.test(answer.trim());
    } finally {
      lines.close();
    }
  };
}
