import { isModeratedOutput } from "../seedance/errors.ts";
import type { Take } from "./lock.ts";
import type { ScenePlan } from "./scene-plan.ts";
import { NO_WISHES, type Wishes } from "./wishes.ts";

/**
 * Says of each request of a plan how many more may follow it, should what the service makes of it be moderated.
 * A series of tries that an earlier run has begun goes on where it was: each take says how many may follow it, so
 * that neither a kill nor a stop makes it longer. A series that has come to its end is over, and what is sent then
 * begins a new one, since another run is another wish of its user.
 */
export function withRetries(plan: ScenePlan, takes: readonly Take[], wishes: Wishes = NO_WISHES): ScenePlan {
  const { scene, renders, fingerprint } = plan;
  const most = scene.settings.retry.value.moderation;
  if (most === 0 || renders === 0) return plan;
  const isNewWish = wishes.retake.has(scene.id) || wishes.resubmit.has(scene.id);
  const begun = isNewWish
    ? []
    : takes.filter((take) => take.fingerprint === fingerprint && isModerated(take));
  const retries = Array.from({ length: renders }, (_, i) => {
    const { retries: left = 0 } = begun.at(-1 - i) ?? {};
    return left > 0 ? Math.min(most, left - 1) : most;
  });
  return retries.some((count) => count > 0) ? { ...plan, retries } : plan;
}

/** How many more takes may follow this one of a scene's: none, where its request was refused another time. */
export function retriesAfter(takes: readonly Take[], number: number): number {
  const take = takes.find((one) => one.take === number);
  if (!take || !isModerated(take)) return 0;
  const isRefused = takes.some(
    ({ state, fingerprint }) => state === "refused" && fingerprint === take.fingerprint,
  );
  return isRefused ? 0 : (take.retries ?? 0);
}

/** How many takes a plan may send beyond its `renders`, should outputs be moderated. */
export function mostRetries({
  scene,
  action,
  renders,
  retries = [],
  collect,
  fingerprint,
}: ScenePlan): number {
  const most = scene.settings.retry.value.moderation;
  if (action === "blocked" || action === "left" || most === 0) return 0;
  const sent = retries.slice(0, renders);
  const known = collect.filter((take) => take.fingerprint === fingerprint);
  const left = [...sent, ...known.map((take) => Math.min(most, take.retries ?? 0))];
  return left.reduce((sum, one) => sum + one, 0);
}

function isModerated({ state, error }: Take): boolean {
  return state === "failed" && isModeratedOutput(error?.code ?? "");
}
