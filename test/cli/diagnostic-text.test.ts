import { describe, expect, test } from "vitest";
import { diagnose, type Diagnostic } from "../../src/base/diagnostic.ts";
import { createSource, type Source, type Span } from "../../src/base/source.ts";
import { diagnosticJson } from "../../src/cli/diagnostic-json.ts";
import { diagnosticText } from "../../src/cli/diagnostic-text.ts";

/** The stretches between « and », in order, and the text without these marks. */
function marks(name: string, text: string): { source: Source; spans: Span[] } {
  const source = createSource(name, `/p/${name}`, text.replace(/[«»]/g, ""));
  const starts = [...text.matchAll(/«/g)].map(({ index }, i) => index - 2 * i);
  const ends = [...text.matchAll(/»/g)].map(({ index }, i) => index - 2 * i - 1);
  return { source, spans: starts.map((start, i) => ({ source, start, end: ends[i] ?? start })) };
}
const span = (spans: readonly Span[], index: number): Span => {
  const found = spans[index];
  if (!found) throw new Error(`no mark ${index}`);
  return found;
};
const shown = (diagnostic: Diagnostic, columns = 80): string =>
  `\n${diagnosticText(diagnostic, { columns, style: (_, text) => text })}\n`;
const unknown = (at: Span, details: Parameters<typeof diagnose>[3] = {}): Diagnostic =>
  diagnose("resolve/unknown-name", at, "nothing is named `keepr`", details);

describe("a diagnostic as a person reads it", () => {
  test("the message, the place, the line with its mark, the way out", () => {
    const { spans } = marks("film.yaml", "version: 1\nscenes:\n  - { id: a, edit: «keepr» }\n");
    expect(shown(unknown(span(spans, 0), { note: "used in scene `a`", help: "write `keeper`" }))).toBe(`
error[resolve/unknown-name]: nothing is named \`keepr\`
  --> film.yaml:3:20
  |
3 |   - { id: a, edit: keepr }
  |                    ^^^^^ used in scene \`a\`
  |
  = help: write \`keeper\`
`);
  });

  test("two places, in the order of the lines", () => {
    const filler = Array(15).fill("\n").join("");
    const { spans } = marks(
      "film.yaml",
      `assets:\n  «keeper»: { image: ./a.png }\n${filler}    edit: «keepr»\n`,
    );
    const labels = [{ span: span(spans, 0), message: "an asset with a similar name is declared here" }];
    expect(shown(unknown(span(spans, 1), { labels, note: "used in scene `a`" }))).toBe(`
error[resolve/unknown-name]: nothing is named \`keepr\`
   --> film.yaml:18:11
   |
 2 |   keeper: { image: ./a.png }
   |   ------ an asset with a similar name is declared here
   :
18 |     edit: keepr
   |           ^^^^^ used in scene \`a\`
`);
  });

  test("two places on one line show it once", () => {
    const { spans } = marks("film.yaml", "- { «extend»: b, «edit»: b }\n");
    const labels = [{ span: span(spans, 0), message: "first" }];
    expect(shown(unknown(span(spans, 1), { labels, note: "second" }))).toBe(`
error[resolve/unknown-name]: nothing is named \`keepr\`
  --> film.yaml:1:16
  |
1 | - { extend: b, edit: b }
  |     ------ first
  |                ^^^^ second
`);
  });

  test("a place in another file has a line of its own", () => {
    const one = marks("act.yaml", "id: «dawn»\n");
    const two = marks("film.yaml", "id: «dawn»\n");
    const labels = [{ span: span(one.spans, 0), message: "a scene has it first" }];
    const diagnostic = diagnose("resolve/duplicate-name", span(two.spans, 0), "two things are named `dawn`", {
      labels,
    });
    expect(shown(diagnostic)).toBe(`
error[resolve/duplicate-name]: two things are named \`dawn\`
  --> film.yaml:1:5
  |
1 | id: dawn
  |     ^^^^
  ::: act.yaml:1:5
1 | id: dawn
  |     ---- a scene has it first
`);
  });

  test("what no text is to blame for has no place", () => {
    const diagnostic = diagnose("file/unreadable", undefined, "there is no file a.yaml", {
      help: "check the path",
    });
    expect(shown(diagnostic)).toBe(
      "\nerror[file/unreadable]: there is no file a.yaml\n  = help: check the path\n",
    );
  });
});

