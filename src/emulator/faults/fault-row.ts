import { nearNames } from "../../base/near.ts";
import type { PlainValue } from "../../syntax/tree.ts";
import type { FaultPoint } from "./fault.ts";

/** A row that fits the schema. */
export type FaultRow = { readonly at: FaultPoint } & { readonly [key: string]: PlainValue };

/** What a row says that its place does not take: the key that is to blame, and what to do. */
export interface RowProblem {
  readonly key: string;
  readonly message: string;
  readonly help?: string;
}

/** Of a word that is none: the nearest one, or all. */
export function wordHelp(word: string, known: readonly string[]): string {
  const [near] = nearNames(word, known);
  return near === undefined ? `known are ${known.join(", ")}` : `write \`${near}\``;
}
