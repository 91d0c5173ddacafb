import type { Diagnostic } from "../base/diagnostic.ts";
import { explainErrors } from "./schema.ts";
import { plainOf, type SyntaxTree } from "./tree.ts";
import { validateStoryboard } from "./validator.ts";

/** A file of prices against the published schema: it holds what stands under `prices` in a storyboard. */
export function checkPricesSchema(tree: SyntaxTree): Diagnostic[] {
  if (validateStoryboard({ version: 1, prices: plainOf(tree.root) })) return [];
  const errors = (validateStoryboard.errors ?? []).map((error) => ({
    ...error,
    instancePath: error.instancePath.replace(/^\/prices/, ""),
  }));
  return explainErrors(tree, errors, "the file of prices");
}
