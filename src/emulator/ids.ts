import { randomBytes } from "node:crypto";

/** What an id names: a task, an asset of the library, a group of assets. */
type IdKind = "cgt" | "asset" | "group";

/** An id such as `cgt-20260312231129-7db6s`: the time of creation and five random letters or digits. */
export function newId(kind: IdKind, now: number): string {
  const time = new Date(now).toISOString().replace(/\D/g, "").slice(0, 14);
  const letters = [...randomBytes(5)].map((byte) => (byte % 36).toString(36)).join("");
  return `${kind}-${time}-${letters}`;
}

/** Ids become file names, so nothing else may pass for one. */
export function isId(kind: IdKind, text: string): boolean {
  return text.startsWith(`${kind}-`) && /^\d{14}-[0-9a-z]{5}$/.test(text.slice(kind.length + 1));
}
