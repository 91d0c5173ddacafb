import {
  Composer,
  isAlias,
  isMap,
  isScalar,
  isSeq,
  YAMLParseError,
  type CST,
  type Document,
  type Node,
  type Pair,
} from "yaml";
import { diagnose } from "../base/diagnostic.ts";
import type { Source } from "../base/source.ts";
import { findTooDeep } from "./token-depth.ts";
import { MapEntries, TreeBuilder } from "./tree-builder.ts";
import type { Parsed, ScalarNode, SyntaxNode } from "./tree.ts";
import { diagnoseYamlError, tooDeep } from "./yaml-errors.ts";

const OPTIONS = {
  prettyErrors: false,
  uniqueKeys: false,
  merge: true,
  // Only what JSON knows: `!!set` or `!!timestamp` would make values that no later phase has a shape for.
  resolveKnownTags: false,
};

/** The tree by way of the library's own documents: everything that YAML has, and what is wrong with it. */
export function readDocument(source: Source, tokens: readonly CST.Token[]): Parsed {
  // Before they are composed: the library goes as deep as the text does, and a full call stack is no error of it.
  const deep = findTooDeep(tokens);
  if (deep) return { diagnostics: [tooDeep({ source, start: deep.offset, end: deep.offset + 1 })] };
  const [document, second] = new Composer(OPTIONS).compose(tokens, true, source.text.length);
  if (!document) throw new Error("the library makes a document of every text");
  const errors = [...document.errors, ...(second ? [severalDocuments(second)] : [])];
  if (errors.length > 0) return { diagnostics: errors.map((error) => diagnoseYamlError(source, error)) };
  const builder = new TreeBuilder(source);
  const root = document.contents
    ? new DocumentWalk(builder).node(document.contents)
    : builder.scalar(null, 0, 0);
  const { diagnostics } = builder;
  return diagnostics.length > 0 ? { diagnostics } : { tree: { source, root }, diagnostics };
}

function severalDocuments({ range }: Document.Parsed): YAMLParseError {
  return new YAMLParseError([range[0], range[1]], "MULTIPLE_DOCS", "a second document");
}

class DocumentWalk {
  readonly #builder: TreeBuilder;

  constructor(builder: TreeBuilder) {
    this.#builder = builder;
  }

  node(node: Node): SyntaxNode {
    const [start, end] = placeOf(node);
    if (isAlias(node)) return this.#builder.alias(node.source, start, end);
    const built = this.#value(node, start, end);
    if ("anchor" in node && node.anchor) this.#builder.anchor(node.anchor, built);
    return built;
  }

  #value(node: Node, start: number, end: number): SyntaxNode {
    if (isMap(node)) return this.#map(node.items as Pair<Node, Node | null>[], start, end);
    if (isSeq(node)) {
      const items = node.items.map((item) => this.node(item as Node));
      return this.#builder.list(items, start, end);
    }
    const raw: unknown = isScalar(node) ? node.value : null;
    const value = typeof raw === "bigint" ? Number(raw) : (raw as ScalarNode["value"]);
    return this.#builder.scalar(value, start, end);
  }

  #map(pairs: readonly Pair<Node, Node | null>[], start: number, end: number): SyntaxNode {
    const entries = new MapEntries(this.#builder);
    for (const { key, value } of pairs) {
      const [keyStart, keyEnd] = placeOf(key);
      const built = value ? this.node(value) : this.#builder.scalar(null, keyEnd, keyEnd);
      const name = isMergeKey(key) ? undefined : this.#key(key);
      if (isMergeKey(key)) entries.merge(built);
      else if (name !== undefined) entries.add(name, this.#builder.span(keyStart, keyEnd), built);
    }
    return this.#builder.map(entries, start, end);
  }

  #key(node: Node): string | undefined {
    const built = this.node(node);
    if (built.kind === "scalar") return String(built.value);
    const message = "a key must be a plain word, not a list or mapping";
    this.#builder.diagnostics.push(diagnose("syntax/yaml", built.span, message));
    return undefined;
  }
}

function placeOf({ range }: Node): readonly [start: number, end: number] {
  return range ? [range[0], range[1]] : [0, 0];
}

/** A plain `<<`: the library marks it by a symbol, in quotes it is a key like any other. */
function isMergeKey(node: Node): boolean {
  return isScalar(node) && typeof node.value === "symbol";
}
