import type { MapEntry, SyntaxNode } from "./tree.ts";

/** What stands at a place of a tree, and under which key or number. */
export interface Found {
  readonly node: SyntaxNode;
  readonly entry?: MapEntry;
  readonly index?: number;
}

/** Follows a JSON pointer; where it leads nowhere, the deepest node that exists. */
export function locate(root: SyntaxNode, pointer: string): Found {
  let found: Found = { node: root };
  for (const key of pointerParts(pointer)) {
    const { node } = found;
    if (node.kind === "map") {
      const entry = node.entries.get(key);
      if (!entry) return found;
      found = { node: entry.value, entry };
    } else if (node.kind === "list") {
      const item = node.items[Number(key)];
      if (!item) return found;
      found = { node: item, index: Number(key) };
    }
  }
  return found;
}

/** The keys and numbers of a JSON pointer. */
export function pointerParts(pointer: string): string[] {
  return pointer
    .split("/")
    .slice(1)
    .map((part) => part.replaceAll("~1", "/").replaceAll("~0", "~"));
}
