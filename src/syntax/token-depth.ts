import type { CST } from "yaml";

/** The language itself needs seven levels. Counted here, since what the call stack bears differs between machines. */
export const DEEPEST = 100;

/** The first value that stands deeper than that. */
export function findTooDeep(tokens: readonly CST.Token[]): CST.Token | undefined {
  for (const token of tokens) {
    const found = token.type === "document" && token.value ? findDeeper(token.value, DEEPEST) : undefined;
    if (found) return found;
  }
  return undefined;
}

function findDeeper(token: CST.Token, levels: number): CST.Token | undefined {
  if (levels === 0) return token;
  if (!("items" in token)) return undefined;
  for (const { key, value } of token.items as readonly CST.CollectionItem[]) {
    const found = (key && findDeeper(key, levels - 1)) ?? (value && findDeeper(value, levels - 1));
    if (found) return found;
  }
  return undefined;
}
