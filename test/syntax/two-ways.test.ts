// A text in order is read from the tokens, any other by way of the library's documents: both must say the same.
import fc from "fast-check";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { Parser } from "yaml";
import { describe, expect, test } from "vitest";
import { createSource, type Source, type Span } from "../../src/base/source.ts";
import { readDocument } from "../../src/syntax/document-tree.ts";
import { plainScalar } from "../../src/syntax/plain-scalar.ts";
import { readTokens } from "../../src/syntax/token-tree.ts";
import { get, type Parsed } from "../../src/syntax/tree.ts";

interface Ways {
  readonly quick: Parsed | undefined;
  readonly thorough: Parsed;
}

function bothWays(text: string): Ways {
  const source = createSource("a.yaml", "/p/a.yaml", text);
  // Each way gets tokens of its own: the library may change those that it has composed.
  const tokens = (): ReturnType<Parser["parse"]> => new Parser().parse(text);
  return {
    quick: readTokens(source, [...tokens()]),
    thorough: readDocument(source, [...tokens()]),
  };
}

/** The source itself left out, which both have in common: a difference would be shown with the text a hundred times. */
function comparable(parsed: Parsed): unknown {
  const strip = (value: unknown): unknown => {
    if (value instanceof Map) return [...value].map(([key, entry]) => [key, strip(entry)]);
    if (Array.isArray(value)) return value.map(strip);
    if (typeof value !== "object" || value === null) return value;
    const { start, end } = value as Partial<Span>;
    if ("source" in value && start !== undefined) return `${start}-${end}`;
    const members = Object.entries(value).filter(([, member]) => !isSource(member));
    return Object.fromEntries(members.map(([key, member]) => [key, strip(member)]));
  };
  return strip(parsed);
}

function isSource(value: unknown): value is Source {
  return typeof value === "object" && value !== null && "lineStarts" in value;
}

function agrees(text: string): void {
  const { quick, thorough } = bothWays(text);
  if (quick) expect(comparable(quick)).toEqual(comparable(thorough));
}

const EXAMPLES = ["lighthouse", "advert", "drama", "one-take"].map((name) =>
  readFileSync(join(import.meta.dirname, `../../examples/${name}/storyboard.yaml`), "utf8"),
);
const FIXTURES = readdirSync(join(import.meta.dirname, "../fixtures/diagnostics"), { recursive: true })
  .map(String)
  .filter((name) => name.endsWith(".yaml"))
  .map((name) => readFileSync(join(import.meta.dirname, "../fixtures/diagnostics", name), "utf8"));

/** Every way to write a value that the quick way knows, and some that it leaves to the other. */
const RICH = `# A remark.
version: 1   # and another

x-base: &base { duration: 5, "quoted key": 'it''s', ratio: 16:9, }
x-more: &more
  # inside
  resolution: 480p
  numbers: [1, -2, +3, 0x1F, 0o17, 1e3, .5, 1., .inf, -.INF, .nan, 007]
  words: [~, null, NULL, true, False, yes, no, on, "true", 'null', Nothing]
  empty: [[], {}, "", '']
folded: >-
  one
  two

  three
literal: |2+
    indented

single: 'one
  two'
double: "a\\tb \\u96e8
  c\\
  d"
plain: one
  two
  three
list:
- a
-   b # remark
- - c
  - d:  e
    f: g
- !!str tagged
map: { a: 1,
  b: [x, # why
    y], c: &c z, d: *c
  }
merged:
  <<: [*base, *more]
  duration: 8
scenes:

  - id: 雨夜
    prompt: "@林晓 走过。"
    <<: *base

  # before the second

  - &second
    id: b
    prompt: at http://example.com/#x, ok
# the end
`;

const ENDLINES = [...RICH.matchAll(/\n/g)].map(({ index }) => index);
const PIECES = [
  ..." :{}[]\"'#&*|>-,!%@?`\t\r\n",
  ...[
    "\r\n",
    "---\n",
    "...\n",
    "  - ",
    "- ",
    "<<: *base",
    ": ",
    " #",
    "&a ",
    "*a",
    "\n\n",
    "\n  ",
    "!!map ",
    "\uFEFF",
  ],
  ...["a: b", "{", "? a", "|\n", ">\n  ", "'", '"', "~", "a:", "é", "🎬", "\0"],
];
const edits = fc.array(
  fc.record({
    at: fc.double({ min: 0, max: 1, noNaN: true }),
    remove: fc.constantFrom(0, 0, 1, 2, 7),
    insert: fc.oneof(fc.constant(""), fc.constantFrom(...PIECES)),
  }),
  { minLength: 1, maxLength: 3 },
);
/** One line of the text taken out, or moved, or some characters changed. */
const texts = fc
  .tuple(fc.constantFrom(RICH, ...EXAMPLES), edits, fc.nat(ENDLINES.length))
  .map(([text, changes, dropped]) => {
    const lines = text.split("\n");
    lines.splice(dropped % lines.length, 1);
    return changes.reduce((now, { at, remove, insert }) => {
      const from = Math.floor(at * now.length);
      return now.slice(0, from) + insert + now.slice(from + remove);
    }, lines.join("\n"));
  });

