import { dirname } from "node:path";
import { diagnose, hasErrors, sortDiagnostics, type Diagnostic } from "../base/diagnostic.ts";
import type { Source, Span } from "../base/source.ts";
import { VERSION } from "../base/version.ts";
import { build } from "../storyboard/build.ts";
import { filesOf, type MediaIndex } from "../storyboard/media-index.ts";
import { resolveStoryboard } from "../storyboard/resolve.ts";
import { checkUnusedAssets } from "../storyboard/rules-film.ts";
import { checkRules } from "../storyboard/rules.ts";
import type { Storyboard } from "../storyboard/types.ts";
import { variantsOf } from "../storyboard/variants.ts";
import { entriesOf, get, itemsOf, type SyntaxTree } from "../syntax/tree.ts";
import { loadFiles } from "./load.ts";
import { MediaCache } from "./media-cache.ts";
import { findProject, type Project } from "./project.ts";
import { readMedia } from "./read-media.ts";
import { SpanSet } from "./span-set.ts";

export interface CheckOptions {
  /** The storyboard, or a folder that holds one; without it the folder `cwd`. */
  readonly file?: string | undefined;
  readonly cwd?: string | undefined;
  /** One of the storyboard's `profiles`. */
  readonly profile?: string | undefined;
  /** Lets media lie outside of the project. */
  readonly allowOutside?: boolean | undefined;
}

export interface Checked {
  /** Sorted by file and place. Without an error in it the storyboard can be rendered. */
  readonly diagnostics: readonly Diagnostic[];
  readonly project?: Project;
  /** Every file that was read and understood: the storyboard last. */
  readonly sources: readonly Source[];
  /** The film, or with a `matrix` one for each combination. Empty when there is an error. */
  readonly films: readonly Compiled[];
}

/** A storyboard that has passed every check, as one film. */
export interface Compiled {
  readonly project: Project;
  readonly storyboard: Storyboard;
  readonly media: MediaIndex;
}

/**
 * Reads a storyboard and everything that it names, and tells all that is wrong with it. Writes nothing
 * but what it has learned of the media, and that only when nothing is wrong.
 */
export async function check(options: CheckOptions = {}): Promise<Checked> {
  const cwd = options.cwd ?? process.cwd();
  const found = findProject(options.file, cwd);
  if (found.kind === "not-found") return { diagnostics: found.diagnostics, sources: [], films: [] };
  const { project } = found;
  const loaded = loadFiles(project, cwd, options.allowOutside ?? false);
  const { storyboards, diagnostics } = understand(loaded.files, options.profile);
  const cache = new MediaCache(project.hidden, VERSION);
  const media = await readMedia(storyboards, options.allowOutside ? undefined : project.root, cache);
  const rules = storyboards.flatMap((storyboard) => checkRules(storyboard, media.index));
  const told = [
    ...loaded.diagnostics,
    ...diagnostics,
    ...media.diagnostics,
    ...rules,
    // All films of a matrix at once: what one of them leaves out another may use.
    ...checkUnusedAssets(storyboards),
  ];
  const all = sortDiagnostics(withoutFollowUps(told, sceneSpans(loaded.files)));
  const sources = loaded.files.map(({ source }) => source);
  if (hasErrors(all)) return { project, diagnostics: all, sources, films: [] };
  cache.save();
  return {
    project,
    diagnostics: all,
    sources,
    films: storyboards.map((storyboard) => ({ project, storyboard, media: media.index })),
  };
}

/** Every local file that a storyboard names, and what it includes; also of one that has mistakes. */
export function mediaPathsOf(storyboard: string): string[] {
  const folder = dirname(storyboard);
  const found = findProject(storyboard, folder);
  if (found.kind === "not-found") return [];
  const { storyboards } = understand(loadFiles(found.project, folder, true).files, undefined);
  return [...new Set(storyboards.flatMap((one) => [...filesOf(one).keys()]))];
}

/** Files to storyboards. Each phase goes on as far as its input lets it, so that one run tells all. */
function understand(
  files: readonly SyntaxTree[],
  profile: string | undefined,
): { storyboards: readonly Storyboard[]; diagnostics: readonly Diagnostic[] } {
  const main = files.at(-1);
  if (!main) return { storyboards: [], diagnostics: [] };
  const { variants, diagnostics } = variantsOf(files, profile);
  const all = [...diagnostics];
  const storyboards = variants.map((variant) => {
    const built = build(files, variant);
    const resolved = resolveStoryboard(main.source, built.written);
    // Not spread into a call: a file may have more mistakes than a call takes arguments.
    for (const one of [...built.diagnostics, ...resolved.diagnostics]) all.push(one);
    return resolved.storyboard;
  });
  return { storyboards, diagnostics: [...all, ...sameOutputs(main, storyboards)] };
}

function sameOutputs(main: SyntaxTree, storyboards: readonly Storyboard[]): Diagnostic[] {
  const [first] = storyboards;
  const twice = storyboards.find(
    (one, i) => storyboards.findIndex(({ film }) => film.output === one.film.output) !== i,
  );
  const output = get(get(main.root, "film"), "output");
  if (!first || !twice || !output) return [];
  const message = `the films \`${first.variant}\` and \`${twice.variant}\` would both be ${twice.film.output}`;
  const keys = entriesOf(get(main.root, "matrix")).map(({ key }) => `\${${key}}`);
  const help = `use the keys of the matrix in the name, such as \`${["film", ...keys].join("-")}.mp4\``;
  return [diagnose("matrix/same-output", output.span, message, { help })];
}

/** Where each scene stands as a whole. */
function sceneSpans(files: readonly SyntaxTree[]): Span[] {
  return files.flatMap(({ root }) => itemsOf(get(root, "scenes")).map(({ span }) => span));
}

/** Findings that stand on their own, whatever else is wrong with the shape of a scene. */
const INDEPENDENT = /^(syntax|schema|resolve|media)\/|^variables\/unknown$/;
/** What is missing may stand where the shape is wrong. */
const ABSENCES = /\/(unused|unused-scene|no-scenes)$/;

/** A key of the wrong shape is missing to the later phases: what they say of its absence is not told. */
function withoutFollowUps(diagnostics: readonly Diagnostic[], scenes: readonly Span[]): Diagnostic[] {
  const wrong = diagnostics.flatMap(({ code, span }) => (code.startsWith("schema/") && span ? [span] : []));
  if (wrong.length === 0) return [...diagnostics];
  const shape = new SpanSet(wrong);
  const broken = new SpanSet(scenes.filter((scene) => shape.touches(scene)));
  return diagnostics.filter(({ code, span }) => {
    if (code.startsWith("schema/") || !span) return true;
    if (ABSENCES.test(code) || shape.touches(span)) return false;
    return INDEPENDENT.test(code) || !broken.touches(span);
  });
}
