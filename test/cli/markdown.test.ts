import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { codeBlock, codeSpan, escapeMarkdown, sentence, tableText } from "../../src/cli/markdown.ts";

describe("text stays text", () => {
  test.each([
    ["a | b", "a &#124; b"],
    ["*bold* _it_ ~~no~~", "\\*bold\\* \\_it\\_ \\~\\~no\\~\\~"],
    ["<script>&amp;", "&lt;script&gt;&amp;amp;"],
    ["[a](b) ![c](d)", "\\[a\\]\\(b\\) \\!\\[c\\]\\(d\\)"],
    ["`x` \\ $y$", "\\`x\\` \\\\ \\$y\\$"],
    ["@octocat #12", "@<!-- -->octocat \\#<!-- -->12"],
    ["two\nlines\tand  more", "two lines and more"],
    ["up\u202Eside\u0007", "upside"],
    ["雨中 5 → 8.", "雨中 5 → 8."],
  ])("%j", (text, expected) => {
    expect(escapeMarkdown(text)).toBe(expected);
  });

  test("whatever it is, it opens no mark, no HTML, no mention, and ends no cell", () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom(..."a1 |`*_<>&@#[]()!$~\\\n-".split("")) }), (text) => {
        const escaped = escapeMarkdown(text);
        const bare = escaped
          .replace(/<!-- -->/g, "")
          .replace(/\\[\\`*_{}[\]()#+!|~$>]/g, "")
          .replace(/&(amp|lt|gt|#124);/g, "");
        expect(bare).not.toMatch(/[\\`*_{}[\]#!|~$<>&\n]/);
        expect(escaped.replaceAll("&#124;", "")).not.toMatch(/@[a-z0-9]|#\d/i);
      }),
    );
  });
});

describe("code stays code", () => {
  test.each([
    ["dawn", "`dawn`"],
    ["a`b", "``a`b``"],
    ["`a`", "`` `a` ``"],
    ["a|b", "<code>a&#124;b</code>"],
    ["", ""],
  ])("%j", (text, expected) => {
    expect(codeSpan(text)).toBe(expected);
  });

  test("a block ends where it is meant to", () => {
    expect(codeBlock("diff", "a\n````\nb")).toBe("`````diff\na\n````\nb\n`````");
  });

  test("names between backticks are code, what is around them is text", () => {
    expect(sentence("`duration` 5 → 8; asset `a|b` *changed*")).toBe(
      "`duration` 5 → 8; asset <code>a&#124;b</code> \\*changed\\*",
    );
    expect(sentence("odd ` backtick")).toBe("odd \\` backtick");
  });

  test("a table has as many cells in each row as it has columns", () => {
    const cells = ["a|b", "`", "x\ny", "|"].map((text) => `${codeSpan(text)} ${escapeMarkdown(text)}`);
    const table = tableText(["1", "2", "3", "4"], [3], [cells]);
    const counts = table.split("\n").map((line) => line.replace(/\\\|/g, "").split("|").length);
    expect(counts).toEqual([6, 6, 6]);
  });
});
