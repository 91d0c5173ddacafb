import { megabytes } from "../../base/limits.ts";
import { collectGarbage, type Collected } from "../../driver/gc.ts";
import type { Garbage } from "../../driver/garbage.ts";
import { shownPath } from "../../driver/project.ts";
import type { CommandRun } from "../command.ts";
import { EXIT, UsageError } from "../exit.ts";
import { closeJson } from "../report.ts";

/** Like `git clean`: it tells first, and removes only when it is told to. */
export const gc: CommandRun = ({ args, flags }, terminal) => {
  const { yes, force, forgetUnlocked, rehearsals } = flags;
  const remove = yes ?? force;
  const result = collectGarbage({ file: args[0], remove, forgetUnlocked, rehearsals });
  switch (result.kind) {
    case "no-folder":
      throw new UsageError(`there is no folder ${args[0] ?? result.path}`);
    case "busy": {
      const { pid, host, since } = result.holder;
      throw new Error(`a run of ${result.name} goes on: process ${pid} on ${host}, since ${since}`);
    }
    case "git-unreadable":
      throw new Error(`git cannot tell what its commits need, so nothing was removed: ${result.complaint}`);
    case "collected":
      terminal.out(collectedText(result));
      closeJson(terminal, "gc", EXIT.done, collectedJson(result));
      return Promise.resolve(EXIT.done);
  }
};

const WHAT: Readonly<Record<Garbage["kind"], readonly [one: string, many: string]>> = {
  record: [
    "take that is remembered, but stands in no lockfile",
    "takes that are remembered, but stand in no lockfile",
  ],
  clip: ["clip that nothing names", "clips that nothing names"],
  still: ["still of a clip that is gone", "stills of clips that are gone"],
  half: ["file that a killed run left half written", "files that killed runs left half written"],
  emulator: ["file of a killed rehearsal", "files of killed rehearsals"],
};

function collectedText(collected: Collected): string {
  const { folder, garbage, rehearsedTakes, removed } = collected;
  const lines = (Object.keys(WHAT) as Garbage["kind"][]).flatMap((kind) => {
    const files = garbage.filter((file) => file.kind === kind);
    const [one, many] = WHAT[kind];
    return files.length === 0
      ? []
      : [
          `  ${String(files.length).padStart(5)} ${(files.length === 1 ? one : many).padEnd(52)} ${megabytes(sum(files)).padStart(10)}`,
        ];
  });
  if (rehearsedTakes > 0)
    lines.unshift(`  ${String(rehearsedTakes).padStart(5)} rehearsed takes that no film uses`);
  const where = `${shownPath(folder, process.cwd())}/.storyc`.replace(/^\.\//, "");
  const head =
    garbage.length + rehearsedTakes === 0 ? `Everything in ${where} is needed.` : `Not needed in ${where}:`;
  const amount = `${garbage.length === 1 ? "1 file" : `${garbage.length} files`}, ${megabytes(sum(garbage))}`;
  const end = removed ? `Removed: ${amount}.` : `Nothing was removed; \`storyc gc --yes\` removes ${amount}.`;
  return [
    head,
    ...lines,
    ...keptLines(collected),
    ...(garbage.length + rehearsedTakes > 0 ? [end] : []),
  ].join("\n");
}

function keptLines({ kept, onlyRemembered, versions, garbage }: Collected): string[] {
  const git =
    versions === undefined
      ? "this is no git checkout: only the lockfiles that lie here count"
      : `${versions} ${versions === 1 ? "version" : "versions"} of lockfiles in git, and those that lie here`;
  const lines = [`Kept: ${count(kept.length, "clip")}, ${megabytes(sum(kept))} (${git}).`];
  if (onlyRemembered.length > 0)
    lines.push(
      `Of these, ${count(onlyRemembered.length, "clip")} (${megabytes(sum(onlyRemembered))}) only the record of all takes names; --forget-unlocked removes them.`,
    );
  const linked = garbage.filter(({ kind, links }) => kind === "clip" && links > 1);
  if (linked.length > 0)
    lines.push(
      `${count(linked.length, "clip")} of what is removed also lie under renders/, and take room until they are removed there.`,
    );
  return lines;
}

function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? "" : "s"}`;
}

function sum(files: readonly { readonly bytes: number }[]): number {
  return files.reduce((total, { bytes }) => total + bytes, 0);
}

function collectedJson(collected: Collected): Record<string, unknown> {
  const { removed, garbage, kept, onlyRemembered, versions, rehearsedTakes } = collected;
  const amount = (files: readonly { readonly bytes: number }[]): object => ({
    files: files.length,
    bytes: sum(files),
  });
  return {
    removed,
    garbage: garbage.map(({ kind, path, bytes }) => ({ kind, path, bytes })),
    total: amount(garbage),
    kept: amount(kept),
    onlyRemembered: amount(onlyRemembered),
    rehearsedTakes,
    lockfileVersions: versions ?? null,
  };
}
