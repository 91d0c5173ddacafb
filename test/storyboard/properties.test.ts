import fc from "fast-check";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { diagnosticText } from "../../src/cli/diagnostic-text.ts";
import type { Diagnostic } from "../../src/base/diagnostic.ts";
import { createSource } from "../../src/base/source.ts";
import { build } from "../../src/storyboard/build.ts";
import { resolveStoryboard } from "../../src/storyboard/resolve.ts";
import { variantsOf } from "../../src/storyboard/variants.ts";
import { parse } from "../../src/syntax/parse.ts";
import { readText } from "./read.ts";
import type { SyntaxTree } from "../../src/syntax/tree.ts";

/** All phases; nothing may throw, and whatever is told must be told about a place that exists. */
function understand(text: string): readonly Diagnostic[] {
  const source = createSource("film.yaml", "/film/film.yaml", text);
  const { tree, diagnostics } = parse(source);
  return tree ? [...readText(text).diagnostics, ...understandVariants(tree)] : diagnostics;
}

/** The films of the matrix, with the profile `draft`. */
function understandVariants(tree: SyntaxTree): readonly Diagnostic[] {
  const { variants, diagnostics } = variantsOf([tree], "draft");
  const films = variants.slice(0, 3).flatMap((variant) => {
    const built = build([tree], variant);
    return [...built.diagnostics, ...resolveStoryboard(tree.source, built.written).diagnostics];
  });
  return [...diagnostics, ...films];
}

const plainTerminal = { columns: 60, style: (_: unknown, text: string): string => text };

function holds(text: string): void {
  for (const diagnostic of understand(text)) {
    for (const span of [diagnostic.span, ...diagnostic.labels.map((label) => label.span)]) {
      if (!span) continue;
      expect(span.start).toBeGreaterThanOrEqual(0);
      expect(span.end).toBeGreaterThanOrEqual(span.start);
      expect(span.end).toBeLessThanOrEqual(span.source.text.length);
    }
    expect(diagnosticText(diagnostic, plainTerminal)).toContain(diagnostic.code);
  }
}

const KEYS = [
  ...[
    "version",
    "assets",
    "scenes",
    "film",
    "style",
    "variables",
    "defaults",
    "id",
    "prompt",
    "extend",
    "edit",
  ],
  ...["bridge", "references", "first_frame", "last_frame", "dialogue", "who", "says", "web_search", "takes"],
  ...[
    "duration",
    "ratio",
    "image",
    "images",
    "audio",
    "video",
    "description",
    "output",
    "joints",
    "clip",
    "<<",
    "matrix",
    "profiles",
    "draft",
  ],
];
const WORDS = [
  ...["1", "5", "true", "null", "~", "16:9", "dawn", "previous", "dawn.last_frame", "./a.png", "asset://a"],
  ...[
    "https://example.com/a.mp4",
    '"@dawn and ${x}"',
    "林晓",
    "🎬",
    "''",
    "*a",
    "&a x",
    "1e400",
    ".nan",
    "@",
    "\uFEFF",
  ],
];

const value: fc.Arbitrary<string> = fc.letrec<{ value: string; list: string; map: string }>((tie) => ({
  value: fc.oneof({ maxDepth: 4, withCrossShrink: true }, fc.constantFrom(...WORDS), tie("list"), tie("map")),
  list: fc.array(tie("value"), { maxLength: 4 }).map((items) => `[${items.join(", ")}]`),
  map: fc
    .array(fc.tuple(fc.constantFrom(...KEYS), tie("value")), { maxLength: 6 })
    .map((entries) => `{ ${entries.map(([key, item]) => `${key}: ${item}`).join(", ")} }`),
})).value;

const documents = fc
  .array(fc.tuple(fc.constantFrom(...KEYS), value), { maxLength: 8 })
  .map((entries) => entries.map(([key, item]) => `${key}: ${item}\n`).join(""));

const EXAMPLES = ["lighthouse", "advert", "drama", "one-take"].map((name) =>
  readFileSync(join(import.meta.dirname, `../../examples/${name}/storyboard.yaml`), "utf8"),
);

interface Edit {
  readonly at: number;
  readonly remove: number;
  readonly insert: string;
}

const PIECES = [
  ..."@:{}[]\"'#&*|>-,!%\t\r\n ",
  "\r\n",
  "---\n",
  "  - ",
  "@keeper",
  "${x}",
  "<<: *a",
  ...KEYS.map((key) => `${key}: `),
  ...WORDS,
];
const edits = fc.array(
  fc.record<Edit>({
    at: fc.double({ min: 0, max: 1, noNaN: true }),
    remove: fc.constantFrom(0, 0, 1, 2, 7, 40),
    insert: fc.oneof(
      fc.constant(""),
      fc.constantFrom(...PIECES),
      fc.string({ unit: "binary", maxLength: 4 }),
    ),
  }),
  { minLength: 1, maxLength: 5 },
);

function edited(text: string, changes: readonly Edit[]): string {
  return changes.reduce((now, { at, remove, insert }) => {
    const from = Math.floor(at * now.length);
    return now.slice(0, from) + insert + now.slice(from + remove);
  }, text);
}

describe("no text makes a phase throw, and each place lies inside its file", () => {
  test("random documents of the language's own keys", () => {
    fc.assert(fc.property(documents, holds), { numRuns: 600 });
  });

  test("random characters", () => {
    fc.assert(fc.property(fc.string({ unit: "binary", maxLength: 80 }), holds), { numRuns: 400 });
  });

  test("random edits of the examples", () => {
    const changed = fc
      .tuple(fc.constantFrom(...EXAMPLES), edits)
      .map(([text, changes]) => edited(text, changes));
    fc.assert(fc.property(changed, holds), { numRuns: 400 });
  });

  test("and the examples as they are have nothing to tell but their files", () => {
    for (const text of EXAMPLES) {
      const codes = understand(text).map(({ code }) => code);
      // Their files are not read here, and they have no profile.
      expect(codes.filter((code) => code !== "media/unreadable" && code !== "profiles/unknown")).toEqual([]);
    }
  });
});
