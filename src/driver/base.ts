import type { Diagnostic } from "../base/diagnostic.ts";
import { positionAt } from "../base/source.ts";
import { differencesOf, type SceneDifference } from "../plan/difference.ts";
import { NO_WISHES } from "../plan/wishes.ts";
import { findBase } from "./base-commit.ts";
import { BaseFiles } from "./base-files.ts";
import { check, type CheckOptions, type Compiled } from "./check.ts";
import type { Machine } from "./machine.ts";
import type { Environment } from "./options.ts";
import { planFilms, type Plan } from "./plan.ts";
import { readPrices } from "./prices.ts";
import { readLock } from "./state.ts";

/** The same storyboard at the commit that a change is compared with. */
export type Base =
  | {
      readonly kind: "base";
      /** `origin/main`. */
      readonly name: string;
      readonly commit: string;
      /** As a run there would have been planned. */
      readonly films: readonly Plan[];
      /** By the film's variant. A film that the base has not is new as a whole. */
      readonly differences: ReadonlyMap<string, readonly SceneDifference[]>;
      /** Variants that are not made any more. */
      readonly gone: readonly string[];
    }
  /** The commit has no such storyboard: everything is new. */
  | { readonly kind: "new"; readonly name: string; readonly commit: string }
  /** `reason`: part of a sentence, with names between backticks. */
  | { readonly kind: "none"; readonly reason: string };

export interface BaseOptions extends Pick<CheckOptions, "profile" | "allowOutside"> {
  /** Without it the branch that changes are merged into. */
  readonly ref?: string | undefined;
  /** The one film of a matrix that was asked for. */
  readonly film?: string | undefined;
  readonly cwd?: string | undefined;
  readonly environment: Environment;
}

/** Plans what a run would have done at the base. What cannot be read is told, never thrown. */
export async function readBase(
  films: readonly [Plan, ...Plan[]],
  options: BaseOptions,
  machine: Pick<Machine, "files">,
): Promise<Base> {
  const [{ project }] = films;
  const found = findBase(project.folder, options.ref, options.environment);
  if (found.kind === "none") return found;
  const { commit, name } = found;
  let exported: BaseFiles | undefined;
  try {
    exported = new BaseFiles(project.root, commit);
    const file = exported.storyboard(project);
    if (file === undefined) return { kind: "new", name, commit };
    const before = await planBase(films[0], { file, ...options }, exported, machine);
    if (before.kind === "planned")
      return { kind: "base", name, commit, ...compared(before.films, films, options) };
    return { kind: "none", reason: `${before.reason}, at \`${name}\` (${commit.slice(0, 9)})` };
  } catch (error) {
    const { message } = error as Error;
    return { kind: "none", reason: `\`${name}\` (${commit.slice(0, 9)}) cannot be read: ${message}` };
  } finally {
    exported?.close();
  }
}

type PlannedBase =
  | { readonly kind: "planned"; readonly films: readonly Plan[] }
  | { readonly kind: "unplanned"; readonly reason: string };

/** With the provider, the clips and the wishes of today, so that nothing but the commit is different. */
async function planBase(
  today: Plan,
  { file, profile, allowOutside, environment, cwd = process.cwd() }: BaseOptions & { readonly file: string },
  { root, digests, missing }: BaseFiles,
  { files }: Pick<Machine, "files">,
): Promise<PlannedBase> {
  if (missing.length > 0) return unplanned(`Git LFS has not fetched ${missing.map(quoted).join(", ")}`);
  const { films, diagnostics } = await check({ file, cwd: root, profile, allowOutside });
  const [first] = films;
  if (!first) return unplanned(`the storyboard has mistakes: ${firstError(diagnostics) ?? "it is empty"}`);
  const { provider, kind, concurrency, ways, now, wishes } = today;
  const { storyboard } = first;
  const locked = readLock(first.project, kind, root, files, storyboard.scenes);
  const priced = readPrices(storyboard.prices, environment, cwd, files);
  const problem = firstError([...locked.diagnostics, ...priced.diagnostics]);
  if (problem !== undefined) return unplanned(problem);
  const { only } = wishes;
  const given = {
    ...{ provider, kind, concurrency, ways, now, lock: locked.lock, prices: priced.prices },
    wishes: { ...NO_WISHES, ...(only && { only }) },
  };
  const compiled = films.map((film) => withToday(film, today, digests));
  return { kind: "planned", films: planFilms(compiled, given, files) };
}

/** What has been made lies here, the commit knows only the lockfile; of some media it knows the digest alone. */
function withToday(film: Compiled, today: Plan, digests: BaseFiles["digests"]): Compiled {
  const media = new Map(film.media);
  for (const [path, digest] of digests) {
    const read = media.get(path);
    if (read?.kind === "read") media.set(path, { ...read, digest });
  }
  return { ...film, media, project: { ...film.project, hidden: today.project.hidden } };
}

function compared(
  before: readonly Plan[],
  now: readonly Plan[],
  { film: asked }: BaseOptions,
): Pick<Extract<Base, { kind: "base" }>, "films" | "differences" | "gone"> {
  const films = before.filter((one) => asked === undefined || variantOf(one) === asked);
  const differences = now.map((film): [string, readonly SceneDifference[]] => {
    const former = films.find((one) => variantOf(one) === variantOf(film));
    const all = differencesOf(former ?? { ...film, scenes: [], lowered: new Map() }, film);
    const { only } = film.wishes;
    return [variantOf(film), only ? all.filter(({ scene }) => only.has(scene)) : all];
  });
  const gone = films.map(variantOf).filter((variant) => !now.some((film) => variantOf(film) === variant));
  return { films, differences: new Map(differences), gone };
}

function variantOf({ storyboard }: Plan): string {
  return storyboard.variant;
}

/** With its place, which is one at the base. */
function firstError(diagnostics: readonly Diagnostic[]): string | undefined {
  const error = diagnostics.find(({ severity }) => severity === "error");
  if (!error?.span) return error?.message;
  const { source, start } = error.span;
  return `${error.message} (\`${source.name}:${positionAt(source, start).line}\`)`;
}

function unplanned(reason: string): PlannedBase {
  return { kind: "unplanned", reason };
}

function quoted(path: string): string {
  return `\`${path}\``;
}
