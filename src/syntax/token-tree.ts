import { CST } from "yaml";
import type { Source, Span } from "../base/source.ts";
import { plainScalar } from "./plain-scalar.ts";
import { isBetween, isSpace, readEnd, readLead, type Lead } from "./token-space.ts";
import { DEEPEST } from "./token-depth.ts";
import { MapEntries, TreeBuilder } from "./tree-builder.ts";
import type { Parsed, SyntaxNode } from "./tree.ts";

/**
 * The tree straight from the library's tokens, without its documents in between, which take as long again. Undefined
 * for a text that is out of the ordinary anywhere, be it wrong or only rare (a tag, `?`, a tab, a key without a value):
 * the library's documents have all of YAML, and words for what is wrong.
 */
export function readTokens(source: Source, tokens: readonly CST.Token[]): Parsed | undefined {
  const builder = new TreeBuilder(source);
  const root = new TokenReader(builder).stream(tokens);
  const { diagnostics } = builder;
  return root && diagnostics.length === 0 ? { tree: { source, root }, diagnostics } : undefined;
}

/** Each method gives undefined as soon as a token is out of the ordinary. */
class TokenReader {
  readonly #builder: TreeBuilder;
  #depth = 0;
  /** Where the value that was read last ends, with the space and the remarks behind it. */
  #end = 0;

  constructor(builder: TreeBuilder) {
    this.#builder = builder;
  }

  /** One document, with nothing but space and remarks around it. */
  stream(tokens: readonly CST.Token[]): SyntaxNode | undefined {
    const documents = tokens.filter((token) => token.type === "document");
    const [first] = documents;
    const isAlone =
      documents.length === 1 && tokens.every(({ type }) => type === "document" || isBetween(type));
    if (!first || !isAlone) return undefined;
    const lead = readLead(first.start, undefined, true);
    const root = lead && first.value && this.#value(first.value, lead);
    return root && (first.end ?? []).every(({ type }) => isBetween(type)) ? root : undefined;
  }

  /** A value with its anchor. */
  #value(token: CST.Token, { anchor, isOnLineOfAnchor }: Lead): SyntaxNode | undefined {
    if (anchor !== undefined && (token.type === "alias" || (token.type === "block-seq" && isOnLineOfAnchor)))
      return undefined;
    if (this.#depth === DEEPEST) return undefined;
    this.#depth++;
    const node = this.#node(token);
    this.#depth--;
    if (node && anchor !== undefined) this.#builder.anchor(anchor, node);
    return node;
  }

