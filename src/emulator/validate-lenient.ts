import { checkRequest, type RequestProblem } from "../syntax/request-schema.ts";

interface Pruned {
  /** Paths that were left out, such as `seed` or `content[1].weight`. */
  readonly ignored: readonly string[];
  readonly problem: RequestProblem | undefined;
}

/** More unknown names than any client sends. */
const MOST_IGNORED = 100;

/** The other models of the family, which take the same requests; they are drawn and limited like ours. */
const RELATIVE = /^[a-z0-9.-]*seedance[a-z0-9.-]*$/;
const OURS = "seedance-2.0-mini";

/** Removes from a body what the schema does not know. */
export function pruneUnknown(body: unknown): Pruned {
  const named = body as { model?: unknown } | undefined;
  const model = named?.model;
  if (typeof model !== "string" || !RELATIVE.test(model)) return prune(body);
  const pruned = prune(Object.assign(named as object, { model: OURS }));
  Object.assign(named as object, { model });
  return pruned;
}

function prune(body: unknown): Pruned {
  const ignored: string[] = [];
  let problem = checkRequest(body);
  while (problem?.keyword === "additionalProperties" && ignored.length < MOST_IGNORED) {
    remove(body, problem.keys);
    ignored.push(problem.path);
    problem = checkRequest(body);
  }
  return { ignored, problem };
}

function remove(body: unknown, keys: readonly string[]): void {
  const parent = keys.slice(0, -1).reduce((at, key) => (at as Record<string, unknown>)[key], body);
  Reflect.deleteProperty(parent as object, keys.at(-1) ?? "");
}
