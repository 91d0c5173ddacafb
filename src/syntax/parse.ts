import { Parser, type CST } from "yaml";
import type { Source } from "../base/source.ts";
import { readDocument } from "./document-tree.ts";
import { readTokens } from "./token-tree.ts";
import type { Parsed } from "./tree.ts";
import { tooDeep } from "./yaml-errors.ts";

/** Text to tree, with every problem that YAML itself has with it. */
export function parse(source: Source): Parsed {
  try {
    const tokens: readonly CST.Token[] = [...new Parser().parse(source.text)];
    return readTokens(source, tokens) ?? readDocument(source, tokens);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    return { diagnostics: [tooDeep({ source, start: 0, end: Math.min(1, source.text.length) })] };
  }
}
