import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { canonicalJson } from "../../src/base/digest.ts";
import { LOCK_FIELDS } from "../../src/plan/lock-fields.ts";
import { fingerprintOf, type Recipe } from "../../src/plan/recipe.ts";

const ROOT = join(import.meta.dirname, "../..");
const PAGE = readFileSync(join(ROOT, "docs/lockfile.md"), "utf8");
const SCHEMA = JSON.parse(readFileSync(join(ROOT, "schemas/lock.schema.json"), "utf8")) as Node;

interface Node {
  readonly properties?: Readonly<Record<string, Node>>;
  readonly definitions?: Readonly<Record<string, Node>>;
  readonly enum?: readonly string[];
  readonly description?: string;
  readonly $ref?: string;
  readonly additionalProperties?: unknown;
}

/** What the page says in code. */
const said = new Set([...PAGE.matchAll(/`([^`\n]+)`/g)].map(([, word]) => word ?? ""));

function nodes(node: Node): Node[] {
  const below = [...Object.values(node.properties ?? {}), ...Object.values(node.definitions ?? {})];
  return [node, ...below.flatMap(nodes)];
}

/** The code block that follows a mark. */
function block(mark: string): string {
  const found = new RegExp(`<!-- ${mark} -->\\s+\`\`\`\\w+\\n([^]*?)\\n\`\`\``).exec(PAGE)?.[1];
  if (found === undefined) throw new Error(`the page has no ${mark}`);
  return found;
}

describe("the page on the lockfile", () => {
  test("names every field and every word that the schema knows", () => {
    const words = nodes(SCHEMA).flatMap((node) => [
      ...Object.keys(node.properties ?? {}),
      ...(node.enum ?? []),
    ]);
    expect(words.length).toBeGreaterThan(50);
    expect(words.filter((word) => !said.has(word))).toEqual([]);
  });

  test("names every entry and every observation of the journal", () => {
    const source = ["journal-entry", "protocol"].map((name) =>
      readFileSync(join(ROOT, `src/execute/${name}.ts`), "utf8"),
    );
    const [entries = "", observations = ""] = [
      /export type JournalEntry =([^]*?);\n\n/.exec(source[0] ?? "")?.[1],
      /export type Observation =([^]*?);\n\n/.exec(source[1] ?? "")?.[1],
    ];
    const kinds = [...`${entries}${observations}`.matchAll(/kind: "([\w-]+)"/g)].map(
      ([, kind]) => kind ?? "",
    );
    expect(kinds.length).toBeGreaterThan(15);
    expect(kinds.filter((kind) => !said.has(kind))).toEqual([]);
  });

  test("works an example whose digest is the one that the code gives", () => {
    const recipe = JSON.parse(block("recipe")) as Recipe;
    expect(canonicalJson(recipe)).toBe(block("canonical"));
    expect(said.has(fingerprintOf(recipe))).toBe(true);
  });
});

describe("the schema of the lockfile", () => {
  const { definitions = {} } = SCHEMA;

  test("has the fields that the code writes, in their order", () => {
    const fields = (node: Node | undefined): string[] => Object.keys(node?.properties ?? {});
    expect({
      top: fields(SCHEMA),
      scene: fields(definitions["scene"]),
      take: fields(definitions["take"]),
      clip: fields(definitions["clip"]),
      quote: fields(definitions["quote"]),
      recipe: fields(definitions["recipe"]),
      library: fields(definitions["libraryEntry"]),
    }).toEqual(LOCK_FIELDS);
  });

  test("describes everything in a sentence, and lets a newer version add to it on every level", () => {
    const described = nodes(SCHEMA).filter(({ $ref }) => $ref === undefined);
    expect(described.filter(({ description }) => !/^\S.*\.$/.test(description ?? ""))).toEqual([]);
    expect(
      nodes(SCHEMA).filter(
        ({ properties, additionalProperties }) => properties && additionalProperties !== true,
      ),
    ).toEqual([]);
  });
});
