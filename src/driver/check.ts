import { readFileSync } from "node:fs";
import { diagnose, hasErrors, sortDiagnostics, type Diagnostic } from "../base/diagnostic.ts";
import { createSource, type Source, type Span } from "../base/source.ts";
import { build } from "../storyboard/build.ts";
import type { MediaIndex } from "../storyboard/media-index.ts";
import { resolveStoryboard } from "../storyboard/resolve.ts";
import { checkRules } from "../storyboard/rules.ts";
import type { Storyboard } from "../storyboard/types.ts";
import { parse } from "../syntax/parse.ts";
import { checkSchema } from "../syntax/schema.ts";
import { get, itemsOf } from "../syntax/tree.ts";
import { findProject, shownPath, type Project } from "./project.ts";
import { readMedia } from "./read-media.ts";

export interface CheckOptions {
  /** The storyboard, or a folder that holds one; without it the folder `cwd`. */
  readonly file?: string | undefined;
  readonly cwd?: string | undefined;
  /** Lets media lie outside of the project. */
  readonly allowOutside?: boolean | undefined;
}

export interface Checked {
  /** Sorted by file and place. Without an error in it the storyboard can be rendered. */
  readonly diagnostics: readonly Diagnostic[];
  readonly project?: Project;
  /** Present when there is no error. */
  readonly compiled?: Compiled;
}

/** A storyboard that has passed every check. */
export interface Compiled {
  readonly project: Project;
  readonly storyboard: Storyboard;
  readonly media: MediaIndex;
}

/** Reads a storyboard and everything that it names, and tells all that is wrong with it. Writes nothing. */
export async function check(options: CheckOptions = {}): Promise<Checked> {
  const cwd = options.cwd ?? process.cwd();
  const found = findProject(options.file, cwd);
  if (found.kind === "not-found") return { diagnostics: found.diagnostics };
  const { project } = found;
  const read = readSource(project, cwd);
  if (!read.source) return { project, diagnostics: read.diagnostics };
  const { storyboard, diagnostics, scenes } = understand(read.source);
  if (!storyboard) return { project, diagnostics: sortDiagnostics(diagnostics) };
  const media = await readMedia(storyboard, options.allowOutside ? undefined : project.root);
  const all = sortDiagnostics(
    withoutFollowUps([...diagnostics, ...media.diagnostics, ...checkRules(storyboard, media.index)], scenes),
  );
  if (hasErrors(all)) return { project, diagnostics: all };
  return { project, diagnostics: all, compiled: { project, storyboard, media: media.index } };
}

function readSource(project: Project, cwd: string): { source?: Source; diagnostics: Diagnostic[] } {
  const name = shownPath(project.storyboard, cwd);
  let bytes: Buffer;
  try {
    bytes = readFileSync(project.storyboard);
  } catch (error) {
    const message = `${name} cannot be read: ${(error as Error).message}`;
    return {
      diagnostics: [
        diagnose("file/unreadable", undefined, message, { help: "check the path and its permissions" }),
      ],
    };
  }
  try {
    const text = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
    return { source: createSource(name, project.storyboard, text), diagnostics: [] };
  } catch {
    const message = `${name} is not UTF-8 text`;
    return { diagnostics: [diagnose("syntax/encoding", undefined, message, { help: "save it as UTF-8" })] };
  }
}

interface Understood {
  readonly storyboard?: Storyboard;
  readonly diagnostics: readonly Diagnostic[];
  /** Where each scene stands as a whole. */
  readonly scenes: readonly Span[];
}

/** Text to storyboard. Each phase goes on as far as its input lets it, so that one run tells all. */
function understand(source: Source): Understood {
  const { tree, diagnostics } = parse(source);
  if (!tree) return { diagnostics, scenes: [] };
  const shape = checkSchema(tree);
  const built = build(tree);
  const resolved = resolveStoryboard(source, built.written);
  return {
    storyboard: resolved.storyboard,
    diagnostics: [...shape, ...built.diagnostics, ...resolved.diagnostics],
    scenes: itemsOf(get(tree.root, "scenes")).map(({ span }) => span),
  };
}

/** Findings that stand on their own, whatever else is wrong with the shape of a scene. */
const INDEPENDENT = /^(syntax|schema|resolve|media)\/|^variables\/unknown$/;

/** A key of the wrong shape is missing to the later phases: what they say of its absence is not told. */
function withoutFollowUps(diagnostics: readonly Diagnostic[], scenes: readonly Span[]): Diagnostic[] {
  const shape = diagnostics.flatMap(({ code, span }) => (code.startsWith("schema/") && span ? [span] : []));
  if (shape.length === 0) return [...diagnostics];
  const broken = scenes.filter((scene) => shape.some((span) => overlap(span, scene)));
  return diagnostics.filter(({ code, span }) => {
    if (code.startsWith("schema/") || !span) return true;
    if (shape.some((wrong) => overlap(wrong, span))) return false;
    return (
      INDEPENDENT.test(code) || !(code === "variables/unused" || broken.some((scene) => overlap(scene, span)))
    );
  });
}

function overlap(a: Span, b: Span): boolean {
  return a.source === b.source && a.start < b.end && b.start < a.end;
}
