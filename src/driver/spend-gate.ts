import type { Quote } from "../plan/lock.ts";
import { mostRetries } from "../plan/retries.ts";
import { sumPrices, type Price } from "../seedance/price.ts";
import type { Plan } from "./plan.ts";

export interface Spending {
  /** Highest price of this run, in the currency of the price table. */
  readonly maxCost?: number | undefined;
  /** Money may be spent without asking. */
  readonly yes?: boolean | undefined;
  /** Asks the person; without it nobody can be asked. */
  readonly confirm?: ((films: readonly Plan[]) => Promise<boolean>) | undefined;
}

/** Why nothing may be sent; undefined when the run may begin. Fails closed. */
export async function spendGate(films: readonly Plan[], spending: Spending): Promise<string | undefined> {
  const sent = films.flatMap(({ scenes }) => scenes).map((scene) => scene.renders + mostRetries(scene));
  if (films[0]?.kind !== "paid" || sent.every((count) => count === 0)) return undefined;
  const problem = overCap(films, spending.maxCost);
  if (problem !== undefined) return problem;
  if (spending.yes) return undefined;
  if (!spending.confirm) return "nobody is there to be asked: allow the spending with --yes";
  return (await spending.confirm(films)) ? undefined : "not confirmed";
}

function overCap(films: readonly Plan[], maxCost: number | undefined): string | undefined {
  if (maxCost === undefined) return undefined;
  const [unpriced] = films.flatMap(({ estimate }) => estimate.unpriced);
  if (unpriced !== undefined)
    return `no price is known for the model of \`${unpriced}\`, so --max-cost cannot be held`;
  const { amount, currency } = totalOf(films);
  if (amount <= maxCost) return undefined;
  return `the run would cost up to ${amount.toFixed(2)} ${currency}, more than --max-cost ${maxCost}`;
}

/** Of all films of a storyboard together. */
export function totalOf(films: readonly Plan[]): Price {
  const totals = films.map(({ estimate }) => estimate.total);
  return sumPrices(totals, totals[0]?.currency ?? "");
}

/**
 * Counts what a run has sent against the cap, before each request again. Nothing is ever given back: what is in
 * flight may still be billed, what is unknown may have been, and refunds of what failed come late, if they come.
 */
export class SpendingCap {
  readonly #most: number | undefined;
  #sent = 0;

  constructor({ maxCost }: Spending) {
    // Rounded down: a cap that is rounded up is passed.
    this.#most = maxCost === undefined ? undefined : Math.floor(maxCost * 1e6 + 1e-3);
  }

  /** Why one more take may not be sent; undefined when it may, and then it counts as paid. */
  problem(quote: Quote | undefined): string | undefined {
    if (this.#most === undefined) return undefined;
    if (!quote) return "no price is known for its model, so --max-cost cannot be held";
    const after = this.#sent + millionths(quote.amount);
    if (after > this.#most) {
      const [sent, most] = [this.#sent / 1e6, this.#most / 1e6];
      return `sending it would pass --max-cost ${most}: ${sent.toFixed(2)} ${quote.currency} are sent, this is ${quote.amount.toFixed(2)} more`;
    }
    this.#sent = after;
    return undefined;
  }
}

/** Whole numbers add up without noise. */
function millionths(amount: number): number {
  return Math.round(amount * 1e6);
}
