import { isAlias, isMap, isScalar, isSeq, parseDocument, type Document, type Node, type Pair } from "yaml";
import { diagnose, type Diagnostic } from "../base/diagnostic.ts";
import type { Source, Span } from "../base/source.ts";
import type { MapEntry, PlainValue, ScalarNode, SyntaxNode } from "./tree.ts";
import { diagnoseYamlError } from "./yaml-errors.ts";

/** Aliases may multiply a file's size; beyond this many nodes the file is an attack or a mistake. */
const MOST_EXPANDED_NODES = 2_000_000;
/** The language itself needs seven levels. Counted here, since what the call stack bears differs between machines. */
const DEEPEST = 100;
/** Ten thousand scenes that merge a dozen defaults each are far below. */
const MOST_MERGED_ENTRIES = 500_000;

export interface SyntaxTree {
  readonly source: Source;
  readonly root: SyntaxNode;
  readonly plain: PlainValue;
}

export interface Parsed {
  /** Absent when the text is not YAML at all. */
  readonly tree?: SyntaxTree;
  readonly diagnostics: readonly Diagnostic[];
}

/** Text to tree, with every problem that YAML itself has with it. */
export function parse(source: Source): Parsed {
  const text = source.text;
  let document: Document.Parsed;
  try {
    // Only what JSON knows: `!!set` or `!!timestamp` would make values that no later phase has a shape for.
    document = parseDocument(text, {
      prettyErrors: false,
      uniqueKeys: false,
      merge: true,
      resolveKnownTags: false,
    });
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    return { diagnostics: [tooDeep({ source, start: 0, end: Math.min(1, text.length) })] };
  }
  const exhausted = document.errors.find(({ code }) => code === "RESOURCE_EXHAUSTION");
  if (exhausted) return { diagnostics: [tooDeep(diagnoseYamlError(source, exhausted).span)] };
  const diagnostics = document.errors.map((error) => diagnoseYamlError(source, error));
  if (diagnostics.length > 0) return { diagnostics };
  const walk = new TreeWalk(source);
  const built = document.contents ? walk.node(document.contents) : emptyNode(source);
  if (walk.diagnostics.length > 0) return { diagnostics: walk.diagnostics };
  return { tree: { source, root: built.node, plain: built.plain }, diagnostics: [] };
}

function tooDeep(span: Span | undefined): Diagnostic {
  return diagnose("syntax/too-deep", span, "the document is nested too deeply to be read", {
    help: "remove the nesting",
  });
}

function tooLarge(span: Span, size: number): Diagnostic {
  const message = `aliases make this ${size.toLocaleString("en")} values large`;
  return diagnose("syntax/alias-expansion", span, message, {
    help: "write the values out, or refer to fewer anchors inside anchors",
  });
}

interface Built {
  readonly node: SyntaxNode;
  readonly plain: PlainValue;
  /** Nodes after expansion of aliases. */
  readonly size: number;
}

function emptyNode(source: Source): Built {
  const span = { source, start: 0, end: 0 };
  return { node: { kind: "scalar", value: null, span }, plain: null, size: 1 };
}

/** One walk over yaml's document that makes our tree and its plain value together. */
class TreeWalk {
  readonly diagnostics: Diagnostic[] = [];
  readonly #anchors = new Map<string, Built>();
  readonly #source: Source;
  #depth = 0;
  #mergedEntries = 0;

  constructor(source: Source) {
    this.#source = source;
  }

  node(node: Node): Built {
    if (isAlias(node)) return this.#alias(node.source, this.#span(node));
    if (this.#depth === DEEPEST) return this.#beyondDepth(this.#span(node));
    this.#depth++;
    const built = this.#collection(node);
    this.#depth--;
    // Told where it begins: all that stands around it is too large as well.
    if (built.size > MOST_EXPANDED_NODES && !this.#has("syntax/alias-expansion")) {
      this.diagnostics.push(tooLarge(firstLine(built.node.span), built.size));
    }
    const anchor = "anchor" in node ? node.anchor : undefined;
    if (anchor) this.#anchors.set(anchor, built);
    return built;
  }

  #collection(node: Node): Built {
    if (isMap(node)) return this.#map(node.items as Pair<Node, Node | null>[], this.#span(node));
    if (isSeq(node)) return this.#list(node.items as Node[], this.#span(node));
    return this.#scalar(node);
  }

  #scalar(node: Node): Built {
    const raw: unknown = isScalar(node) ? node.value : null;
    const value = typeof raw === "bigint" ? Number(raw) : (raw as ScalarNode["value"]);
    return { node: { kind: "scalar", value, span: this.#span(node) }, plain: value, size: 1 };
  }

  #list(items: readonly Node[], span: Span): Built {
    const built = items.map((item) => this.node(item));
    const size = built.reduce((sum, item) => sum + item.size, 1);
    const node: SyntaxNode = { kind: "list", items: built.map((item) => item.node), span };
    return { node, plain: built.map((item) => item.plain), size };
  }

