import type { Digest } from "../base/digest.ts";
import { git, type GitAnswer } from "./git.ts";

/** What the lockfiles of a checkout name, whatever branch, tag, stash or undone commit they stand in. */
export type GitReach =
  | { readonly kind: "read"; readonly digests: ReadonlySet<Digest>; readonly versions: number }
  /** The folder is in no checkout. */
  | { readonly kind: "no-checkout" }
  /** There is a checkout that git cannot read: nobody knows what it needs. */
  | { readonly kind: "unreadable"; readonly complaint: string };

/** Wherever they lie: a folder may have been moved since. */
const LOCKFILES = ":(top,glob)**/*.lock.json";
/** A lockfile of ten thousand scenes has some 20 MB. */
const BLOBS_AT_ONCE = 16;
const FILE = /^:?\d{6} (10|12)\d{4} [0-9a-f]+ ([0-9a-f]+) /;
const NO_BLOB = /^0+$/;

/** `isExpected`: a `.git` stands above the folder, so that a git which finds none is broken. */
export function gitReach(folder: string, isExpected: boolean): GitReach {
  const inside = git(folder, ["rev-parse", "--is-inside-work-tree"]);
  if (inside.exit !== 0 && !isExpected) return { kind: "no-checkout" };
  try {
    sure(inside);
    const blobs = [...new Set([...committedBlobs(folder), ...indexedBlobs(folder)])];
    const digests = new Set<Digest>();
    for (let at = 0; at < blobs.length; at += BLOBS_AT_ONCE) {
      const text = readBlobs(folder, blobs.slice(at, at + BLOBS_AT_ONCE));
      for (const digest of digestsIn(text)) digests.add(digest);
    }
    return { kind: "read", digests, versions: blobs.length };
  } catch (error) {
    if (error instanceof GitFailure) return { kind: "unreadable", complaint: error.message };
    throw error;
  }
}

/**
 * All digests that a text holds. Read so, and not as a lockfile, nothing is missed that stands in a damaged one, in
 * one with conflict marks, or in that of a newer storyc.
 */
export function digestsIn(text: string): Digest[] {
  return text.match(/(?<![0-9a-f])[0-9a-f]{64}(?![0-9a-f])/g) ?? [];
}

/** Of every commit that a branch, tag, stash or reflog leads to; merges are held against each of their parents. */
function committedBlobs(folder: string): string[] {
  const commits = sure(
    git(folder, ["rev-list", "--all", "--reflog", "--full-history", "--", LOCKFILES]),
  ).text;
  const changes = ["diff-tree", "--stdin", "-r", "-m", "--root", "--no-commit-id", "--raw", "--no-abbrev"];
  return blobsOf(sure(git(folder, [...changes, "--no-renames", "--", LOCKFILES], commits)).text);
}

function blobsOf(raw: string): string[] {
  return raw.split("\n").flatMap((line) => {
    const blob = FILE.exec(line)?.[2];
    return blob === undefined || NO_BLOB.test(blob) ? [] : [blob];
  });
}

/** What is added and not committed yet, the sides of a conflict included. */
function indexedBlobs(folder: string): string[] {
  const listed = sure(git(folder, ["ls-files", "-s", "-z", "--", LOCKFILES])).text;
  return listed.split("\0").flatMap((entry) => entry.split(" ")[1] ?? []);
}

function readBlobs(folder: string, blobs: readonly string[]): string {
  const { text } = sure(git(folder, ["cat-file", "--batch"], blobs.map((blob) => `${blob}\n`).join("")));
  const lost = /^([0-9a-f]+) missing$/m.exec(text)?.[1];
  if (lost !== undefined) throw new GitFailure(`the version ${lost} of a lockfile is missing`);
  return text;
}

class GitFailure extends Error {}

function sure(answer: GitAnswer): GitAnswer {
  if (answer.exit !== 0) throw new GitFailure(answer.complaint || `it ended with ${answer.exit}`);
  return answer;
}
