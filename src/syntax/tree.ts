import type { Diagnostic } from "../base/diagnostic.ts";
import type { Source, Span } from "../base/source.ts";

export interface SyntaxTree {
  readonly source: Source;
  readonly root: SyntaxNode;
}

export interface Parsed {
  /** Absent when the text is not YAML at all. */
  readonly tree?: SyntaxTree;
  readonly diagnostics: readonly Diagnostic[];
}

/** A YAML value with the place it stands at. Aliases are resolved: they share the node of their anchor. */
export type SyntaxNode = MapNode | ListNode | ScalarNode;

export interface ScalarNode {
  readonly kind: "scalar";
  readonly value: string | number | boolean | null;
  readonly span: Span;
}

export interface ListNode extends Collection {
  readonly kind: "list";
  readonly items: readonly SyntaxNode[];
  readonly plain: readonly PlainValue[];
}

export interface MapNode extends Collection {
  readonly kind: "map";
  readonly entries: ReadonlyMap<string, MapEntry>;
  readonly plain: { readonly [key: string]: PlainValue };
}

interface Collection {
  /** Values in it, itself included, each alias counted as what it stands for. */
  readonly size: number;
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

export function plainOf(node: SyntaxNode): PlainValue {
  return node.kind === "scalar" ? node.value : node.plain;
}

export function listNode(items: readonly SyntaxNode[], span: Span): ListNode {
  let size = 1;
  for (const item of items) size += sizeOf(item);
  return { kind: "list", items, plain: items.map(plainOf), size, span };
}

export function mapNode(entries: ReadonlyMap<string, MapEntry>, span: Span): MapNode {
  // Without a prototype, so that a key named `__proto__` is a key like any other.
  const plain = Object.create(null) as Record<string, PlainValue>;
  let size = 1;
  for (const { key, value } of entries.values()) {
    plain[key] = plainOf(value);
    size += sizeOf(value);
  }
  return { kind: "map", entries, plain, size, span };
}

function sizeOf(node: SyntaxNode): number {
  return node.kind === "scalar" ? 1 : node.size;
}

export function get(node: SyntaxNode | undefined, key: string): SyntaxNode | undefined {
  return node?.kind === "map" ? node.entries.get(key)?.value : undefined;
}

export function entriesOf(node: SyntaxNode | undefined): MapEntry[] {
  return node?.kind === "map" ? [...node.entries.values()] : [];
}

export function itemsOf(node: SyntaxNode | undefined): readonly SyntaxNode[] {
  return node?.kind === "list" ? node.items : [];
}

export function numberOf(node: SyntaxNode | undefined): number | undefined {
  return node?.kind === "scalar" && typeof node.value === "number" ? node.value : undefined;
}
