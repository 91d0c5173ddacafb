import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { createSource } from "../../src/base/source.ts";
import { parseJson } from "../../src/syntax/json.ts";
import { locate } from "../../src/syntax/locate.ts";
import type { SyntaxNode } from "../../src/syntax/tree.ts";

const read = (text: string) => parseJson(createSource("a.json", "/a.json", text));

function valueOf(node: SyntaxNode): unknown {
  if (node.kind === "scalar") return node.value;
  if (node.kind === "list") return node.items.map(valueOf);
  return Object.fromEntries([...node.entries.values()].map(({ key, value }) => [key, valueOf(value)]));
}

/** What is wrong, and the sign that is marked. */
function mistakes(text: string): string[] {
  return read(text).mistakes.map(
    ({ message, span }) => `${message} @${span.start} ${text.slice(span.start, span.end)}`,
  );
}

test("a value is the one that JSON's own reader gives, however it is laid out", () => {
  fc.assert(
    fc.property(fc.jsonValue(), fc.constantFrom(undefined, 1, 2, "\t", " \r\n"), (value, space) => {
      const text = JSON.stringify(value, null, space as string | number | undefined);
      const { root, mistakes: told } = read(text);
      expect(told).toEqual([]);
      expect(root && valueOf(root)).toEqual(JSON.parse(text));
    }),
  );
});

test("what JSON's own reader refuses is refused, and nothing else", () => {
  const pieces = fc.constantFrom(
    ...'{}[],:"\\n -+.eE0123 trufalsn\tu'.split(""),
    "null",
    "true",
    '"a"',
    "\u0001",
    "\\u00",
  );
  fc.assert(
    fc.property(fc.array(pieces, { maxLength: 14 }), (parts) => {
      const text = parts.join("");
      let isJson = true;
      try {
        JSON.parse(text);
      } catch {
        isJson = false;
      }
      const told = read(text).mistakes.filter(({ first }) => !first);
      expect(told.length === 0, text).toBe(isJson);
      for (const { span } of told) expect(span.start >= 0 && span.end <= text.length).toBe(true);
    }),
    { numRuns: 3000 },
  );
});

describe("a mistake is marked where it stands", () => {
  test.each([
    ['{"a": 1,}', ["has no key in quotation marks where one must stand @8 }"]],
    ['{"a" 1}', ["has no `:` where one must stand @5 1"]],
    ['{"a": 1 "b": 2}', ['has neither `,` nor `}` where one must stand @8 "']],
    ["[1, 2", ["ends in the middle @5 "]],
    ['["a', ["ends in the middle @3 "]],
    ['["a\n"]', ["has a text that does not end on its line @3 \n"]],
    ['["\\q"]', ['has a text with an escape that JSON does not know @1 "']],
    ["[nul]", ["has no value where one must stand @1 n"]],
    ["{} {}", ["goes on after its end @3 {"]],
    ["", ["ends in the middle @0 "]],
    ['{"a": 1, "a": 2, "a": 3}', ['has `a` twice @9 "a"', 'has `a` twice @17 "a"']],
  ])("%j", (text, expected) => {
    expect(mistakes(text)).toEqual(expected);
    expect(read(text).root).toBeUndefined();
  });

  test("nesting ends before the call stack does", () => {
    expect(mistakes("[".repeat(200_000))).toEqual(["is nested too deeply @100 ["]);
  });
});

test("a byte order mark is not part of the value", () => {
  expect(read("\uFEFF{}").mistakes).toEqual([]);
});

test("a pointer leads to the place of a value", () => {
  const text = '{ "a/b": [ { "~": "here" } ] }';
  const { root } = read(text);
  if (!root) throw new Error("not read");
  const { node, entry } = locate(root, "/a~1b/0/~0");
  expect([text.slice(node.span.start, node.span.end), entry?.key]).toEqual(['"here"', "~"]);
});
