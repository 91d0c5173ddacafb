import type { Plan } from "../driver/plan.ts";
import { reasonText } from "../plan/reasons.ts";

/** The plan of the `--json` contract. */
export function planJson(plan: Plan): Record<string, unknown> {
  const { estimate } = plan;
  const steps = plan.scenes.map(({ scene, action, reasons, take, renders, fingerprint }) => {
    const price = estimate.prices.get(scene.id);
    return {
      kind: "generate",
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
  const { total } = estimate;
  return {
    provider: plan.provider.value,
    rehearsal: plan.kind === "rehearsal",
    steps: [
      ...steps,
      {
        kind: "film",
        action: plan.film.action,
        reasons: [{ text: plan.film.reason }],
        scenes: plan.cut.map(({ scene }) => scene),
      },
    ],
    cost: {
      usd: plan.kind === "paid" ? total.usd : 0,
      cny: plan.kind === "paid" ? total.cny : 0,
      tokens: total.tokens,
      exact: total.kind === "exact",
      asOf: total.asOf,
      paid: { usd: total.usd, cny: total.cny },
    },
    rounds: estimate.rounds,
    criticalPath: estimate.criticalPath,
    expectedSeconds: estimate.seconds,
  };
}
