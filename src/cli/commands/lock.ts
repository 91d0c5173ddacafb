import { existsSync, realpathSync } from "node:fs";
import { resolve } from "node:path";
import { installMergeDriver } from "../../driver/merge-driver.ts";
import { findProject, lockPath, shownPath, type Project, type RunKind } from "../../driver/project.ts";
import { driveMerge, settleLock } from "../../driver/settle-lock.ts";
import { mergeNoteText, type MergeNote } from "../../plan/merge-notes.ts";
import type { CommandRun } from "../command.ts";
import { EXIT, UsageError, type Exit } from "../exit.ts";
import { closeJson, printDiagnostics } from "../report.ts";
import type { Terminal } from "../terminal.ts";

/** With three files git's merge driver; else it settles the conflict in a storyboard's lockfile. */
export const lockMerge: CommandRun = ({ command, args, flags }, terminal) => {
  const [first, ours, theirs, name] = args;
  if (first !== undefined && ours !== undefined) {
    if (theirs === undefined) throw new UsageError("a merge takes three files: BASE OURS THEIRS");
    return Promise.resolve(drive(command, { base: first, ours, theirs, name: name ?? ours }, terminal));
  }
  return Promise.resolve(settle(command, first, flags.rehearsal ? "rehearsal" : "paid", terminal));
};

function drive(command: string, files: Parameters<typeof driveMerge>[1], terminal: Terminal): Exit {
  const driven = driveMerge(process.cwd(), files);
  if (driven.kind === "merged") {
    if (driven.notes.length > 0) terminal.err([`${files.name}:`, ...noteLines(driven.notes)].join("\n"));
    closeJson(terminal, command, EXIT.done, { notes: driven.notes });
    return EXIT.done;
  }
  printDiagnostics(terminal, driven.diagnostics);
  const exit = driven.isClean ? EXIT.done : EXIT.invalid;
  closeJson(terminal, command, exit, { notes: [] }, driven.diagnostics);
  return exit;
}

function settle(command: string, file: string | undefined, kind: RunKind, terminal: Terminal): Exit {
  const cwd = process.cwd();
  const settled = settleLock(projectOf(file, cwd, kind), kind, cwd);
  switch (settled.kind) {
    case "busy": {
      const { pid, host, since } = settled.holder;
      throw new Error(`a run holds this storyboard: process ${pid} on ${host}, since ${since}`);
    }
    case "unreadable":
      printDiagnostics(terminal, settled.diagnostics);
      closeJson(terminal, command, EXIT.invalid, { notes: [] }, settled.diagnostics);
      return EXIT.invalid;
    case "nothing":
      terminal.out(`${shownPath(settled.path, cwd)}: there is no conflict.`);
      closeJson(terminal, command, EXIT.done, { notes: [] });
      return EXIT.done;
    case "merged": {
      const shown = shownPath(settled.path, cwd);
      const lines = [`${shown}: settled; the takes of both sides are in it.`, ...noteLines(settled.notes)];
      terminal.out([...lines, `Now: git add ${shown}`].join("\n"));
      closeJson(terminal, command, EXIT.done, { notes: settled.notes });
      return EXIT.done;
    }
  }
}

/** A person who has a conflict in a lockfile names that as well as the storyboard. */
function projectOf(file: string | undefined, cwd: string, kind: RunKind): Project {
  const ending = kind === "paid" ? /\.lock\.json$/ : /\.rehearsal\.lock\.json$/;
  const storyboards = file !== undefined && ending.test(file) ? [".yaml", ".yml"] : [];
  const named = storyboards.map((yaml) => file?.replace(ending, yaml) ?? "");
  const found = findProject(named.find((path) => existsSync(resolve(cwd, path))) ?? file, cwd);
  if (found.kind === "found") return found.project;
  throw new UsageError(found.diagnostics.map(({ message, help }) => `${message}; ${help}`).join());
}

function noteLines(notes: readonly MergeNote[]): string[] {
  return notes.map((note) => `  ${mergeNoteText(note)}`);
}

/** Tells git to merge this storyboard's lockfile with storyc. */
export const installDriver: CommandRun = ({ command, args }, terminal) => {
  const cwd = process.cwd();
  const project = projectOf(args[0], cwd, "paid");
  const program = [process.execPath, realpathSync(process.argv[1] ?? "")];
  const installed = installMergeDriver(project, program);
  if (installed.kind === "no-checkout")
    throw new UsageError(
      `${shownPath(project.folder, cwd)} is not in a git checkout: ${installed.complaint}`,
    );
  const { attributes, driver } = installed;
  const path = shownPath(attributes.path, cwd);
  const lock = shownPath(lockPath(project, "paid"), cwd);
  terminal.out(
    [
      attributes.isNew ? `wrote ${path}: ${attributes.line}` : `${lock} has \`merge=storyc\` already`,
      driver.isNew
        ? `set merge.storyc.driver in this clone: ${driver.command}`
        : "merge.storyc.driver is set already",
      "",
      `git now merges ${lock} by itself, and keeps the takes of both sides.`,
      `Commit ${path}; in every other clone run this command once: git takes no programs from a repository.`,
    ].join("\n"),
  );
  closeJson(terminal, command, EXIT.done, {
    attributes: { path: attributes.path, line: attributes.line, written: attributes.isNew },
    driver: { command: driver.command, written: driver.isNew },
  });
  return Promise.resolve(EXIT.done);
};
