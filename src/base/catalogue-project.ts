import { error, type CatalogueEntry } from "./catalogue-entry.ts";

/** Codes about the files beside a storyboard, and the storyboard as a file. */
export const PROJECT_CODES = {
  "file/unreadable": error(
    "The storyboard, or a file of prices that was named, cannot be read.",
    "There is nothing to work on, or to count with.",
    "Check the path.",
  ),
  "lock/unreadable": error(
    "The lockfile is damaged.",
    "Without it storyc could pay again for what exists.",
    "Mend the marked place, or bring the file back from git.",
  ),
  "lock/conflict": error(
    "The lockfile holds the marks of a merge conflict.",
    "Each side knows takes that are paid, and the other does not.",
    "`storyc lock merge` keeps the takes of both sides; `storyc lock install-merge-driver` lets git do so by itself.",
  ),
  "lock/left-behind": error(
    "A lockfile without its storyboard, which knows scenes of another one that has no lockfile.",
    "Was the storyboard renamed, everything would be paid for once more.",
    "Rename the lockfile as well, or remove it.",
  ),
  "journal/unreadable": error(
    "The journal of a run that was killed cannot be read.",
    "The line may be about a task that is paid.",
    "Use the storyc that wrote it; or remove the damaged line, after a look at the provider's console.",
  ),
  "lock/newer": error(
    "The lockfile was written by a newer storyc.",
    "What this one does not understand it would lose.",
    "Use a newer storyc.",
  ),
} as const satisfies Record<string, CatalogueEntry>;
