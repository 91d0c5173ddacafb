import { readFileSync, realpathSync, statSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { diagnose, hasErrors, type Diagnostic } from "../base/diagnostic.ts";
import { createSource, type Source, type Span } from "../base/source.ts";
import { parse } from "../syntax/parse.ts";
import { checkSchema } from "../syntax/schema.ts";
import { get, itemsOf, type SyntaxTree } from "../syntax/tree.ts";
import { isInside, shownPath, type Project } from "./project.ts";

export interface Loaded {
  /** Each file after those that it includes, the storyboard last; empty when it could not be understood. */
  readonly files: readonly SyntaxTree[];
  readonly diagnostics: readonly Diagnostic[];
}

/** What an included file may not say. */
const MAIN_ONLY = [
  ...["provider", "model", "prices", "store", "handover"],
  ...["defaults", "style", "matrix", "profiles", "film"],
];

interface Opened {
  readonly path: string;
  /** Without links: one file under two names is one file. */
  readonly real: string;
  /** Where the path is written; absent for the storyboard itself. */
  readonly span?: Span;
}

/** Reads a storyboard and everything that it includes, and holds each file against the schema. */
export function loadFiles(project: Project, cwd: string, allowOutside: boolean): Loaded {
  const loader = new Loader(cwd, allowOutside ? undefined : project.root);
  loader.load({ path: project.storyboard, real: realPathOf(project.storyboard) }, []);
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
    this.#loaded.set(opened.real, opened.span);
    const source = this.#read(opened);
    const parsed = source && parse(source);
    this.#tell(parsed?.diagnostics ?? []);
    if (!parsed?.tree || hasErrors(parsed.diagnostics)) {
      this.#unreadable = true;
      return;
    }
    const { tree } = parsed;
    this.#tell(opened.span ? checkIncluded(tree) : checkSchema(tree));
    for (const item of itemsOf(get(tree.root, "include"))) {
      if (item.kind !== "scalar" || typeof item.value !== "string") continue;
      const path = resolve(dirname(opened.path), item.value);
      this.load({ path, real: realPathOf(path), span: item.span }, [...way, opened]);
    }
    // A text or a list has no scenes to tell of the absence of.
    if (tree.root.kind !== "map") this.#unreadable = true;
    this.files.push(tree);
  }

  /** One by one: a file may have more mistakes than a call takes arguments. */
  #tell(found: readonly Diagnostic[]): void {
    for (const diagnostic of found) this.diagnostics.push(diagnostic);
  }

  #problem({ path, real, span }: Opened, way: readonly Opened[]): Diagnostic | undefined {
    if (!span) return undefined;
    const name = shownPath(path, this.#cwd);
    if (this.#root !== undefined && !isInside(path, this.#root)) {
      const help = "copy it into the project, or allow it with `--allow-outside`";
      return diagnose("media/outside-root", span, `${name} is outside of the project`, { help });
    }
    const open = way.findIndex((file) => file.real === real);
    if (open !== -1) {
      const steps = way.slice(open + 1).flatMap((file) => file.span ?? []);
      const labels = steps.map((step) => ({ span: step, message: "on the way here this file is included" }));
      return diagnose("include/cycle", span, `${name} includes itself`, {
        labels,
        help: "remove one of the includes",
      });
    }
    if (!this.#loaded.has(real)) return undefined;
    const first = this.#loaded.get(real);
    const labels = first ? [{ span: first, message: "first included here" }] : [];
    return diagnose("include/twice", span, `${name} is included twice`, { labels, help: "include it once" });
  }

  #read({ path, span }: Opened): Source | undefined {
    const name = shownPath(path, this.#cwd);
    const bytes = this.#bytes({ path, span }, name);
    if (!bytes) return undefined;
    try {
      const text = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
      return createSource(name, path, text);
    } catch {
      const help = "save it as UTF-8";
      this.diagnostics.push(diagnose("syntax/encoding", span, `${name} is not UTF-8 text`, { help }));
      return undefined;
    }
  }

  #bytes(
    { path, span }: Pick<Opened, "path"> & { span: Span | undefined },
    name: string,
  ): Buffer | undefined {
    try {
      // A pipe or a device would be read for ever.
      if (statSync(path).isFile()) return readFileSync(path);
      this.diagnostics.push(unreadable(name, span, "is not a file"));
    } catch (error) {
      const { code, message } = error as NodeJS.ErrnoException;
      const why = code === "ENOENT" || code === "ENOTDIR" ? "does not exist" : `cannot be read: ${message}`;
      this.diagnostics.push(unreadable(name, span, why));
    }
    return undefined;
  }
}

function unreadable(name: string, span: Span | undefined, why: string): Diagnostic {
  const help = "check the path and its permissions";
  return diagnose(span ? "include/unreadable" : "file/unreadable", span, `${name} ${why}`, { help });
}

/** What does not exist is told where it is read. */
function realPathOf(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    return path;
  }
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
