import { sumPrices } from "../seedance/price.ts";
import type { Plan } from "../driver/plan.ts";
import { reasonText } from "../plan/reasons.ts";

/** The plan of the `--json` contract. */
export function planJson(films: readonly Plan[]): Record<string, unknown> {
  const [first] = films;
  const total = sumPrices(films.map(({ estimate }) => estimate.total));
  return {
    provider: first?.provider.value,
    rehearsal: first?.kind === "rehearsal",
    steps: films.flatMap(filmSteps),
    cost: {
      usd: first?.kind === "paid" ? total.usd : 0,
      cny: first?.kind === "paid" ? total.cny : 0,
      tokens: total.tokens,
      exact: total.kind === "exact",
      asOf: total.asOf,
      paid: { usd: total.usd, cny: total.cny },
    },
    rounds: films.reduce((sum, { estimate }) => sum + estimate.rounds, 0),
    criticalPath: first?.estimate.criticalPath ?? [],
    expectedSeconds: films.reduce((sum, { estimate }) => sum + estimate.seconds, 0),
  };
}

function filmSteps(plan: Plan): object[] {
  const { estimate, storyboard } = plan;
  const steps = plan.scenes.map(({ scene, action, reasons, take, renders, fingerprint }) => {
    const price = estimate.prices.get(scene.id);
    return {
      kind: "generate",
      film: storyboard.variant,
      scene: scene.id,
      mode: scene.mode.kind,
      action,
      reasons: reasons.map((reason) => ({ ...reason, text: reasonText(reason) })),
      renders,
      seconds: scene.settings.duration.value,
      take: take?.take ?? null,
      fingerprint: fingerprint ?? null,
      cost: price
        ? { usd: price.usd, cny: price.cny, tokens: price.tokens, exact: price.kind === "exact" }
        : null,
    };
  });
  const film = {
    kind: "film",
    film: storyboard.variant,
    action: plan.film.action,
    reasons: [{ text: plan.film.reason }],
    scenes: plan.cut.map(({ scene }) => scene),
  };
  return [...steps, film];
}
