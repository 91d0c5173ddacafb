import { areOld } from "../base/prices.ts";
import type { Plan } from "../driver/plan.ts";
import { totalOf } from "../driver/spend-gate.ts";
import { mostRetries } from "../plan/retries.ts";
import { reasonText } from "../plan/reasons.ts";

/** The plan of the `--json` contract. `now`: milliseconds since 1970. */
export function planJson(films: readonly Plan[], now = Date.now()): Record<string, unknown> {
  const [first] = films;
  return {
    provider: first?.provider.value,
    rehearsal: first?.kind === "rehearsal",
    steps: films.flatMap(filmSteps),
    cost: costJson(films, now),
    rounds: films.reduce((sum, { estimate }) => sum + estimate.rounds, 0),
    criticalPath: first?.estimate.criticalPath ?? [],
    expectedSeconds: films.reduce((sum, { estimate }) => sum + estimate.seconds, 0),
  };
}

/** `amount` is what this run costs; `paid` what it would cost on the paid service, which for a rehearsal differs. */
function costJson(films: readonly Plan[], now: number): object {
  const [first] = films;
  const { amount, currency, tokens, kind } = totalOf(films);
  const asked = first?.kind === "paid" ? amount : 0;
  return {
    amount: asked,
    currency,
    // For scripts that think in dollars; null where the prices are in another currency.
    usd: currency === "USD" ? asked : null,
    tokens,
    exact: kind === "exact",
    unpriced: films.flatMap(({ estimate }) => estimate.unpriced),
    prices: first && {
      asOf: first.prices.asOf,
      from: first.prices.from ?? null,
      old: areOld(first.prices, now),
    },
    // Beyond that, should outputs be moderated: failed tasks are not billed, as far as is known.
    retries: {
      most: films.reduce((sum, { estimate }) => sum + estimate.retries.takes, 0),
      amount: films.reduce((sum, { estimate }) => sum + estimate.retries.price.amount, 0),
      currency,
    },
    paid: { amount, currency },
  };
}

function filmSteps(plan: Plan): object[] {
  const { estimate, storyboard } = plan;
  const steps = plan.scenes.map((planned) => {
    const { scene, action, reasons, take, renders, fingerprint } = planned;
    const price = estimate.prices.get(scene.id);
    return {
      kind: "generate",
      film: storyboard.variant,
      scene: scene.id,
      mode: scene.mode.kind,
      action,
      reasons: reasons.map((reason) => ({ ...reason, text: reasonText(reason) })),
      renders,
      retries: mostRetries(planned),
      seconds: scene.settings.duration.value,
      take: take?.take ?? null,
      fingerprint: fingerprint ?? null,
      cost: price
        ? {
            amount: price.amount,
            currency: price.currency,
            tokens: price.tokens,
            exact: price.kind === "exact",
          }
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
