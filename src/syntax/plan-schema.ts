import { validatePlan } from "./plan-validator.ts";

/** The first thing that is wrong with the shape of a saved plan, with the JSON pointer to it; undefined for none. */
export function planProblem(value: unknown): string | undefined {
  if (validatePlan(value)) return undefined;
  const [first] = validatePlan.errors ?? [];
  return `${first?.instancePath || "it"} ${first?.message ?? "is wrong"}`;
}
