import { readdirSync, readFileSync } from "node:fs";
import { basename, dirname, join, posix, sep } from "node:path";
import ts from "typescript";
import { describe, expect, test } from "vitest";

const SRC = join(import.meta.dirname, "../src");

/** From the bottom to the top: a file imports from its own layer and from those before it. */
const LAYERS = [
  ...["base", "syntax", "storyboard", "seedance", "plan", "store", "media", "execute", "service", "emulator"],
  ...["film", "driver", "index.ts", "cli", "main.ts"],
];

/** The only layers that may import a package. Whatever stands here for nobody is an error in any file. */
const OWNERS: Readonly<Record<string, readonly string[]>> = {
  yaml: ["syntax"],
  ajv: ["syntax"],
  "p-limit": ["execute"],
  undici: ["service"],
  aws4fetch: ["service"],
  mediabunny: ["media"],
  "node-av": ["media"],
  "probe-image-size": ["media"],
  "@napi-rs/canvas": ["media", "emulator"],
  hono: ["emulator"],
  "@hono/node-server": ["emulator"],
  listr2: ["cli"],
  commander: ["cli"],
  "string-width": ["cli"],
};

/** What a pure layer must not touch: the same input has to give the same output, wherever and whenever. */
const PURE = ["storyboard", "seedance", "plan"];
const IMPURE_MODULES = /^node:(fs|child_process|http|https|net|os|worker_threads|timers)(\/|$)/;

const MOST_LINES = 300;
const VAGUE_NAMES = /(^|[-.])(utils?|helpers?|managers?|handlers?|common|misc)([-.]|$)/i;

/** Imports that are known to break a rule, each with its reason. One that breaks nothing any more is an error. */
const EXCEPTIONS: readonly { readonly from: RegExp; readonly to: string; readonly reason: string }[] = [];

interface Import {
  readonly from: string;
  readonly specifier: string;
  /** Only types: gone when the program runs. */
  readonly isTypeOnly: boolean;
}

interface SourceFile {
  /** Relative to `src`, with `/`. */
  readonly path: string;
  readonly text: string;
  readonly tree: ts.SourceFile;
  readonly imports: readonly Import[];
}

function read(path: string): SourceFile {
  const text = readFileSync(join(SRC, path), "utf8");
  const tree = ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true);
  const imports: Import[] = [];
  const visit = (node: ts.Node): void => {
    const found = importOf(node);
    if (found) imports.push({ from: path, ...found });
    ts.forEachChild(node, visit);
  };
  visit(tree);
  return { path, text, tree, imports };
}

function importOf(node: ts.Node): Omit<Import, "from"> | undefined {
  if (ts.isImportDeclaration(node) && ts.isStringLiteral(node.moduleSpecifier)) {
    return { specifier: node.moduleSpecifier.text, isTypeOnly: isTypeOnly(node.importClause) };
  }
  if (ts.isExportDeclaration(node) && node.moduleSpecifier && ts.isStringLiteral(node.moduleSpecifier)) {
    return { specifier: node.moduleSpecifier.text, isTypeOnly: node.isTypeOnly };
  }
  if (
    ts.isImportTypeNode(node) &&
    ts.isLiteralTypeNode(node.argument) &&
    ts.isStringLiteral(node.argument.literal)
  ) {
    return { specifier: node.argument.literal.text, isTypeOnly: true };
  }
  if (!ts.isCallExpression(node) || node.expression.kind !== ts.SyntaxKind.ImportKeyword) return undefined;
  const [specifier] = node.arguments;
  return specifier && ts.isStringLiteral(specifier)
    ? { specifier: specifier.text, isTypeOnly: false }
    : undefined;
}

function isTypeOnly(clause: ts.ImportClause | undefined): boolean {
  if (!clause || clause.isTypeOnly) return clause !== undefined;
  const bindings = clause.namedBindings;
  return (
    !clause.name &&
    !!bindings &&
    ts.isNamedImports(bindings) &&
    bindings.elements.every((element) => element.isTypeOnly)
  );
}

const files = readdirSync(SRC, { recursive: true, encoding: "utf8" })
  .map((path) => path.split(sep).join("/"))
  .filter((path) => path.endsWith(".ts"))
  .sort()
  .map(read);
const imports = files.flatMap((file) => file.imports);

/** Path below `src`; undefined for what is no file of ours. */
function target({ from, specifier }: Import): string | undefined {
  return specifier.startsWith(".") ? posix.join(posix.dirname(from), specifier) : undefined;
}

function layer(path: string): number {
  const [first = ""] = path.split("/");
  return LAYERS.indexOf(first);
}

function packageName(specifier: string): string | undefined {
  if (specifier.startsWith(".") || specifier.startsWith("node:")) return undefined;
  return specifier
    .split("/")
    .slice(0, specifier.startsWith("@") ? 2 : 1)
    .join("/");
}

/** Types alone may be excused: what is gone when the program runs cannot be loaded in a circle. */
function isExcused(one: Import): boolean {
  return one.isTypeOnly && EXCEPTIONS.some(({ from, to }) => from.test(one.from) && to === target(one));
}

