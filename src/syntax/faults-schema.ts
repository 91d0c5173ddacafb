import type { Diagnostic } from "../base/diagnostic.ts";
import { validateFaults } from "./faults-validator.ts";
import type { SyntaxTree } from "./parse.ts";
import { explainErrors } from "./schema.ts";

/** A file of faults against its published schema: one diagnostic per mistake. */
export function checkFaultsSchema(tree: SyntaxTree): Diagnostic[] {
  if (validateFaults(tree.plain)) return [];
  return explainErrors(tree, validateFaults.errors ?? [], "the file");
}
