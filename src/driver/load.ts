import { readFileSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { diagnose, hasErrors, type Diagnostic } from "../base/diagnostic.ts";
import { createSource, type Source, type Span } from "../base/source.ts";
import { parse, type SyntaxTree } from "../syntax/parse.ts";
import { checkSchema } from "../syntax/schema.ts";
import { get, itemsOf } from "../syntax/tree.ts";
import { isInside, shownPath, type Project } from "./project.ts";

export interface Loaded {
  /** Each file after those that it includes, the storyboard last; empty when it could not be understood. */
  readonly files: readonly SyntaxTree[];
  readonly diagnostics: readonly Diagnostic[];
}

/** What an included file may not say. */
const MAIN_ONLY = ["provider", "model", "defaults", "style", "matrix", "profiles", "film"];

interface Opened {
  readonly path: string;
  /** Where the path is written; absent for the storyboard itself. */
  readonly span?: Span;
}

/** Reads a storyboard and everything that it includes, and holds each file against the schema. */
export function loadFiles(project: Project, cwd: string, allowOutside: boolean): Loaded {
  const loader = new Loader(cwd, allowOutside ? undefined : project.root);
  loader.load({ path: project.storyboard }, []);
  return { files: loader.isWhole ? loader.files : [], diagnostics: loader.diagnostics };
}

class Loader {
  readonly files: SyntaxTree[] = [];
  readonly diagnostics: Diagnostic[] = [];
  readonly #loaded = new Map<string, Span | undefined>();
  readonly #cwd: string;
  readonly #root: string | undefined;
  #unreadable = false;

  constructor(cwd: string, root: string | undefined) {
    this.#cwd = cwd;
    this.#root = root;
  }

  /** False when a file is missing or is not YAML: what is left would be told as unknown names. */
  get isWhole(): boolean {
    return !this.#unreadable;
  }

  load(opened: Opened, way: readonly Opened[]): void {
    const problem = this.#problem(opened, way);
    if (problem) {
      this.diagnostics.push(problem);
      return;
    }
    this.#loaded.set(opened.path, opened.span);
    const source = this.#read(opened);
    const parsed = source && parse(source);
    this.diagnostics.push(...(parsed?.diagnostics ?? []));
    if (!parsed?.tree || hasErrors(parsed.diagnostics)) {
      this.#unreadable = true;
      return;
    }
    const { tree } = parsed;
    this.diagnostics.push(...(opened.span ? checkIncluded(tree) : checkSchema(tree)));
    for (const item of itemsOf(get(tree.root, "include"))) {
      if (item.kind !== "scalar" || typeof item.value !== "string") continue;
      this.load({ path: resolve(dirname(opened.path), item.value), span: item.span }, [...way, opened]);
    }
    this.files.push(tree);
  }

  #problem({ path, span }: Opened, way: readonly Opened[]): Diagnostic | undefined {
    if (!span) return undefined;
    const name = shownPath(path, this.#cwd);
    if (this.#root !== undefined && !isInside(path, this.#root)) {
      const help = "copy it into the project, or allow it with `--allow-outside`";
      return diagnose("media/outside-root", span, `${name} is outside of the project`, { help });
    }
    const open = way.findIndex((file) => file.path === path);
    if (open !== -1) {
      const steps = way.slice(open + 1).flatMap((file) => file.span ?? []);
      const labels = steps.map((step) => ({ span: step, message: "on the way here this file is included" }));
      return diagnose("include/cycle", span, `${name} includes itself`, {
        labels,
        help: "remove one of the includes",
      });
    }
    if (!this.#loaded.has(path)) return undefined;
    const first = this.#loaded.get(path);
    const labels = first ? [{ span: first, message: "first included here" }] : [];
    return diagnose("include/twice", span, `${name} is included twice`, { labels, help: "include it once" });
  }

  #read({ path, span }: Opened): Source | undefined {
    const name = shownPath(path, this.#cwd);
    try {
      const text = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(readFileSync(path));
      return createSource(name, path, text);
    } catch (error) {
      this.diagnostics.push(unreadable(name, span, error as NodeJS.ErrnoException));
      return undefined;
    }
  }
}

function unreadable(name: string, span: Span | undefined, error: NodeJS.ErrnoException): Diagnostic {
  if (error instanceof TypeError) {
    return diagnose("syntax/encoding", span, `${name} is not UTF-8 text`, { help: "save it as UTF-8" });
  }
  const why = error.code === "ENOENT" ? "does not exist" : `cannot be read: ${error.message}`;
  const help = "check the path and its permissions";
  return diagnose(span ? "include/unreadable" : "file/unreadable", span, `${name} ${why}`, { help });
}

/** An included file has the same shape, but the settings of the film stand in the storyboard alone. */
function checkIncluded(tree: SyntaxTree): Diagnostic[] {
  const entries = tree.root.kind === "map" ? [...tree.root.entries.values()] : [];
  const misplaced = entries
    .filter(({ key }) => MAIN_ONLY.includes(key))
    .map(({ key, keySpan }) =>
      diagnose("include/main-only", keySpan, `\`${key}\` stands in an included file`, {
        help: "move it to the storyboard that includes this file",
      }),
    );
  return [...checkSchema(tree, { isIncluded: true }), ...misplaced];
}
