import { sumPrices } from "../seedance/price.ts";
import type { Plan } from "./plan.ts";

export interface Spending {
  /** Highest price of this run in US dollars. */
  readonly maxCost?: number | undefined;
  /** Money may be spent without asking. */
  readonly yes?: boolean | undefined;
  /** Asks the person; without it nobody can be asked. */
  readonly confirm?: ((films: readonly Plan[]) => Promise<boolean>) | undefined;
}

/** Why nothing may be sent; undefined when the run may begin. Fails closed. */
export async function spendGate(films: readonly Plan[], spending: Spending): Promise<string | undefined> {
  const renders = films.flatMap(({ scenes }) => scenes).reduce((sum, scene) => sum + scene.renders, 0);
  if (films[0]?.kind !== "paid" || renders === 0) return undefined;
  const { usd } = sumPrices(films.map(({ estimate }) => estimate.total));
  if (spending.maxCost !== undefined && usd > spending.maxCost) {
    return `the run would cost up to $${usd.toFixed(2)}, more than --max-cost ${spending.maxCost}`;
  }
  if (spending.yes) return undefined;
  if (!spending.confirm) return "nobody is there to be asked: allow the spending with --yes";
  return (await spending.confirm(films)) ? undefined : "not confirmed";
}

/** Counts what a run has sent against the cap, before each request again: a reason, or undefined to go on. */
export class SpendingCap {
  readonly #maxCost: number | undefined;
  #spent = 0;

  constructor({ maxCost }: Spending) {
    this.#maxCost = maxCost;
  }

  problem(plan: Plan, scene: string): string | undefined {
    if (plan.kind !== "paid" || this.#maxCost === undefined) return undefined;
    const renders = plan.scenes.find((planned) => planned.scene.id === scene)?.renders ?? 1;
    const price = (plan.estimate.prices.get(scene)?.usd ?? 0) / Math.max(1, renders);
    if (this.#spent + price > this.#maxCost) return `sending it would pass --max-cost ${this.#maxCost}`;
    this.#spent += price;
    return undefined;
  }
}
