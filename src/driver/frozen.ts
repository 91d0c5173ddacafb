import type { ScenePlan } from "../plan/scene-plan.ts";
import type { Plan } from "./plan.ts";

/** Why a frozen run may not begin: a script that only wants to join what is made must not spend or wait. */
export function frozenProblem(
  films: readonly Plan[],
  { frozen = false }: { readonly frozen?: boolean | undefined },
): string | undefined {
  if (!frozen) return undefined;
  const needs = providerNeeds(films);
  return needs.length === 0 ? undefined : `--frozen allows no contact with the provider: ${needs.join(", ")}`;
}

/** What of these plans only the provider can give; nothing when all that is left to do is done here. */
export function providerNeeds(films: readonly Plan[]): string[] {
  return films.flatMap(({ scenes }) => scenes).flatMap((plan) => needOf(plan) ?? []);
}

function needOf({ scene, action, renders, collect }: ScenePlan): string | undefined {
  if (renders > 0) return `\`${scene.id}\` would be rendered`;
  if (collect.length > 0) return `\`${scene.id}\` would be collected`;
  return action === "fetch" ? `\`${scene.id}\` would be fetched` : undefined;
}
