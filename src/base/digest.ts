import { createHash } from "node:crypto";

/** SHA-256 in lower-case hex. */
export type Digest = string;

export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

export function digestOf(bytes: string | Uint8Array): Digest {
  return createHash("sha256").update(bytes).digest("hex");
}

/**
 * One text for one value: keys sorted by code unit, no white space, members that are undefined left out.
 * Two machines must write the same text, or one would pay again for what the other has made.
 */
export function canonicalJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(",")}]`;
  if (typeof value === "object" && value !== null) {
    const members = Object.entries(value)
      .filter(([, member]) => member !== undefined)
      .sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0))
      .map(([key, member]) => `${JSON.stringify(key)}:${canonicalJson(member)}`);
    return `{${members.join(",")}}`;
  }
  return JSON.stringify(value) ?? "null";
}
