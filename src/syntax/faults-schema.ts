import type { Diagnostic } from "../base/diagnostic.ts";
import { validateFaults } from "./faults-validator.ts";
import { explainErrors } from "./schema.ts";
import { plainOf, type SyntaxTree } from "./tree.ts";

/** A file of faults against its published schema: one diagnostic per mistake. */
export function checkFaultsSchema(tree: SyntaxTree): Diagnostic[] {
  if (validateFaults(plainOf(tree.root))) return [];
  return explainErrors(tree, validateFaults.errors ?? [], "the file");
}
