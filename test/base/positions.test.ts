import { describe, expect, test } from "vitest";
import { diagnose, placeOf, sortDiagnostics } from "../../src/base/diagnostic.ts";
import { createSource, lineText, positionAt, type Source } from "../../src/base/source.ts";

const source = (text: string): Source => createSource("a.yaml", "/p/a.yaml", text);
/** Line and column of the `^` in the text. */
const position = (text: string): string => {
  const { line, column } = positionAt(source(text.replace("^", "")), text.indexOf("^"));
  return `${line}:${column}`;
};

describe("a column counts what a person counts", () => {
  test.each([
    ["the first character is 1:1", "^a", "1:1"],
    ["a line ends with its break", "ab^\ncd", "1:3"],
    ["the next begins behind it", "ab\n^cd", "2:1"],
    ["a carriage return belongs to the line before", "ab\r\nc^d", "2:2"],
    ["a Chinese character is one", "林晓^走", "1:3"],
    ["an emoji beyond the basic plane is one", "🎬🎬^x", "1:3"],
    ["a tab is one", "\t\t^x", "1:3"],
    ["a byte order mark is none", "\uFEFFab^c", "1:3"],
    ["the end of the text is behind its last character", "ab\n^", "2:1"],
  ])("%s", (_, text, expected) => {
    expect(position(text)).toBe(expected);
  });

  test("an offset outside of the text is moved to its end", () => {
    expect(positionAt(source("ab"), 99)).toEqual({ line: 1, column: 3 });
    expect(positionAt(source("ab"), -1)).toEqual({ line: 1, column: 1 });
  });
});

test("a line is shown without its break and without a byte order mark", () => {
  expect(lineText(source("\uFEFFab\r\ncd"), 0)).toBe("ab");
  expect(lineText(source("\uFEFFab\r\ncd"), 1)).toBe("cd");
});

describe("the order of diagnostics", () => {
  const [a, b] = [createSource("a.yaml", "/a.yaml", "xyz"), createSource("b.yaml", "/b.yaml", "xyz")];
  const at = (from: Source, start: number, message: string) =>
    diagnose("schema/type", { source: from, start, end: start + 1 }, message);

  test("is by file, then by place", () => {
    const sorted = sortDiagnostics([at(b, 0, "3"), at(a, 2, "2"), at(a, 0, "1")]);
    expect(sorted.map(({ message }) => message)).toEqual(["1", "2", "3"]);
  });

  test("the same finding at the same place is told once", () => {
    expect(sortDiagnostics([at(a, 0, "x"), at(a, 0, "x"), at(a, 1, "x")])).toHaveLength(2);
  });

  test("a place is written so that terminals make a link of it", () => {
    expect(placeOf({ source: a, start: 2, end: 3 })).toBe("a.yaml:1:3");
  });
});
