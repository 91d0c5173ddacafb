// A project in a temporary folder, and what storyc tells of the files that a test puts there.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "vitest";
import { diagnosticJson } from "../../src/cli/diagnostic-json.ts";
import { diagnosticText } from "../../src/cli/diagnostic-text.ts";
import { check, type CheckOptions } from "../../src/driver/check.ts";

/** Of the processor: what other programs take of it meanwhile is none of ours. A hang ends at the test's own limit. */
const MOST_MS = 5000;

export const SCENES = "scenes:\n  - { id: dawn, prompt: At dawn. }\n";

export class TemporaryProject {
  /** Beside the project: what lies here is outside of it. */
  readonly outside = mkdtempSync(join(tmpdir(), "storyc-hostile-"));
  readonly folder = join(this.outside, "film");

  constructor() {
    mkdirSync(join(this.folder, ".git"), { recursive: true });
  }

  put(name: string, content: string | Uint8Array): string {
    const path = join(this.folder, name);
    mkdirSync(join(path, ".."), { recursive: true });
    writeFileSync(path, content);
    return path;
  }

  /** The codes that are told of a storyboard with this content. */
  async codes(content: string | Uint8Array, name = "storyboard.yaml"): Promise<string[]> {
    return this.codesOf({ file: this.put(name, content) });
  }

  /** Each code once, after every finding has been shown in both ways, all within the time that is allowed. */
  async codesOf(options: CheckOptions): Promise<string[]> {
    const start = process.cpuUsage();
    const { diagnostics, films } = await check({ cwd: this.folder, ...options });
    for (const one of diagnostics.slice(0, 100)) {
      JSON.stringify(diagnosticJson(one));
      diagnosticText(one, { columns: 80, style: (_, text) => text });
      const length = one.span?.source.text.length ?? 0;
      const [from, to] = [one.span?.start ?? 0, one.span?.end ?? 0];
      expect([from >= 0, from <= to, to <= length], one.message).toEqual([true, true, true]);
    }
    const { user, system } = process.cpuUsage(start);
    expect((user + system) / 1000).toBeLessThan(MOST_MS);
    expect(films.length > 0).toBe(diagnostics.every(({ severity }) => severity !== "error"));
    return [...new Set(diagnostics.map(({ code }) => code))];
  }

  remove(): void {
    rmSync(this.outside, { recursive: true, force: true });
  }
}