  #node(token: CST.Token): SyntaxNode | undefined {
    switch (token.type) {
      case "block-map":
        return this.#blockMap(token);
      case "block-seq":
        return this.#blockList(token);
      case "flow-collection":
        return token.start.source === "{" ? this.#flowMap(token) : this.#flowList(token);
      case "scalar":
      case "single-quoted-scalar":
      case "double-quoted-scalar":
        return this.#flowScalar(token);
      case "block-scalar":
        return this.#blockScalar(token);
      case "alias":
        return this.#alias(token);
      default:
        return undefined;
    }
  }

  #blockMap({ items, offset, indent }: CST.BlockMap): SyntaxNode | undefined {
    const entries = new MapEntries(this.#builder);
    let end = offset;
    for (const item of items) {
      if (isLastRemark(items, item)) break;
      const { start, key, sep, value } = item;
      const lead = sep && readLead(sep, "map-value-ind", false);
      const isKeyAlone = isSpace(readLead(start, undefined, true)) && isKey(key) && key.indent === indent;
      if (!isKeyAlone || !lead?.isMarked || !value) return undefined;
      if (value.type === "block-map" && !lead.hasNewline) return undefined;
      if (!this.#entry(entries, key, value, lead)) return undefined;
      end = this.#end;
    }
    this.#end = end;
    return this.#builder.map(entries, offset, end);
  }

  #blockList({ items, offset }: CST.BlockSequence): SyntaxNode | undefined {
    const nodes: SyntaxNode[] = [];
    let end = offset;
    for (const item of items) {
      if (isLastRemark(items, item)) break;
      const lead = readLead(item.start, "seq-item-ind", true);
      const node = lead?.isMarked && item.value ? this.#value(item.value, lead) : undefined;
      if (!node) return undefined;
      nodes.push(node);
      end = this.#end;
    }
    this.#end = end;
    return this.#builder.list(nodes, offset, end);
  }

  #flowMap(token: CST.FlowCollection): SyntaxNode | undefined {
    const entries = new MapEntries(this.#builder);
    for (const item of token.items) {
      const { key, sep, value } = item;
      const before = flowLead(token.items, item);
      if (before && isLastRemark(token.items, item)) break;
      const lead = sep && readLead(sep, "map-value-ind", false);
      if (!isSpace(before) || !isKey(key) || !lead?.isMarked || !value || isBlock(value)) return undefined;
      if (!this.#entry(entries, key, value, lead)) return undefined;
    }
    const end = this.#flowEnd(token, "flow-map-end");
    return end === undefined ? undefined : this.#builder.map(entries, token.offset, end);
  }

  #flowList(token: CST.FlowCollection): SyntaxNode | undefined {
    const nodes: SyntaxNode[] = [];
    for (const item of token.items) {
      const lead = flowLead(token.items, item);
      if (lead && isLastRemark(token.items, item)) break;
      const value = !item.key && !item.sep && item.value;
      const node = lead && value && !isBlock(value) ? this.#value(value, lead) : undefined;
      if (!node) return undefined;
      nodes.push(node);
    }
    const end = this.#flowEnd(token, "flow-seq-end");
    return end === undefined ? undefined : this.#builder.list(nodes, token.offset, end);
  }

  #flowEnd({ end }: CST.FlowCollection, type: CST.SourceToken["type"]): number | undefined {
    const [bracket, ...behind] = end;
    if (bracket?.type !== type) return undefined;
    return this.#ends(bracket.offset + bracket.source.length, behind);
  }

  #entry(entries: MapEntries, key: CST.FlowScalar, value: CST.Token, lead: Lead): boolean {
    const node = this.#value(value, lead);
    const text = flowText(key);
    if (!node || text === undefined) return false;
    if (key.type !== "scalar") entries.add(text, this.#span(key), node);
    else if (text === "<<") entries.merge(node);
    else entries.add(String(plainScalar(text)), this.#span(key), node);
    return true;
  }

  #flowScalar(token: CST.FlowScalar): SyntaxNode | undefined {
    const { type, offset, source } = token;
    const text = flowText(token);
    const end = this.#ends(offset + source.length, token.end);
    if (text === undefined || end === undefined) return undefined;
    return this.#builder.scalar(type === "scalar" ? plainScalar(text) : text, offset, end);
  }

  #blockScalar(token: CST.BlockScalar): SyntaxNode | undefined {
    const read = readScalar(token);
    if (!read) return undefined;
    this.#end = read.range[2];
    return this.#builder.scalar(read.value, read.range[0], read.range[1]);
  }

  #alias({ offset, source, end }: CST.FlowScalar): SyntaxNode | undefined {
    const name = source.slice(1);
    const valueEnd = this.#ends(offset + source.length, end);
    if (name === "" || name.endsWith(":") || valueEnd === undefined) return undefined;
    return this.#builder.alias(name, offset, valueEnd);
  }

  #span({ offset, source }: CST.FlowScalar): Span {
    return this.#builder.span(offset, offset + source.length);
  }

  /** Notes what stands behind a value that ends at `valueEnd`, which it gives back. */
  #ends(valueEnd: number, behind: readonly CST.SourceToken[] | undefined): number | undefined {
    const end = readEnd(behind, valueEnd);
    if (end === undefined) return undefined;
    this.#end = end;
    return valueEnd;
  }
}

/** What stands before an item in brackets: a comma before each but the first. */
function flowLead(items: readonly CST.CollectionItem[], item: CST.CollectionItem): Lead | undefined {
  const lead = readLead(item.start, "comma", false);
  if (item === items[0]) return lead?.isMarked ? undefined : lead;
  return lead?.isMarked || isLastRemark(items, item) ? lead : undefined;
}

/** Space and remarks behind the last value of a collection are an item of it. */
function isLastRemark(items: readonly CST.CollectionItem[], item: CST.CollectionItem): boolean {
  const { start, key, sep, value } = item;
  const isEmpty = !key && !sep && !value && item === items.at(-1);
  return isEmpty && isSpace(readLead(start, "comma", true));
}

/** The library looks for the `:` of a key no further than 1024 characters, and in one line only. */
function isKey(token: CST.Token | null | undefined): token is CST.FlowScalar {
  switch (token?.type) {
    case "scalar":
    case "single-quoted-scalar":
    case "double-quoted-scalar":
      return !token.end?.length && token.source.length < 1000 && !token.source.includes("\n");
    default:
      return false;
  }
}

/** These begin something else, or are kept for later versions of YAML. */
const CANNOT_BEGIN_PLAIN = /^(?:[\t,%|>@`]|$)/;

/** An error between brackets, which the documents put into words. */
function isBlock({ type }: CST.Token): boolean {
  return type === "block-map" || type === "block-seq" || type === "block-scalar";
}

function flowText(token: CST.FlowScalar): string | undefined {
  if (token.type !== "scalar") return readScalar(token)?.value;
  if (CANNOT_BEGIN_PLAIN.test(token.source)) return undefined;
  return token.source.includes("\n") ? readScalar(token)?.value : token.source;
}

type ReadScalar = NonNullable<ReturnType<typeof CST.resolveAsScalar>>;

function readScalar(token: CST.FlowScalar | CST.BlockScalar): ReadScalar | undefined {
  let isInOrder = true;
  const read = CST.resolveAsScalar(token, true, () => (isInOrder = false));
  return isInOrder && read ? read : undefined;
}
