import { describe, expect, test } from "vitest";
import { createSource, positionAt } from "../../src/base/source.ts";
import { parse } from "../../src/syntax/parse.ts";
import { get, plainOf, type PlainValue, type SyntaxNode, type Parsed } from "../../src/syntax/tree.ts";
import { marked, told } from "./told.ts";

const read = (text: string): Parsed => parse(createSource("a.yaml", "/p/a.yaml", text));
const plainValue = (text: string): PlainValue | undefined => {
  const { tree } = read(text);
  return tree && plainOf(tree.root);
};
const plain = (text: string): unknown => JSON.parse(JSON.stringify(plainValue(text)));
const problems = (text: string): string[] => told(read(text).diagnostics);
const at = (text: string, ...keys: string[]): SyntaxNode | undefined =>
  keys.reduce<SyntaxNode | undefined>((node, key) => get(node, key), read(text).tree?.root);

describe("what is text and what is not", () => {
  test("`16:9` needs no quotes, in a list and in a flow mapping neither", () => {
    expect(plain("ratio: 16:9\nmatrix: { ratio: [16:9, 9:16] }\n")).toEqual({
      ratio: "16:9",
      matrix: { ratio: ["16:9", "9:16"] },
    });
  });

  test("a date and `yes` are texts, as in YAML 1.2", () => {
    expect(plain("a: 2026-08-01\nb: yes\nc: true\n")).toEqual({ a: "2026-08-01", b: "yes", c: true });
  });

  test("an empty file is an empty value", () => {
    expect(plainValue("")).toBeNull();
    expect(plainValue("# only a remark\n")).toBeNull();
  });

  test("tags of other types are read as what is written", () => {
    expect(plain("a: !!timestamp 2026-08-01\nb: !!set { x, y }\nc: !!omap [x: 1]\n")).toEqual({
      a: "2026-08-01",
      b: { x: null, y: null },
      c: [{ x: 1 }],
    });
  });

  test("a key named `__proto__` is a key like any other", () => {
    expect(Object.keys(plainValue("__proto__: { polluted: true }\n") ?? {})).toEqual(["__proto__"]);
    expect(({} as { polluted?: boolean }).polluted).toBeUndefined();
  });
});

describe("places", () => {
  test("a byte order mark moves nothing", () => {
    const node = at("\uFEFFtitle: dawn\n", "title");
    expect(node && marked(node.span)).toBe("dawn");
    expect(node && positionAt(node.span.source, node.span.start)).toEqual({ line: 1, column: 8 });
  });

  test("Windows line ends move nothing", () => {
    const node = at("version: 1\r\ntitle: dawn\r\n", "title");
    expect(node && marked(node.span)).toBe("dawn");
    expect(node && positionAt(node.span.source, node.span.start)).toEqual({ line: 2, column: 8 });
  });

  test("a quoted value is marked with its quotes", () => {
    const node = at('title: "雨夜"\n', "title");
    expect(node && marked(node.span)).toBe('"雨夜"');
  });

  test("an alias has the place of its anchor", () => {
    const node = at("x-a: &a dawn\ntitle: *a\n", "title");
    expect(node?.span.start).toBe(8);
  });
});

describe("`<<`", () => {
  test("gives what the mapping itself does not say", () => {
    const text = "x-a: &a { duration: 8, ratio: 1:1 }\nscene: { <<: *a, ratio: 16:9 }\n";
    expect(plain(text)).toMatchObject({ scene: { duration: 8, ratio: "16:9" } });
  });

  test("of several sources the first wins", () => {
    const text = "x-a: &a { n: 1 }\nx-b: &b { n: 2, m: 2 }\nscene: { <<: [*a, *b] }\n";
    expect(plain(text)).toMatchObject({ scene: { n: 1, m: 2 } });
  });

  test("a key that comes from it has the place where it was written", () => {
    const { tree } = read("x-a: &a { duration: 8 }\nscene: { <<: *a }\n");
    const scene = get(tree?.root, "scene");
    const entry = scene?.kind === "map" ? scene.entries.get("duration") : undefined;
    expect(entry?.keySpan.start).toBe("x-a: &a { ".length);
  });

  test("takes mappings only", () => {
    expect(problems("scene: { <<: 5 }\n")).toEqual(["syntax/yaml: 5"]);
  });

  test("in quotes is a key like any other", () => {
    expect(plain('scene: { "<<": 5 }\n')).toEqual({ scene: { "<<": 5 } });
  });
});

