// A real git checkout in a temporary folder.
import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";

/** Nothing of the person who runs the tests. */
export const GIT_ENV = {
  PATH: process.env["PATH"] ?? "",
  HOME: tmpdir(),
  GIT_CONFIG_NOSYSTEM: "1",
  GIT_CONFIG_GLOBAL: "/dev/null",
  GIT_AUTHOR_NAME: "Ada",
  GIT_AUTHOR_EMAIL: "ada@example.com",
  GIT_COMMITTER_NAME: "Ada",
  GIT_COMMITTER_EMAIL: "ada@example.com",
  GIT_EDITOR: "true",
};

export class Checkout {
  readonly folder: string;

  constructor(folder = mkdtempSync(join(tmpdir(), "storyc-git-"))) {
    this.folder = folder;
  }

  static init(): Checkout {
    const checkout = new Checkout();
    checkout.git("init", "-q", "-b", "main");
    return checkout;
  }

  /** A clone of this one, as a machine that checks changes has it. */
  clone(...options: readonly string[]): Checkout {
    const folder = mkdtempSync(join(tmpdir(), "storyc-clone-"));
    this.git("clone", "-q", ...options, `file://${this.folder}`, folder);
    return new Checkout(folder);
  }

  write(name: string, content: string | Uint8Array): void {
    mkdirSync(dirname(join(this.folder, name)), { recursive: true });
    writeFileSync(join(this.folder, name), content);
  }

  /** All that there is, with these files; gives the commit. */
  commit(message: string, files: Readonly<Record<string, string | Uint8Array>> = {}): string {
    for (const [name, content] of Object.entries(files)) this.write(name, content);
    this.git("add", "-A");
    this.git("commit", "-q", "--allow-empty", "-m", message);
    return this.git("rev-parse", "HEAD").trim();
  }

  git(...args: readonly string[]): string {
    return execFileSync("git", args, {
      cwd: this.folder,
      env: GIT_ENV,
      encoding: "utf8",
      stdio: ["ignore", "pipe", "pipe"],
    });
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}
