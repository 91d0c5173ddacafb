import { git } from "./git.ts";
import type { Environment } from "./options.ts";

export type FoundCommit =
  | {
      readonly kind: "commit";
      /** In full. */
      readonly commit: string;
      /** What people call it: `origin/main`. */
      readonly name: string;
    }
  /** `reason`: part of a sentence. */
  | { readonly kind: "none"; readonly reason: string };

/**
 * The commit that a change is compared with: where its branch has left `ref`, or without one the branch that changes
 * are merged into. What has come on that branch since is not the change's doing.
 */
export function findBase(folder: string, ref: string | undefined, environment: Environment): FoundCommit {
  const noGit = whyNoGit(folder);
  if (noGit !== undefined) return { kind: "none", reason: noGit };
  const names = ref === undefined ? usualBases(environment) : [ref];
  const name = names.find((one) => isCommit(folder, one));
  if (name === undefined) {
    const what = names.length === 1 ? `\`${names[0]}\` is not` : `none of ${names.join(", ")} is`;
    return { kind: "none", reason: `${what} in this clone${shallowHint(folder)}` };
  }
  const common = git(folder, ["merge-base", "HEAD", name]);
  if (common.exit === 0) return { kind: "commit", commit: common.text.trim(), name: shownName(folder, name) };
  const reason = `HEAD and \`${name}\` have no commit in common here${shallowHint(folder)}`;
  return { kind: "none", reason };
}

function whyNoGit(folder: string): string | undefined {
  const inside = git(folder, ["rev-parse", "--is-inside-work-tree"]);
  if (inside.exit === 0) return undefined;
  if (inside.exit === 127) return "there is no git on this machine";
  return /not a git repository/.test(inside.complaint)
    ? "there is no git checkout here"
    : `git says: ${inside.complaint}`;
}

/** As the systems name it that run checks on changes; where they name none, as git does. */
function usualBases({ GITHUB_BASE_REF, CI_MERGE_REQUEST_DIFF_BASE_SHA }: Environment): string[] {
  if (GITHUB_BASE_REF) return [`origin/${GITHUB_BASE_REF}`];
  if (CI_MERGE_REQUEST_DIFF_BASE_SHA) return [CI_MERGE_REQUEST_DIFF_BASE_SHA];
  return ["origin/HEAD", "origin/main", "origin/master", "main", "master"];
}

function isCommit(folder: string, name: string): boolean {
  // A name that begins with a dash would be an option.
  if (name.startsWith("-")) return false;
  return git(folder, ["rev-parse", "--verify", "--quiet", `${name}^{commit}`]).exit === 0;
}

/** `origin/HEAD` is a name for another one. */
function shownName(folder: string, name: string): string {
  if (name !== "origin/HEAD") return name;
  const { exit, text } = git(folder, ["rev-parse", "--abbrev-ref", name]);
  return exit === 0 ? text.trim() : name;
}

function shallowHint(folder: string): string {
  const isShallow = git(folder, ["rev-parse", "--is-shallow-repository"]).text.trim() === "true";
  return isShallow ? "; it is a shallow clone, fetch the whole history (`fetch-depth: 0`)" : "";
}
