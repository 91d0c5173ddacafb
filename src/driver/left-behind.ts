import { basename, join } from "node:path";
import { diagnose, type Diagnostic } from "../base/diagnostic.ts";
import { createSource } from "../base/source.ts";
import { parseLock } from "../plan/lock-read.ts";
import { readText, type Files } from "../store/files.ts";
import { parseJournal } from "../store/journal.ts";
import { journalPath, lockPath, shownPath, type Project, type RunKind } from "./project.ts";

const LOCK = /^(?!.*\.rehearsal\.lock\.json$)(.*)\.lock\.json$/;

/** Whether a file of the folder belongs to a storyboard that is there no more: it was renamed, or removed. */
function isLeft(names: readonly string[], name: string): boolean {
  return !names.some((file) => file.replace(/\.ya?ml$/i, "") === name && /\.ya?ml$/i.test(file));
}

/**
 * A lockfile that stayed behind when its storyboard was renamed. Without it everything would be paid for once more,
 * so it is told where it knows takes of the scenes that this storyboard has, and this one has no lockfile yet.
 */
export function diagnoseLeftLock(
  project: Project,
  scenes: readonly string[],
  cwd: string,
  files: Files,
): Diagnostic | undefined {
  const own = lockPath(project, "paid");
  if (files.existsSync(own)) return undefined;
  const names = files.readdirSync(project.folder).map(String);
  for (const name of names) {
    const storyboard = LOCK.exec(name)?.[1];
    if (storyboard === undefined || !isLeft(names, storyboard)) continue;
    const path = join(project.folder, name);
    const text = readText(files, path) ?? "";
    const { lock } = parseLock(name, path, text);
    const known = scenes.filter((id) => lock.scenes.get(id)?.takes.some(({ state }) => state === "done"));
    if (known.length === 0) continue;
    const [shown, wanted] = [path, own].map((one) => shownPath(one, cwd));
    const source = createSource(shown ?? name, path, text);
    const count = known.length === 1 ? "a scene" : `${known.length} scenes`;
    const message = `${shown} knows ${count} of this storyboard, which has no lockfile; its own storyboard is gone`;
    const help = `if the storyboard was renamed: \`git mv ${shown} ${wanted}\`; else remove ${shown}`;
    return diagnose("lock/left-behind", { source, start: 0, end: Math.min(1, text.length) }, message, {
      help,
    });
  }
  return undefined;
}

/**
 * The journal of this storyboard; where it has none, one that a killed run has left under the name that the
 * storyboard had before: both storyboard and lockfile of that name are gone, and all its scenes are known here.
 */
export function currentJournal(
  project: Project,
  kind: RunKind,
  files: Files,
  isKnown: (scene: string) => boolean,
): string {
  const own = journalPath(project, kind);
  const folder = join(own, "..");
  if (files.existsSync(own) || !files.existsSync(folder)) return own;
  const names = files.readdirSync(project.folder).map(String);
  const ending = `.${kind}.jsonl`;
  const left = files
    .readdirSync(folder)
    .map(String)
    .filter((name) => name.endsWith(ending) && isLeft(names, basename(name, ending)))
    .filter((name) => !names.includes(basename(lockPath({ ...project, name: basename(name, ending) }, kind))))
    .find((name) => scenesOf(readText(files, join(folder, name)) ?? "").every(isKnown));
  return left === undefined ? own : join(folder, left);
}

function scenesOf(journal: string): string[] {
  return parseJournal(journal).flatMap(({ value }) => {
    const { scene } = (value ?? {}) as { scene?: unknown };
    return typeof scene === "string" ? [scene] : [];
  });
}