describe("what is refused", () => {
  test.each([
    ["a key given twice, with both places", "a: 1\nb: 2\na: 3\n", ["syntax/duplicate-key: a | a"]],
    ["a second document", "a: 1\n---\nb: 2\n", ["syntax/yaml: ---"]],
    ["a tab as indentation", "a:\n\tb: 1\n", ["syntax/yaml: \t"]],
    ["an alias without an anchor", "a: *b\n", ["syntax/yaml: *b"]],
    ["a list as a key", "? [a]\n: 1\n", ["syntax/yaml: [a]"]],
  ])("%s", (_, text, expected) => {
    expect(problems(text)).toEqual(expected);
  });

  test("of several mistakes each is told", () => {
    expect(problems("a: 1\na: 2\nb: { c: 1, c: 2 }\n")).toEqual([
      "syntax/duplicate-key: a | a",
      "syntax/duplicate-key: c | c",
    ]);
  });

  test.each([
    [
      "a value that begins with @",
      "prompt: @keeper climbs\n",
      "a value that begins with `@` needs quotes in YAML",
    ],
    [
      "a value that begins with *",
      "prompt: *slowly* he climbs\n",
      "a text that begins with `*` needs quotes in YAML",
    ],
    ["a value that holds `: `", "prompt: He says: no\n", "a text that holds `: ` needs quotes in YAML"],
    ["a text after its closing quote", "prompt: 'it's dawn'\n", "the text goes on after its closing quote"],
  ])("%s: the message says so", (_, text, message) => {
    expect(read(text).diagnostics.map((d) => d.message)).toEqual([message]);
  });
});

describe("hostile files end soon", () => {
  test.each([
    ["nested lists without an end", "[".repeat(100_000)],
    ["nested lists with an end", `a: ${"[".repeat(5_000)}${"]".repeat(5_000)}`],
    ["nested mappings", Array.from({ length: 3_000 }, (_, i) => `${" ".repeat(i)}a:`).join("\n")],
  ])("%s are one error", (_, text) => {
    expect(read(text).diagnostics.map(({ code }) => code)).toEqual(["syntax/too-deep"]);
  });

  test("a hundred levels are allowed, one more is not, on every machine", () => {
    const nested = (levels: number): string => `x-a: ${"[".repeat(levels)}${"]".repeat(levels)}\n`;
    expect(read(nested(98)).diagnostics).toEqual([]);
    expect(problems(nested(101))).toEqual(["syntax/too-deep: ["]);
  });

  test("aliases that stand for a billion values are refused, where they begin", () => {
    const lines = Array.from({ length: 12 }, (_, i) => `x-${i + 1}: &a${i + 1} [${`*a${i},`.repeat(9)}]`);
    const started = performance.now();
    const found = read(["x-0: &a0 [x]", ...lines].join("\n"));
    expect(found.diagnostics.map(({ code }) => code)).toEqual(["syntax/alias-expansion"]);
    expect(found.tree).toBeUndefined();
    expect(performance.now() - started).toBeLessThan(2_000);
  });

  test("a chain of merges that grows with its square is refused", () => {
    const lines = Array.from({ length: 2_000 }, (_, i) => `m${i + 1}: &m${i + 1} { <<: *m${i}, k${i}: 1 }`);
    const found = read(["m0: &m0 { k: 1 }", ...lines].join("\n"));
    expect(found.diagnostics.map(({ code }) => code)).toEqual(["syntax/alias-expansion"]);
  });
});
