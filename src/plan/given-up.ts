import type { ScenePlan } from "./scene-plan.ts";
import type { Take } from "./lock.ts";
import type { Reason } from "./reasons.ts";
import { NO_WISHES } from "./wishes.ts";

/** Nobody knows whether it was accepted, or the service does not know its task. */
export function isLost({ state, error }: Take): boolean {
  return state === "unknown" || (state === "submitted" && error !== undefined);
}

/** Lost takes of an older recipe are given up with those of this one, and nothing is sent in their place. */
export function givenUp(takes: readonly Take[], plan: ScenePlan, wishes = NO_WISHES): ScenePlan {
  const { scene, abandon = [], collect, reasons } = plan;
  const more = takes.filter((take) => isLost(take) && !abandon.includes(take));
  if (!wishes.resubmit.has(scene.id) || more.length === 0) return plan;
  return {
    ...plan,
    abandon: [...abandon, ...more],
    collect: collect.filter((take) => !more.includes(take)),
    reasons: [...reasons, ...more.map(({ take }): Reason => ({ kind: "resubmit", take }))],
  };
}
