import type { ScenePlan } from "../plan/decide.ts";
import type { Plan } from "./plan.ts";

/** Why a frozen run may not begin: a script that only wants to join what is made must not spend or wait. */
export function frozenProblem(
  films: readonly Plan[],
  { frozen = false }: { readonly frozen?: boolean | undefined },
): string | undefined {
  if (!frozen) return undefined;
  const needs = films.flatMap(({ scenes }) => scenes).flatMap((plan) => needOf(plan) ?? []);
  return needs.length === 0 ? undefined : `--frozen allows no contact with the provider: ${needs.join(", ")}`;
}

function needOf({ scene, action, renders, collect }: ScenePlan): string | undefined {
  if (renders > 0) return `\`${scene.id}\` would be rendered`;
  if (collect.length > 0) return `\`${scene.id}\` would be collected`;
  return action === "fetch" ? `\`${scene.id}\` would be fetched` : undefined;
}
