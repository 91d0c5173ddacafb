// A real git checkout in a temporary folder.
import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";

export class Checkout {
  readonly folder: string;

  constructor(folder = mkdtempSync(join(tmpdir(), "storyc-git-"))) {
    this.folder = folder;
  }

  static init(): Checkout {
    const project = new Checkout();
    project.git("init", "-q", "-b", "main");
    return project;
  }

  /** A clone of this one, as a machine that checks changes has it. */
  clone(...options: readonly string[]): Checkout {
    const folder = mkdtempSync(join(tmpdir(), "storyc-clone-"));
    this.git("clone", "-q", ...options, `file://${this.folder}`, folder);
    return new Checkout(folder);
  }

  put(name: string, content: string | Uint8Array): void {
    mkdirSync(dirname(join(this.folder, name)), { recursive: true });
    writeFileSync(join(this.folder, name), content);
  }

  commit(files: Readonly<Record<string, string | Uint8Array>> = {}): string {
    for (const [name, content] of Object.entries(files)) this.put(name, content);
    this.git("add", "-A");
    this.git("-c", "user.name=A", "-c", "user.email=a@b.example", "commit", "-q", "--allow-empty", "-m", "x");
    return this.git("rev-parse", "HEAD").trim();
  }

  git(...args: readonly string[]): string {
    const env = { PATH: process.env["PATH"] ?? "", HOME: this.folder, GIT_CONFIG_NOSYSTEM: "1" };
    return execFileSync("git", args, {
      cwd: this.folder,
      encoding: "utf8",
      env,
      stdio: ["ignore", "pipe", "pipe"],
    });
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}