describe("layers", () => {
  test("every file belongs to one", () => {
    expect(files.map(({ path }) => path).filter((path) => layer(path) === -1)).toEqual([]);
  });

  test("imports go down the list, or stay", () => {
    const up = imports.flatMap((one) => {
      const to = target(one);
      if (to === undefined || to.startsWith("../") || layer(to) <= layer(one.from)) return [];
      return [`${one.from} → ${to}`];
    });
    expect(up).toEqual([]);
  });

  test("what lies outside of `src` is the schemas alone", () => {
    const outside = imports.flatMap((one) => {
      const to = target(one);
      return to?.startsWith("../") && !to.startsWith("../schemas/") ? [`${one.from} → ${to}`] : [];
    });
    expect(outside).toEqual([]);
  });

  test("an import leads to a file that is there", () => {
    const known = new Set(files.map(({ path }) => path));
    const lost = imports.flatMap((one) => {
      const to = target(one);
      return to === undefined || to.startsWith("../") || known.has(to) ? [] : [`${one.from} → ${to}`];
    });
    expect(lost).toEqual([]);
  });
});

describe("packages", () => {
  test("each is imported by its owner alone", () => {
    const foreign = imports.flatMap(({ from, specifier }) => {
      const name = packageName(specifier);
      const [folder = ""] = from.split("/");
      return name === undefined || OWNERS[name]?.includes(folder) ? [] : [`${from} → ${name}`];
    });
    expect(foreign).toEqual([]);
  });

  test("modules of Node are written with `node:`", () => {
    const plain = imports.filter(({ specifier }) =>
      /^(fs|path|os|http|https|net|crypto|url|util|stream|zlib)(\/|$)/.test(specifier),
    );
    expect(plain).toEqual([]);
  });
});

describe("the pure layers", () => {
  const pure = files.filter(({ path }) => PURE.includes(path.split("/")[0] ?? ""));

  test("import nothing that reaches disk, network or other programs", () => {
    const impure = pure.flatMap((file) =>
      file.imports
        .filter(({ specifier }) => IMPURE_MODULES.test(specifier))
        .map(({ specifier }) => `${file.path} → ${specifier}`),
    );
    expect(impure).toEqual([]);
  });

  test("ask neither the clock nor chance nor the environment", () => {
    expect(pure.flatMap(({ path, tree }) => impureUses(tree).map((use) => `${path}: ${use}`))).toEqual([]);
  });
});

function impureUses(tree: ts.SourceFile): string[] {
  const found: string[] = [];
  const visit = (node: ts.Node): void => {
    const text = ts.isPropertyAccessExpression(node) ? node.getText(tree) : "";
    if (
      /^(Date\.now|Math\.random|performance\.now|process\.(env|cwd|platform)|crypto\.random\w+)$/.test(text)
    )
      found.push(text);
    const isDate = ts.isNewExpression(node) && node.expression.getText(tree) === "Date";
    if (isDate && (node.arguments?.length ?? 0) === 0) found.push("new Date()");
    ts.forEachChild(node, visit);
  };
  visit(tree);
  return found;
}

/** Files that import each other, as the path around; types count too, since they tie files together all the same. */
function cycles(): string[] {
  const followed = (file: SourceFile): Import[] => file.imports.filter((one) => !isExcused(one));
  const next = new Map(files.map((file) => [file.path, followed(file).flatMap((one) => target(one) ?? [])]));
  const done = new Set<string>();
  const found: string[] = [];
  const walk = (path: string, way: readonly string[]): void => {
    const start = way.indexOf(path);
    if (start !== -1) found.push([...way.slice(start), path].join(" → "));
    if (start !== -1 || done.has(path)) return;
    for (const to of next.get(path) ?? []) walk(to, [...way, path]);
    done.add(path);
  };
  for (const { path } of files) walk(path, []);
  return found;
}

describe("files", () => {
  test("do not import each other in a circle", () => {
    expect(cycles()).toEqual([]);
  });

  test(`have at most ${MOST_LINES} lines`, () => {
    const long = files
      .filter(({ text }) => text.trimEnd().split("\n").length > MOST_LINES)
      .map(({ path }) => path);
    expect(long).toEqual([]);
  });

  test("have names that say what is in them", () => {
    const vague = files.filter(({ path }) =>
      [basename(path), ...dirname(path).split("/")].some((name) => VAGUE_NAMES.test(name)),
    );
    expect(vague.map(({ path }) => path)).toEqual([]);
  });
});

test("no word in the sources is about the machine or the place where they were written", () => {
  const named = files
    .filter(({ text }) => /\/work\/|\/home\/\w|\.\.\/shared\b/.test(text))
    .map(({ path }) => path);
  expect(named).toEqual([]);
});

test("every exception is needed", () => {
  const excused = imports.filter(isExcused);
  const idle = EXCEPTIONS.filter(
    ({ from, to }) => !excused.some((one) => from.test(one.from) && to === target(one)),
  );
  expect(idle).toEqual([]);
});
