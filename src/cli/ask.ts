import { createInterface } from "node:readline";
import type { Plan } from "../driver/plan.ts";
import { totalOf } from "../driver/spend-gate.ts";
import { sumPrices } from "../seedance/price.ts";
import { moneyText, pricesText } from "./quantities.ts";
import { retriesText } from "./retries-text.ts";
import type { Terminal } from "./terminal.ts";

/** Asks before money is spent. Anything but a clear yes is a no, and so is an interrupt. */
export function askToSpend(
  terminal: Terminal,
  interrupt: AbortSignal,
): (films: readonly Plan[]) => Promise<boolean> {
  return async (films) => {
    const answer = await ask(spendQuestion(films, terminal, Date.now()), interrupt);
    return /^y(es)?$/i.test(answer.trim());
  };
}

/** A line of the person, without its end; empty when none came. */
function ask(question: string, interrupt: AbortSignal): Promise<string> {
  const { stdin, stderr } = process;
  // The terminal itself edits the line, so that it hands on Ctrl-C as everywhere and has nothing to be set back.
  const lines = createInterface({ input: stdin, terminal: false });
  const giveUp = (): void => lines.close();
  interrupt.addEventListener("abort", giveUp, { once: true });
  stdin.once("error", giveUp);
  return new Promise<string>((resolve) => {
    lines.once("line", resolve).once("close", () => resolve(""));
    stderr.write(question);
  }).finally(() => {
    interrupt.removeEventListener("abort", giveUp);
    lines.close();
  });
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
  const parts = [...certaintyParts(films), ...retryParts(films), prices];
  return `Spend ${price} on ${first?.provider.value}? (${parts.join("; ")}) [y/N] `;
}

function retryParts(films: readonly Plan[]): string[] {
  const text = retriesText(films);
  return text === undefined ? [] : [text];
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