describe("both ways of reading a text agree", () => {
  test("on the examples, which are all read the quick way", () => {
    for (const text of EXAMPLES) {
      const { quick, thorough } = bothWays(text);
      expect(quick?.tree && comparable(quick)).toEqual(comparable(thorough));
    }
  });

  test("on every fixture", () => {
    expect(FIXTURES.length).toBeGreaterThan(50);
    for (const text of FIXTURES) agrees(text);
  });

  test("on every way to write a value; a tag is left to the documents", () => {
    const { quick, thorough } = bothWays(RICH);
    expect(quick).toBeUndefined();
    expect(thorough.diagnostics).toEqual([]);
    const untagged = bothWays(RICH.replace("!!str ", ""));
    expect(untagged.quick && comparable(untagged.quick)).toEqual(comparable(untagged.thorough));
    expect(untagged.quick?.tree && get(untagged.quick.tree.root, "merged")?.kind).toBe("map");
  });

  test.each([
    ["a tag", "a: !!str 1\n"],
    ["an explicit key", "? a\n: 1\n"],
    ["a tab before a key", "a:\n\tb: 1\n"],
    ["a key without a value", "a:\nb: 1\n"],
    ["an empty item", "- a\n-\n"],
    ["a pair in a list", "[a: b]\n"],
    ["a key alone in braces", "{ a }\n"],
    ["a comma too many", "[a,, b]\n"],
    ["a comma too early", "[, a]\n"],
    ["no comma", "[a b: c, [d] e]\n"],
    ["a remark without space before it, behind a value", '"a"#b\n'],
    ["a remark without space before it, in a list", "[a,#b\nc]\n"],
    ["a list without an end", "[a\n"],
    ["an anchor for a key", "&a b: c\n"],
    ["two anchors", "a: &b &c d\n"],
    ["an anchor for an alias", "a: &b c\nd: &e *b\n"],
    ["an anchor before a list in its own line", "&a - b\n"],
    ["an alias as a key", "a: &b c\n*b : d\n"],
    ["a mapping in the line of a key", "a: b: c\n"],
    ["a mapping without brackets between brackets", "{a: b<<: c}\n"],
    ["a list of them", "[a: b: c]\n"],
    ["an anchor of nothing behind a mapping", "a: b\n&a \n"],
    ["an anchor of nothing behind a list", "- b\n- &a \n"],
    ["an anchor of nothing between brackets", "[b, &a ]"],
    ["a key over two lines", "a\n  b: c\n"],
    ["a key that is too long", `${"k".repeat(1100)}: 1\n`],
    ["a quote that stays open", '"a\n'],
    ["a directive", "%YAML 1.2\n---\na: b\n"],
    ["two documents", "a: b\n---\nc: d\n"],
    ["the end of a document", "a: b\n...\n"],
    ["nothing", ""],
    ["a remark", "# a\n"],
    ["a value that begins like nothing", "a: %b\n"],
    ["a hundred levels and one", `${"[".repeat(101)}${"]".repeat(101)}\n`],
  ])("%s is left to the documents", (_, text) => {
    expect(bothWays(text).quick).toBeUndefined();
  });

  test("on random edits", () => {
    fc.assert(fc.property(texts, agrees), { numRuns: Number(process.env["RUNS"] ?? 400) });
  });

  test("on random characters of YAML", () => {
    const text = fc
      .array(fc.constantFrom(...PIECES, "a", "b", "1"), { maxLength: 12 })
      .map((p) => p.join(""));
    fc.assert(fc.property(text, agrees), { numRuns: Number(process.env["RUNS"] ?? 400) });
  });

  test("on what a text without quotes stands for", () => {
    const marks = fc.constantFrom(..."0123456789+-.eExoabcdefinNtrulsTRUELFALSINF~ ");
    const text = fc.array(marks, { minLength: 1, maxLength: 8 }).map((letters) => letters.join("").trim());
    const holds = (word: string): void => {
      fc.pre(word !== "" && !/^[-?:](?: |$)/.test(word));
      const { tree } = bothWays(`- ${word}\n`).thorough;
      const item = tree?.root.kind === "list" ? tree.root.items[0] : undefined;
      if (item?.kind === "scalar") expect(plainScalar(word)).toEqual(item.value);
    };
    fc.assert(fc.property(text, holds), { numRuns: 1000 });
    for (const word of [
      "null",
      "NULL",
      "nULL",
      "~",
      "True",
      "tRUE",
      ".inf",
      "-.INF",
      "+.iNF",
      ".NaN",
      "1_000",
      "1.e3",
    ])
      holds(word);
  });
});
