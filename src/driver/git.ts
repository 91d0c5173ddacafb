import { spawnSync } from "node:child_process";

/** How git ended. */
export interface GitAnswer {
  /** 127 where there is no git. */
  readonly exit: number;
  readonly bytes: Buffer;
  readonly text: string;
  /** What it said on stderr, on one line. */
  readonly complaint: string;
}

/** Lockfiles are far smaller, but a history may have many of them. */
const MOST_BYTES = 1 << 30;

/** Runs git in a folder. Its words are not those of the person's language, so that they can be read. */
export function git(
  folder: string,
  args: readonly string[],
  input?: string,
  env: Readonly<Record<string, string>> = {},
): GitAnswer {
  const { status, stdout, stderr, error } = spawnSync("git", args, {
    cwd: folder,
    env: { ...process.env, LC_ALL: "C", GIT_OPTIONAL_LOCKS: "0", ...env },
    maxBuffer: MOST_BYTES,
    ...(input !== undefined && { input }),
  });
  const complaint =
    error?.message ??
    stderr
      .toString("utf8")
      .trim()
      .replaceAll(/\s*\n\s*/g, "; ");
  const bytes = stdout ?? Buffer.alloc(0);
  return { exit: status ?? 127, bytes, text: bytes.toString("utf8"), complaint };
}

/** The three versions of a file that a merge could not join, as git keeps them; undefined where it has none. */
export function unmergedVersions(
  folder: string,
  name: string,
): { readonly base?: string; readonly ours?: string; readonly theirs?: string } | undefined {
  const listed = git(folder, ["ls-files", "-u", "-z", "--", `:(literal)${name}`]);
  if (listed.exit !== 0 || listed.text === "") return undefined;
  const blobs = new Map(
    listed.text
      .split("\0")
      .filter((line) => line !== "")
      .map((line): [string, string] => {
        const [, blob = "", stage = ""] = (line.split("\t")[0] ?? "").split(" ");
        return [stage, blob];
      }),
  );
  const version = (stage: string): string | undefined => {
    const blob = blobs.get(stage);
    const read = blob === undefined ? undefined : git(folder, ["cat-file", "blob", blob]);
    if (read && read.exit !== 0) throw new Error(`git cannot read ${name}: ${read.complaint}`);
    return read?.text;
  };
  const [base, ours, theirs] = [version("1"), version("2"), version("3")];
  return {
    ...(base !== undefined && { base }),
    ...(ours !== undefined && { ours }),
    ...(theirs !== undefined && { theirs }),
  };
}
