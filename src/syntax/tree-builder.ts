import { diagnose, type Diagnostic } from "../base/diagnostic.ts";
import type { Source, Span } from "../base/source.ts";
import {
  listNode,
  mapNode,
  type ListNode,
  type MapEntry,
  type MapNode,
  type ScalarNode,
  type SyntaxNode,
} from "./tree.ts";

/** Aliases may multiply a file's size; beyond this many nodes the file is an attack or a mistake. */
const MOST_EXPANDED_NODES = 2_000_000;
/** Ten thousand scenes that merge a dozen defaults each are far below. */
const MOST_MERGED_ENTRIES = 500_000;

/** Makes the nodes of one text, in its order: what they are made from need not know of anchors and bounds. */
export class TreeBuilder {
  readonly diagnostics: Diagnostic[] = [];
  readonly #source: Source;
  readonly #anchors = new Map<string, SyntaxNode>();
  #mergedEntries = 0;

  constructor(source: Source) {
    this.#source = source;
  }

  span(start: number, end: number): Span {
    return { source: this.#source, start, end };
  }

  scalar(value: ScalarNode["value"], start: number, end: number): ScalarNode {
    return { kind: "scalar", value, span: this.span(start, end) };
  }

  list(items: readonly SyntaxNode[], start: number, end: number): ListNode {
    return this.#bounded(listNode(items, this.span(start, end)));
  }

  map({ entries, merged }: MapEntries, start: number, end: number): MapNode {
    for (const node of merged) this.#merge(node, entries);
    return this.#bounded(mapNode(entries, this.span(start, end)));
  }

  anchor(name: string, node: SyntaxNode): void {
    this.#anchors.set(name, node);
  }

  /** The node of the anchor itself: it keeps its place. */
  alias(name: string, start: number, end: number): SyntaxNode {
    const target = this.#anchors.get(name);
    if (target) return target;
    const message = `no anchor \`&${name}\` stands before this alias`;
    const help = `write \`&${name}\` before the value it names`;
    this.diagnostics.push(diagnose("syntax/yaml", this.span(start, end), message, { help }));
    return this.scalar(null, start, end);
  }

  has(code: Diagnostic["code"]): boolean {
    return this.diagnostics.some((diagnostic) => diagnostic.code === code);
  }

  /** Told where it begins: all that stands around it is too large as well. */
  #bounded<N extends MapNode | ListNode>(node: N): N {
    if (node.size > MOST_EXPANDED_NODES && !this.has("syntax/alias-expansion"))
      this.diagnostics.push(tooLarge(firstLine(node.span), node.size));
    return node;
  }

  /** `<<` gives what the map itself does not say; of several sources the first wins. */
  #merge(from: SyntaxNode, entries: Map<string, MapEntry>): void {
    for (const map of from.kind === "list" ? from.items : [from]) {
      if (map.kind !== "map") {
        const message = "`<<` takes a mapping, or a list of mappings";
        this.diagnostics.push(diagnose("syntax/yaml", map.span, message));
        continue;
      }
      for (const entry of map.entries.values()) {
        if (entries.has(entry.key) || this.#mergedEntries >= MOST_MERGED_ENTRIES) continue;
        this.#countMerged(map.span);
        entries.set(entry.key, entry);
      }
    }
  }

  /** Each merge copies, so a chain of them grows with its square; it stops here, and not when memory does. */
  #countMerged(span: Span): void {
    this.#mergedEntries++;
    if (this.#mergedEntries === MOST_MERGED_ENTRIES)
      this.diagnostics.push(tooLarge(firstLine(span), this.#mergedEntries));
  }
}

/** The entries of one mapping while it is read. */
export class MapEntries {
  readonly entries = new Map<string, MapEntry>();
  /** What stands under `<<`. */
  readonly merged: SyntaxNode[] = [];
  readonly #builder: TreeBuilder;

  constructor(builder: TreeBuilder) {
    this.#builder = builder;
  }

  add(key: string, keySpan: Span, value: SyntaxNode): void {
    const first = this.entries.get(key);
    if (first) this.#builder.diagnostics.push(duplicate(key, keySpan, first.keySpan));
    this.entries.set(key, { key, keySpan, value });
  }

  merge(value: SyntaxNode): void {
    this.merged.push(value);
  }
}

function duplicate(key: string, span: Span, first: Span): Diagnostic {
  return diagnose("syntax/duplicate-key", span, `\`${key}\` is given twice in one mapping`, {
    note: "given again here",
    labels: [{ span: first, message: "first given here" }],
    help: "keep one of the two",
  });
}

function tooLarge(span: Span, size: number): Diagnostic {
  const message = `aliases make this ${size.toLocaleString("en")} values large`;
  return diagnose("syntax/alias-expansion", span, message, {
    help: "write the values out, or refer to fewer anchors inside anchors",
  });
}

function firstLine(span: Span): Span {
  const lineEnd = span.source.text.indexOf("\n", span.start);
  return lineEnd === -1 || lineEnd >= span.end ? span : { ...span, end: Math.max(lineEnd, span.start) };
}
