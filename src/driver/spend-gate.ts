import type { Plan } from "./plan.ts";

export interface Spending {
  /** Highest price of this run in US dollars. */
  readonly maxCost?: number | undefined;
  /** Money may be spent without asking. */
  readonly yes?: boolean | undefined;
  /** Asks the person; without it nobody can be asked. */
  readonly confirm?: ((plan: Plan) => Promise<boolean>) | undefined;
}

/** Why nothing may be sent; undefined when the run may begin. Fails closed. */
export async function spendGate(plan: Plan, spending: Spending): Promise<string | undefined> {
  const renders = plan.scenes.reduce((sum, scene) => sum + scene.renders, 0);
  if (plan.kind === "rehearsal" || renders === 0) return undefined;
  const { usd } = plan.estimate.total;
  if (spending.maxCost !== undefined && usd > spending.maxCost) {
    return `the run would cost up to $${usd.toFixed(2)}, more than --max-cost ${spending.maxCost}`;
  }
  if (spending.yes) return undefined;
  if (!spending.confirm) return "nobody is there to be asked: allow the spending with --yes";
  return (await spending.confirm(plan)) ? undefined : "not confirmed";
}
