import {
  constants,
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, posix, relative, resolve, sep } from "node:path";
import { digestOf, type Digest } from "../base/digest.ts";
import { mediaPathsOf } from "./check.ts";
import { git, type GitAnswer } from "./git.ts";
import { readLfsPointer } from "./lfs-pointer.ts";
import type { Project } from "./project.ts";

/** Links are resolved here, and Git LFS would fetch from the network. */
const PLAIN_FILES = [
  "core.symlinks=false",
  "filter.lfs.smudge=",
  "filter.lfs.process=",
  "filter.lfs.required=false",
];
const LINK = "120000";
const MOST_LINKS = 20;
/** Two pictures cost the same, two videos do not: only for these the one that is here must not stand in. */
const VIDEO = /\.(mp4|mov)$/i;

/**
 * The files of a storyboard as they were at a commit, in a temporary folder that looks like the checkout. The
 * checkout itself, its index and its worktrees are not touched, so that nothing is left behind in it by a kill.
 * Paths are relative to the root of the checkout, with `/`, as git has them.
 */
export class BaseFiles {
  /** Stands for the root of the checkout. */
  readonly root: string;
  /** By absolute path: media of which only the digest is known, and in whose place the file of today lies. */
  readonly digests = new Map<string, Digest>();
  /** Media whose bytes of that commit are not on this machine. */
  readonly missing: string[] = [];
  readonly #checkout: string;
  readonly #index: string;
  /** Modes by path. */
  readonly #known: ReadonlyMap<string, string>;

  /** Throws with git's words when the commit cannot be read. */
  constructor(checkout: string, commit: string) {
    this.#checkout = checkout;
    const folder = mkdtempSync(join(tmpdir(), "storyc-base-"));
    this.root = join(folder, "checkout");
    this.#index = join(folder, "index");
    // What is looked for to find the root of a project.
    mkdirSync(join(this.root, ".git"), { recursive: true });
    try {
      this.#git(["read-tree", commit]);
      this.#known = new Map(this.#git(["ls-files", "-s", "-z"]).text.split("\0").map(modeAndPath));
    } catch (error) {
      this.close();
      throw error;
    }
  }

  /** Undefined where the commit has no such storyboard. */
  storyboard({ storyboard, name, folder }: Project): string | undefined {
    const path = this.#pathOf(storyboard);
    if (!this.#known.has(path)) return undefined;
    const texts = [...this.#known.keys()].filter((one) => /\.ya?ml$/i.test(one));
    this.#export([...texts, this.#pathOf(join(folder, `${name}.lock.json`))]);
    const exported = join(this.root, path);
    const media = mediaPathsOf(exported).map((one) => relative(this.root, one).split(sep).join("/"));
    this.#exportMedia(media.filter((one) => !one.startsWith("../")));
    return exported;
  }

  close(): void {
    rmSync(dirname(this.root), { recursive: true, force: true });
  }

  /** A medium that git does not keep is taken from here: it has one state only. */
  #exportMedia(paths: readonly string[]): void {
    if (paths.length === 0) return;
    this.#export(paths);
    const today = new Set(git(this.#checkout, ["ls-files", "-z"]).text.split("\0"));
    for (const path of paths) {
      if (!existsSync(join(this.root, path)) && !today.has(path))
        this.#copy(join(this.#checkout, path), path);
      const pointer = readLfsPointer(join(this.root, path));
      if (pointer) this.#exportLarge(path, pointer.digest);
    }
  }

  /** Of a file that Git LFS keeps, in git there is its digest alone. */
  #exportLarge(path: string, digest: Digest): void {
    const common = git(this.#checkout, ["rev-parse", "--git-common-dir"]).text.trim();
    const kept = join("lfs", "objects", digest.slice(0, 2), digest.slice(2, 4), digest);
    const here = join(this.#checkout, path);
    if (this.#copy(resolve(this.#checkout, common, kept), path)) return;
    const isUsable = existsSync(here) && !readLfsPointer(here);
    if (!isUsable || (VIDEO.test(path) && digestOf(readFileSync(here)) !== digest)) this.missing.push(path);
    else if (this.#copy(here, path)) this.digests.set(join(this.root, path), digest);
  }

  /** Files of the commit; where one is a link, or lies below one, what the link leads to. */
  #export(paths: readonly string[]): void {
    const real = new Map(paths.map((path) => [path, this.#follow(path)]));
    const known = [...new Set(real.values())].filter((path) => this.#known.has(path));
    if (known.length > 0)
      this.#git(["checkout-index", "-z", "--stdin", `--prefix=${this.root}/`], known.join("\0") + "\0");
    for (const [path, from] of real) {
      if (path === from) continue;
      if (!this.#copy(join(this.root, from), path)) this.#copy(join(this.#checkout, from), path);
    }
  }

  #follow(path: string): string {
    let at = path;
    for (let links = 0; links < MOST_LINKS; links++) {
      const parts = at.split("/");
      const length = parts.findIndex((_, i) => this.#known.get(parts.slice(0, i + 1).join("/")) === LINK) + 1;
      if (length === 0) return at;
      const link = parts.slice(0, length).join("/");
      const target = this.#git(["cat-file", "blob", `:${link}`]).text;
      const to = posix.join(posix.dirname(link), target, ...parts.slice(length));
      if (target.startsWith("/") || to.startsWith("../")) return path;
      at = to;
    }
    return path;
  }

  /** False where there is no such file. */
  #copy(from: string, path: string): boolean {
    if (!statSync(from, { throwIfNoEntry: false })?.isFile()) return false;
    const to = join(this.root, path);
    mkdirSync(dirname(to), { recursive: true });
    copyFileSync(from, to, constants.COPYFILE_FICLONE);
    return true;
  }

  #pathOf(path: string): string {
    return relative(this.#checkout, path).split(sep).join("/");
  }

  #git(args: readonly string[], input?: string): GitAnswer {
    const settings = PLAIN_FILES.flatMap((setting) => ["-c", setting]);
    const answer = git(this.#checkout, [...settings, ...args], input, { GIT_INDEX_FILE: this.#index });
    if (answer.exit !== 0) throw new Error(answer.complaint || `git ${args[0]} failed`);
    return answer;
  }
}

/** A line of `ls-files -s`. */
function modeAndPath(line: string): [string, string] {
  const tab = line.indexOf("\t");
  return [line.slice(tab + 1), line.slice(0, 6)];
}