  #map(pairs: readonly Pair<Node, Node | null>[], span: Span): Built {
    const entries = new Map<string, MapEntry>();
    // Without a prototype, so that a key named `__proto__` is a key like any other.
    const plain = Object.create(null) as Record<string, PlainValue>;
    const merged: Built[] = [];
    let size = 1;
    for (const pair of pairs) {
      const value = pair.value ? this.node(pair.value) : this.#missing(this.#span(pair.key).end);
      size += value.size;
      if (isMergeKey(pair.key)) {
        merged.push(value);
        continue;
      }
      const key = this.#key(pair.key);
      if (key === undefined) continue;
      const keySpan = this.#span(pair.key);
      const first = entries.get(key);
      if (first) this.#duplicate(key, keySpan, first.keySpan);
      entries.set(key, { key, keySpan, value: value.node });
      plain[key] = value.plain;
    }
    for (const source of merged) this.#merge(source, entries, plain);
    return { node: { kind: "map", entries, span }, plain, size };
  }

  /** `<<` gives what the map itself does not say; of several sources the first wins. */
  #merge(from: Built, entries: Map<string, MapEntry>, plain: Record<string, PlainValue>): void {
    const maps = from.node.kind === "list" ? from.node.items : [from.node];
    const plains = from.node.kind === "list" ? (from.plain as readonly PlainValue[]) : [from.plain];
    maps.forEach((map, i) => {
      if (map.kind !== "map") {
        const message = "`<<` takes a mapping, or a list of mappings";
        this.diagnostics.push(diagnose("syntax/yaml", map.span, message));
        return;
      }
      for (const entry of map.entries.values()) {
        if (entries.has(entry.key) || this.#mergedEntries >= MOST_MERGED_ENTRIES) continue;
        this.#countMerged(map.span);
        entries.set(entry.key, entry);
        plain[entry.key] = (plains[i] as Record<string, PlainValue>)[entry.key] ?? null;
      }
    });
  }

  /** Each merge copies, so a chain of them grows with its square; it stops here, and not when memory does. */
  #countMerged(span: Span): void {
    this.#mergedEntries++;
    if (this.#mergedEntries === MOST_MERGED_ENTRIES)
      this.diagnostics.push(tooLarge(firstLine(span), this.#mergedEntries));
  }

  #has(code: Diagnostic["code"]): boolean {
    return this.diagnostics.some((diagnostic) => diagnostic.code === code);
  }

  #beyondDepth(span: Span): Built {
    if (!this.#has("syntax/too-deep")) this.diagnostics.push(tooDeep(firstCharacter(span)));
    return { node: { kind: "scalar", value: null, span }, plain: null, size: 1 };
  }

  #key(node: Node): string | undefined {
    const built = this.node(node);
    if (built.node.kind === "scalar") return String(built.node.value);
    this.diagnostics.push(
      diagnose("syntax/yaml", built.node.span, "a key must be a plain word, not a list or mapping"),
    );
    return undefined;
  }

  #duplicate(key: string, span: Span, first: Span): void {
    this.diagnostics.push(
      diagnose("syntax/duplicate-key", span, `\`${key}\` is given twice in one mapping`, {
        note: "given again here",
        labels: [{ span: first, message: "first given here" }],
        help: "keep one of the two",
      }),
    );
  }

  #alias(name: string, span: Span): Built {
    const target = this.#anchors.get(name);
    if (target) return target;
    const message = `no anchor \`&${name}\` stands before this alias`;
    this.diagnostics.push(
      diagnose("syntax/yaml", span, message, { help: `write \`&${name}\` before the value it names` }),
    );
    return { node: { kind: "scalar", value: null, span }, plain: null, size: 1 };
  }

  #missing(at: number): Built {
    const span = { source: this.#source, start: at, end: at };
    return { node: { kind: "scalar", value: null, span }, plain: null, size: 1 };
  }

  #span(node: Node): Span {
    const [start, end] = node.range ?? [0, 0];
    return { source: this.#source, start, end };
  }
}

/** A plain `<<`: the library marks it by a symbol, in quotes it is a key like any other. */
function isMergeKey(node: Node): boolean {
  return isScalar(node) && typeof node.value === "symbol";
}

function firstCharacter(span: Span): Span {
  return { ...span, end: Math.min(span.start + 1, span.end) };
}

function firstLine(span: Span): Span {
  const lineEnd = span.source.text.indexOf("\n", span.start);
  return lineEnd === -1 || lineEnd >= span.end ? span : { ...span, end: Math.max(lineEnd, span.start) };
}
