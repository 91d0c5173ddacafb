import { basename, join } from "node:path";
import { readText, writeWhole } from "../store/files.ts";
import { git, type GitAnswer } from "./git.ts";
import { thisMachine, type Machine } from "./machine.ts";
import { lockPath, type Project } from "./project.ts";

/** What has been done so that git merges a lockfile by itself. */
export type Installed =
  | {
      readonly kind: "installed";
      /** `.gitattributes` beside the storyboard; to be committed. */
      readonly attributes: { readonly path: string; readonly line: string; readonly isNew: boolean };
      /** Of this clone alone. */
      readonly driver: { readonly command: string; readonly isNew: boolean };
    }
  | { readonly kind: "no-checkout"; readonly complaint: string };

const NAME = "merge.storyc.name";
const DRIVER = "merge.storyc.driver";

/** `program` is how this program is called: the path of node, and that of its main file. */
export function installMergeDriver(
  project: Project,
  program: readonly string[],
  { files }: Pick<Machine, "files"> = thisMachine,
): Installed {
  const inside = git(project.folder, ["rev-parse", "--is-inside-work-tree"]);
  if (inside.exit !== 0 || inside.text.trim() !== "true")
    return { kind: "no-checkout", complaint: inside.complaint };
  const name = basename(lockPath(project, "paid"));
  const path = join(project.folder, ".gitattributes");
  const line = `${attributePattern(name)} merge=storyc`;
  // Asked of git itself: another file, or a wider pattern, may say the same.
  const isKnown = git(project.folder, ["check-attr", "merge", "--", name]).text.trim().endsWith(" storyc");
  if (!isKnown) {
    const before = readText(files, path) ?? "";
    const gap = before === "" || before.endsWith("\n") ? "" : "\n";
    writeWhole(files, path, `${before}${gap}${line}\n`);
  }
  const command = `${program.map(shellWord).join(" ")} lock merge %O %A %B %P`;
  const isSet = git(project.folder, ["config", "--get", DRIVER]).text.trim() === command;
  if (!isSet) {
    sure(git(project.folder, ["config", NAME, "storyc lockfile: keeps the takes of both sides"]));
    sure(git(project.folder, ["config", DRIVER, command]));
  }
  return {
    kind: "installed",
    attributes: { path, line, isNew: !isKnown },
    driver: { command, isNew: !isSet },
  };
}

function sure({ exit, complaint }: GitAnswer): void {
  if (exit !== 0) throw new Error(`git would not take the setting: ${complaint}`);
}

/** This file and no other: a name may hold what has a meaning in patterns. */
function attributePattern(name: string): string {
  const pattern = `/${name.replaceAll(/[\\*?[\]]/g, "\\$&")}`;
  return /[\s"]/.test(pattern) ? JSON.stringify(pattern) : pattern;
}

/** For the shell that git calls, on Windows too; a `%` is a sign of git's. */
function shellWord(word: string): string {
  return `'${word.replaceAll("\\", "/").replaceAll("'", "'\\''").replaceAll("%", "%%")}'`;
}
