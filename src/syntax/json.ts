import type { Source, Span } from "../base/source.ts";
import { listNode, mapNode, type MapEntry, type SyntaxNode } from "./tree.ts";

/** What is wrong with a text that should be JSON. */
export interface JsonMistake {
  /** To be read after "the file": no full stop. */
  readonly message: string;
  readonly span: Span;
  /** For a key that is given twice: where it stood first. */
  readonly first?: Span;
}

export interface ParsedJson {
  /** Absent where there is a mistake. */
  readonly root?: SyntaxNode;
  readonly mistakes: readonly JsonMistake[];
}

/** Counted here, since what the call stack bears differs between machines. */
const DEEPEST = 100;

/** Text to a tree in which every value keeps its place. Strict JSON, but that a key may be given once only. */
export function parseJson(source: Source): ParsedJson {
  const reader = new JsonReader(source);
  try {
    const root = reader.whole();
    // Which of two values under one key counts is not guessed.
    return reader.duplicates.length > 0 ? { mistakes: reader.duplicates } : { root, mistakes: [] };
  } catch (error) {
    if (error instanceof Stop) return { mistakes: [error.mistake] };
    throw error;
  }
}

/** Leaves the recursion at the first mistake: what follows it cannot be understood. */
class Stop extends Error {
  readonly mistake: JsonMistake;

  constructor(mistake: JsonMistake) {
    super(mistake.message);
    this.mistake = mistake;
  }
}

const WORDS = new Map<string | undefined, boolean | null>([
  ["true", true],
  ["false", false],
  ["null", null],
]);
const NUMBER = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
const SPACE = /[ \t\r\n]*/y;
const WORD = /[A-Za-z]+/y;
const [QUOTE, BACKSLASH, FIRST_PRINTABLE] = [0x22, 0x5c, 0x20];

class JsonReader {
  readonly duplicates: JsonMistake[] = [];
  readonly #source: Source;
  readonly #text: string;
  #at = 0;
  #depth = 0;

  constructor(source: Source) {
    this.#source = source;
    this.#text = source.text;
    // A byte order mark is left behind by some editors.
    if (this.#text.startsWith("\uFEFF")) this.#at = 1;
  }

  whole(): SyntaxNode {
    const root = this.#value();
    this.#skipSpace();
    if (this.#at < this.#text.length) this.#stop("goes on after its end");
    return root;
  }

  #value(): SyntaxNode {
    this.#skipSpace();
    const start = this.#at;
    const sign = this.#text[start];
    if (sign === "{" || sign === "[") return this.#deeper(sign);
    if (sign === '"') return { kind: "scalar", value: this.#string(), span: this.#span(start) };
    const number = this.#match(NUMBER);
    if (number !== undefined) return { kind: "scalar", value: Number(number), span: this.#span(start) };
    const value = WORDS.get(this.#match(WORD));
    if (value !== undefined) return { kind: "scalar", value, span: this.#span(start) };
    this.#at = start;
    return this.#stop("has no value where one must stand");
  }

  #deeper(sign: "{" | "["): SyntaxNode {
    if (++this.#depth > DEEPEST) return this.#stop("is nested too deeply");
    const node = sign === "{" ? this.#map() : this.#list();
    this.#depth--;
    return node;
  }

  #list(): SyntaxNode {
    const start = this.#at;
    const items: SyntaxNode[] = [];
    this.#members("]", () => items.push(this.#value()));
    return listNode(items, this.#span(start));
  }

  #map(): SyntaxNode {
    const start = this.#at;
    const entries = new Map<string, MapEntry>();
    this.#members("}", () => {
      const keyStart = this.#at;
      if (this.#text[keyStart] !== '"') this.#stop("has no key in quotation marks where one must stand");
      const key = this.#string();
      const keySpan = this.#span(keyStart);
      const first = entries.get(key);
      if (first)
        this.duplicates.push({ message: `has \`${key}\` twice`, span: keySpan, first: first.keySpan });
      this.#skipSpace();
      if (this.#text[this.#at] !== ":") this.#stop("has no `:` where one must stand");
      this.#at++;
      entries.set(key, { key, keySpan, value: this.#value() });
    });
    return mapNode(entries, this.#span(start));
  }

  /** Members between a bracket and its end, with commas between them and none after the last. */
  #members(end: "]" | "}", read: () => void): void {
    this.#at++;
    this.#skipSpace();
    if (this.#text[this.#at] === end) {
      this.#at++;
      return;
    }
    for (;;) {
      this.#skipSpace();
      read();
      this.#skipSpace();
      const sign = this.#text[this.#at];
      if (sign !== "," && sign !== end) this.#stop(`has neither \`,\` nor \`${end}\` where one must stand`);
      this.#at++;
      if (sign === end) return;
    }
  }

  #string(): string {
    const start = this.#at;
    let at = start + 1;
    for (; at < this.#text.length; at++) {
      const unit = this.#text.charCodeAt(at);
      if (unit === QUOTE) break;
      if (unit === BACKSLASH) at++;
      else if (unit < FIRST_PRINTABLE) this.#stop("has a text that does not end on its line", at);
    }
    const raw = this.#text.slice(start, at + 1);
    if (at >= this.#text.length) this.#stop("ends in the middle", at);
    try {
      const text = raw.includes("\\") ? (JSON.parse(raw) as string) : raw.slice(1, -1);
      this.#at = at + 1;
      return text;
    } catch {
      return this.#stop("has a text with an escape that JSON does not know");
    }
  }

  #skipSpace(): void {
    SPACE.lastIndex = this.#at;
    SPACE.test(this.#text);
    this.#at = SPACE.lastIndex;
  }

  #match(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.#at;
    const [found] = pattern.exec(this.#text) ?? [];
    if (found !== undefined) this.#at += found.length;
    return found;
  }

  #span(start: number): Span {
    return { source: this.#source, start, end: this.#at };
  }

  #stop(message: string, at = this.#at): never {
    const { length } = this.#text;
    const start = Math.min(at, length);
    throw new Stop({
      message: start === length ? "ends in the middle" : message,
      span: { source: this.#source, start, end: Math.min(start + 1, length) },
    });
  }
}
