import { existsSync, readdirSync, realpathSync, statSync } from "node:fs";
import { basename, dirname, join, relative, resolve, sep } from "node:path";
import { diagnose, type Diagnostic } from "../base/diagnostic.ts";
import { nearNames } from "../base/near.ts";
import { MAIN_NAME } from "../storyboard/names.ts";

/** Rehearsals and paid work share clips of neither kind: an animatic must never stand in for a film. */
export type RunKind = "paid" | "rehearsal";

/** Where everything of one storyboard lies. All absolute. */
export interface Project {
  readonly storyboard: string;
  readonly folder: string;
  /** What media paths may not leave: the git checkout, or the storyboard's folder. */
  readonly root: string;
  readonly name: string;
  /** `.storyc`: store, journal, records; not committed. */
  readonly hidden: string;
}

export function lockPath({ folder, name }: Project, kind: RunKind): string {
  return join(folder, kind === "paid" ? `${name}.lock.json` : `${name}.rehearsal.lock.json`);
}

/** A film of a matrix or a profile has a folder of its own. */
export function rendersPath({ folder, name }: Project, kind: RunKind, variant: string): string {
  const renders = join(folder, "renders", kind === "paid" ? name : `${name}.rehearsal`);
  return variant === MAIN_NAME ? renders : join(renders, variant);
}

export function journalPath({ hidden, name }: Project, kind: RunKind): string {
  return join(hidden, "journal", `${name}.${kind}.jsonl`);
}

/** The emulator's tasks and clips of rehearsals. */
export function emulatorPath({ hidden, name }: Project): string {
  return join(hidden, "emulator", name);
}

export function runLockPath({ hidden, name }: Project, kind: RunKind): string {
  return join(hidden, "runs", `${name}.${kind}.lock`);
}

export function rendersRecordPath({ hidden, name }: Project, kind: RunKind, variant: string): string {
  return join(hidden, "renders", `${name}.${kind}.${variant}.json`);
}

export type FoundProject =
  | { readonly kind: "found"; readonly project: Project }
  | { readonly kind: "not-found"; readonly diagnostics: readonly Diagnostic[] };

/** The named file, or the one storyboard of the folder. */
export function findProject(file: string | undefined, cwd: string): FoundProject {
  if (file !== undefined) {
    const path = resolve(cwd, file);
    if (!existsSync(path)) return notFound(`there is no file ${file}`, nearFile(path));
    if (!statSync(path).isDirectory()) return found(path);
    return onlyStoryboard(path, file);
  }
  return onlyStoryboard(cwd, "this folder");
}

/** As a person knows it: relative where that is shorter than going up and down. */
export function shownPath(path: string, cwd: string): string {
  const shown = relative(cwd, path);
  return (shown === "" ? "." : shown.startsWith(`..${sep}..`) ? path : shown).split(sep).join("/");
}

/** Links are followed: a link inside the project may lead out of it. */
export function isInside(path: string, root: string): boolean {
  const within = (one: string, base: string): boolean =>
    one === base || one.startsWith(base.endsWith(sep) ? base : base + sep);
  try {
    return within(realpathSync(path), realpathSync(root));
  } catch {
    return within(path, root);
  }
}

function onlyStoryboard(folder: string, shown: string): FoundProject {
  const names = readdirSync(folder).filter((name) => /\.ya?ml$/i.test(name) && !name.startsWith("."));
  const preferred = names.find((name) => /^storyboard\.ya?ml$/i.test(name));
  const only = preferred ?? (names.length === 1 ? names[0] : undefined);
  if (only !== undefined) return found(join(folder, only));
  return names.length === 0
    ? notFound(`there is no storyboard in ${shown}`, "name a file, or write one with `storyc init`")
    : notFound(
        `there are ${names.length} YAML files in ${shown}`,
        `name the one that is meant: ${names.slice(0, 5).join(", ")}`,
      );
}

function nearFile(path: string): string {
  const folder = dirname(path);
  const siblings = statSync(folder, { throwIfNoEntry: false })?.isDirectory() ? readdirSync(folder) : [];
  const [near] = nearNames(basename(path), siblings);
  return near ? `did you mean ${near}?` : "check the path, or write a storyboard with `storyc init`";
}

function found(storyboard: string): FoundProject {
  const folder = dirname(storyboard);
  const name = basename(storyboard).replace(/\.ya?ml$/i, "");
  return {
    kind: "found",
    project: { storyboard, folder, root: rootOf(folder), name, hidden: join(folder, ".storyc") },
  };
}

function notFound(message: string, help: string): FoundProject {
  return { kind: "not-found", diagnostics: [diagnose("file/unreadable", undefined, message, { help })] };
}

/** The git checkout that a folder lies in, or the folder itself. */
export function rootOf(folder: string): string {
  for (let at = folder; ; at = dirname(at)) {
    if (existsSync(join(at, ".git"))) return at;
    if (at === dirname(at)) return folder;
  }
}