describe("the mark stands below what it marks", () => {
  const lines = (text: string, columns = 80): string[] =>
    shown(unknown(span(marks("a.yaml", text).spans, 0)), columns)
      .trim()
      .split("\n")
      .slice(3);

  test.each([
    [
      "after Chinese, which is two columns wide",
      "提示: 夜里 «@林小»走过\n",
      ["1 | 提示: 夜里 @林小走过", "  |            ^^^^^"],
    ],
    ["after an emoji", "t: 🎬 «keepr»\n", ["1 | t: 🎬 keepr", "  |       ^^^^^"]],
    [
      "after tabs, which are shown as four columns",
      "\t\t«keepr»\n",
      ["1 |         keepr", "  |         ^^^^^"],
    ],
    ["after a byte order mark", "\uFEFFt: «keepr»\n", ["1 | t: keepr", "  |    ^^^^^"]],
    ["before a Windows line end", "t: «keepr»\r\nx: y\r\n", ["1 | t: keepr", "  |    ^^^^^"]],
    ["of several lines below the first", "t: «ke\n  epr»\n", ["1 | t: ke", "  |    ^^"]],
    ["of nothing is one caret", "t: «»\n", ["1 | t: ", "  |    ^"]],
  ])("%s", (_, text, expected) => {
    expect(lines(text)).toEqual(expected);
  });

  test.each([
    [
      "near its beginning",
      `t: «keepr» ${"x".repeat(90)}\n`,
      ["1 | t: keepr xxxxxxxxxxxxxxxxxxxxxxxxx…", "  |    ^^^^^"],
    ],
    [
      "far inside",
      `t: ${"x".repeat(90)} «keepr» ${"y".repeat(90)}\n`,
      ["1 | …xxxxxxxxxxx keepr yyyyyyyyyyyyyyyy…", "  |              ^^^^^"],
    ],
    ["at its end", `t: ${"x".repeat(90)} «keepr»\n`, ["1 | …xxxxxxxxxxx keepr", "  |              ^^^^^"]],
    [
      "between wide characters",
      `t: ${"夜".repeat(40)}«林晓»${"雨".repeat(40)}\n`,
      ["1 | …夜夜夜夜夜夜林晓雨雨雨雨雨雨雨雨雨…", "  |              ^^^^"],
    ],
  ])("a line wider than the terminal is shown around the mark: %s", (_, text, expected) => {
    expect(lines(text, 40)).toEqual(expected);
  });

  test("no line of it is wider than the terminal", () => {
    for (const at of [0, 10, 200, 399]) {
      const text = `${"夜x".repeat(at / 2)}«keepr»${"雨y".repeat((400 - at) / 2)}\n`;
      for (const line of lines(text, 40))
        expect([...line].length + (line.match(/\p{Script=Han}/gu)?.length ?? 0)).toBeLessThanOrEqual(40);
    }
  });

  test("a line of a megabyte takes no longer than others", () => {
    const started = performance.now();
    expect(lines(`${"x".repeat(500_000)}«keepr»${"y".repeat(500_000)}\n`)[0]).toContain("xkeepry");
    expect(performance.now() - started).toBeLessThan(500);
  });
});

test("colours are those of the severity, and only where they are wanted", () => {
  const { spans } = marks("a.yaml", "«x»\n");
  const style = (name: unknown, text: string): string => `<${[name].flat().join("+")}>${text}</>`;
  const warning = diagnose("prompt/long", span(spans, 0), "long", { note: "here" });
  expect(diagnosticText(warning, { columns: 80, style }).split("\n")).toEqual([
    ...[
      "<yellow+bold>warning[prompt/long]</>: <bold>long</>",
      "  <blue>--></> a.yaml:1:1",
      "  |",
      "1 | x",
      "  | <yellow>^ here</>",
    ],
  ]);
});

test("JSON says the same with lines and columns from 1", () => {
  const one = marks("act.yaml", "id: «dawn»\n");
  const two = marks("film.yaml", "a: b\nid: 雨«dawn»\n");
  const labels = [{ span: span(one.spans, 0), message: "first" }];
  expect(
    diagnosticJson(
      diagnose("resolve/duplicate-name", span(two.spans, 0), "twice", { labels, help: "rename" }),
    ),
  ).toEqual({
    ...{ code: "resolve/duplicate-name", severity: "error", message: "twice", help: "rename" },
    ...{ file: "film.yaml", line: 2, column: 6, endLine: 2, endColumn: 10 },
    labels: [{ file: "act.yaml", line: 1, column: 5, endLine: 1, endColumn: 9, message: "first" }],
  });
});
