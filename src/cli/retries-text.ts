import type { Plan } from "../driver/plan.ts";
import { sumPrices } from "../seedance/price.ts";
import { moneyText } from "./quantities.ts";

/** What a run may send beyond its requests, should outputs be moderated; undefined where it is nothing. */
export function retriesText(films: readonly Plan[]): string | undefined {
  const takes = films.reduce((sum, { estimate }) => sum + estimate.retries.takes, 0);
  if (takes === 0) return undefined;
  const price = sumPrices(
    films.map(({ estimate }) => estimate.retries.price),
    films[0]?.prices.currency ?? "",
  );
  const tries = takes === 1 ? "1 more try" : `${takes} more tries`;
  return `up to ${tries} if the output is moderated: failed tasks are not billed, as far as is known; were they, ${moneyText(price)} more`;
}
