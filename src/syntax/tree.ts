import type { Span } from "../base/source.ts";

/** A YAML value with the place it stands at. Aliases are resolved: they share the node of their anchor. */
export type SyntaxNode = MapNode | ListNode | ScalarNode;

export interface ScalarNode {
  readonly kind: "scalar";
  readonly value: string | number | boolean | null;
  readonly span: Span;
}

export interface ListNode {
  readonly kind: "list";
  readonly items: readonly SyntaxNode[];
  readonly span: Span;
}

export interface MapNode {
  readonly kind: "map";
  readonly entries: ReadonlyMap<string, MapEntry>;
  readonly span: Span;
}

export interface MapEntry {
  readonly key: string;
  readonly keySpan: Span;
  readonly value: SyntaxNode;
}

/** The value without its places, as JSON knows it. */
export type PlainValue =
  string | number | boolean | null | readonly PlainValue[] | { readonly [key: string]: PlainValue };

export function get(node: SyntaxNode | undefined, key: string): SyntaxNode | undefined {
  return node?.kind === "map" ? node.entries.get(key)?.value : undefined;
}

export function entriesOf(node: SyntaxNode | undefined): MapEntry[] {
  return node?.kind === "map" ? [...node.entries.values()] : [];
}

export function itemsOf(node: SyntaxNode | undefined): readonly SyntaxNode[] {
  return node?.kind === "list" ? node.items : [];
}
