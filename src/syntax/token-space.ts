import type { CST } from "yaml";

type TokenType = CST.Token["type"];

/** What stands before a key or a value. */
export interface Lead {
  /** Whether the indicator was there: `-`, `:` or a comma. */
  readonly isMarked: boolean;
  readonly hasNewline: boolean;
  /** The name behind `&`. */
  readonly anchor: string | undefined;
  /** No line ends between the anchor and its value. */
  readonly isOnLineOfAnchor: boolean;
}

/** Nearly all leads are one of these, and a large file has a hundred thousand. */
const BLANK: Lead = { isMarked: false, hasNewline: false, anchor: undefined, isOnLineOfAnchor: false };
const MARKED: Lead = { ...BLANK, isMarked: true };
const MARKED_AND_NEWLINE: Lead = { ...MARKED, hasNewline: true };

/**
 * Reads the space, the remarks, the one `indicator` and the anchor before a key or a value. Undefined where there is
 * anything else, a tab, or a remark without space before it; what comes first needs none `atLineStart`.
 */
export function readLead(
  tokens: readonly CST.SourceToken[],
  indicator: TokenType | undefined,
  atLineStart: boolean,
): Lead | undefined {
  let hasSpace = atLineStart;
  let isMarked = false;
  let hasNewline = false;
  let anchor: string | undefined;
  let isOnLineOfAnchor = false;
  for (const { type, source } of tokens) {
    if (type === "space" && !source.includes("\t")) {
      hasSpace = true;
    } else if (type === "newline") {
      hasSpace = true;
      hasNewline = true;
      isOnLineOfAnchor = false;
    } else if (type === indicator && !isMarked && anchor === undefined) {
      isMarked = true;
      hasSpace = false;
    } else if (type === "anchor" && anchor === undefined && source.length > 1 && !source.endsWith(":")) {
      anchor = source.slice(1);
      isOnLineOfAnchor = true;
      hasSpace = false;
    } else if (type !== "comment" || !hasSpace) {
      return undefined;
    }
  }
  if (anchor !== undefined) return hasSpace ? { isMarked, hasNewline, anchor, isOnLineOfAnchor } : undefined;
  if (!isMarked) return BLANK;
  return hasNewline ? MARKED_AND_NEWLINE : MARKED;
}

/** Nothing but space and remarks, and perhaps the indicator. */
export function isSpace(lead: Lead | undefined): boolean {
  return lead !== undefined && lead.anchor === undefined;
}

/** Where the space and the remarks behind a value end; undefined where there is anything else. */
export function readEnd(tokens: readonly CST.SourceToken[] | undefined, from: number): number | undefined {
  let end = from;
  let hasSpace = false;
  for (const { type, source } of tokens ?? []) {
    if (type === "space" || type === "newline") hasSpace = true;
    else if (type !== "comment" || !hasSpace) return undefined;
    end += source.length;
  }
  return end;
}

/** Tokens that may stand before and after the one document. */
export function isBetween(type: TokenType): boolean {
  return type === "byte-order-mark" || type === "space" || type === "newline" || type === "comment";
}
