// A copy of the fixtures as a project of its own: the limits of a checkout do not count in it.
import { copyFileSync, cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, truncateSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { DiagnosticCode } from "../../src/base/catalogue.ts";
import type { Diagnostic } from "../../src/base/diagnostic.ts";
import { check } from "../../src/driver/check.ts";

/** What a fixture's `expect.json` says beside the place of its finding. */
interface Conditions {
  /** The profile that is asked for. */
  readonly profile?: string;
  /** Pictures of so many bytes: too large to be kept in a repository, so they are made of a small one. */
  readonly pictures?: Readonly<Record<string, number>>;
}

export interface Expectation {
  readonly conditions: Conditions;
  /** The members that the diagnostic's JSON must have. */
  readonly finding: object;
}

export function folderOf(code: DiagnosticCode): string {
  return code.replace("/", "-");
}

export class FixtureProject {
  readonly folder: string;
  readonly #outside: string;

  constructor(fixtures: string) {
    this.#outside = mkdtempSync(join(tmpdir(), "storyc-fixtures-"));
    this.folder = join(this.#outside, "project");
    cpSync(fixtures, this.folder, { recursive: true });
    mkdirSync(join(this.folder, ".git"));
  }

  expectation(code: DiagnosticCode): Expectation {
    const path = join(this.folder, folderOf(code), "expect.json");
    const { profile, pictures, ...finding } = JSON.parse(readFileSync(path, "utf8")) as Conditions;
    return {
      conditions: { ...(profile !== undefined && { profile }), ...(pictures && { pictures }) },
      finding,
    };
  }

  /** What storyc tells of one of the two files of a code. */
  async told(code: DiagnosticCode, name: "bad.yaml" | "good.yaml"): Promise<readonly Diagnostic[]> {
    const { profile, pictures = {} } = this.expectation(code).conditions;
    const folder = join(this.folder, folderOf(code));
    for (const [picture, bytes] of Object.entries(pictures)) {
      copyFileSync(join(this.folder, "media/face.png"), join(folder, picture));
      truncateSync(join(folder, picture), bytes);
    }
    return this.tellOf(join(folder, name), profile);
  }

  async tellOf(file: string, profile?: string): Promise<readonly Diagnostic[]> {
    return (await check({ file, cwd: this.folder, profile })).diagnostics;
  }

  /** A text of storyc without the place of this copy, which is another one each time. */
  anywhere(text: string): string {
    return text.replaceAll(this.folder, "/home/you/film").replaceAll(this.#outside, "/home/you");
  }

  remove(): void {
    rmSync(this.#outside, { recursive: true });
  }
}
