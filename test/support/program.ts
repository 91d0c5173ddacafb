import { spawn, type ChildProcess } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect } from "vitest";
import { checkLockShape } from "../../src/syntax/lock-schema.ts";

/** The program as it is installed; `npm test` builds it first. */
const PROGRAM = fileURLToPath(new URL("../../dist/main.js", import.meta.url));

interface Ended {
  readonly exit: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

interface Running {
  readonly child: ChildProcess;
  readonly ended: Promise<Ended>;
  /** What has come on stdout so far. */
  stdout(): string;
  stderr(): string;
}

/** Without a terminal, a key or a setting of whoever runs the tests. */
export function startProgram(
  args: readonly string[],
  cwd: string,
  env: Record<string, string> = {},
): Running {
  const { PATH = "", HOME = "" } = process.env;
  const child = spawn(process.execPath, [PROGRAM, ...args], {
    cwd,
    env: { PATH, HOME, NO_COLOR: "1", XDG_CONFIG_HOME: join(cwd, "no-settings"), ...env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let stdout = "";
  let stderr = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => (stdout += text));
  child.stderr.setEncoding("utf8").on("data", (text: string) => (stderr += text));
  const ended = new Promise<Ended>((resolve) => {
    child.on("close", (exit, signal) => resolve({ exit, signal, stdout, stderr }));
  });
  return { child, ended, stdout: () => stdout, stderr: () => stderr };
}

export function runProgram(
  args: readonly string[],
  cwd: string,
  env: Record<string, string> = {},
): Promise<Ended> {
  return startProgram(args, cwd, env).ended;
}

/** Looks until it is true, as often as the disk and the loop allow. */
export async function until<T>(
  what: () => T | undefined | false | Promise<T | undefined | false>,
  within = 30_000,
): Promise<T> {
  for (const end = Date.now() + within; Date.now() < end;) {
    const found = await what();
    if (found !== undefined && found !== false) return found;
    await new Promise((resolve) => setTimeout(resolve, 2));
  }
  throw new Error(`nothing came within ${within} ms`);
}

/** A folder with one storyboard, rendered at a service that is the paid one as far as the program knows. */
export class TestProject {
  readonly folder = mkdtempSync(join(tmpdir(), "storyc-run-"));
  readonly service: string;

  constructor(service: string) {
    this.service = service;
  }

  write(storyboard: string): void {
    writeFileSync(join(this.folder, "film.yaml"), storyboard);
  }

  start(...more: string[]): Running {
    const args = ["render", "--provider", "anyfast", "--yes", "--poll-first", "0.05", "--poll-every", "0.05"];
    const env = { ANYFAST_BASE_URL: this.service, ANYFAST_API_KEY: "x" };
    return startProgram([...args, "--json", ...more], this.folder, env);
  }

  /** Any other command, with `--json`. */
  run(...args: string[]): Promise<Ended> {
    const env = { ANYFAST_BASE_URL: this.service, ANYFAST_API_KEY: "x" };
    return runProgram([...args, "--json"], this.folder, env);
  }

  /** Any command as a person types it. */
  command(...args: string[]): Promise<Ended> {
    const env = { ANYFAST_BASE_URL: this.service, ANYFAST_API_KEY: "secret-key", STORYC_PROVIDER: "anyfast" };
    return runProgram(args, this.folder, env);
  }

  async render(...more: string[]): Promise<Rendered> {
    const rendered = readRendered(await this.start(...more).ended);
    if (this.lockText !== "") expect(checkLockShape(JSON.parse(this.lockText))).toEqual([]);
    return rendered;
  }

  get lockText(): string {
    return this.read("film.lock.json") ?? "";
  }

  /** States of all takes: `dawn` 1 done is `dawn#1 done`. */
  get takes(): string[] {
    const { scenes } = JSON.parse(this.lockText || '{"scenes":{}}') as {
      scenes: Record<string, { takes: { take: number; state: string }[] }>;
    };
    return Object.entries(scenes).flatMap(([id, { takes }]) =>
      takes.map(({ take, state }) => `${id}#${take} ${state}`),
    );
  }

  /** What happened to which scene, in the journal of a run that goes on or was killed. */
  journal(): string[] {
    const text = this.read(".storyc/journal/film.paid.jsonl") ?? "";
    const lines = text.split("\n").slice(0, -1);
    return lines.map((line) => {
      const { kind, scene, seen } = JSON.parse(line) as {
        kind: string;
        scene: string;
        seen?: { kind: string };
      };
      return `${scene} ${seen?.kind ?? kind}`;
    });
  }

  read(name: string): string | undefined {
    try {
      return readFileSync(join(this.folder, name), "utf8");
    } catch (error) {
      // Asked first, it could be gone by now: a run that is watched removes its journal.
      if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
      throw error;
    }
  }

  /** Every file, with its size. */
  files(): string[] {
    return readdirSync(this.folder, { recursive: true, encoding: "utf8" })
      .map((name) => ({ name, stat: statSync(join(this.folder, name)) }))
      .map(({ name, stat }) => (stat.isDirectory() ? `${name}/` : `${name} ${stat.size}`))
      .sort();
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}

export interface Rendered extends Ended {
  /** The state of each scene. */
  readonly scenes: Readonly<Record<string, string>>;
  /** Scenes for which a request was sent, in order. */
  readonly sent: readonly string[];
  readonly film: { readonly state: string; readonly path?: string; readonly seconds?: number };
}

interface Line {
  readonly type: string;
  readonly scene?: string;
  readonly scenes?: Record<string, { state: string }>;
  readonly film?: Rendered["film"];
}

export function readRendered(ended: Ended): Rendered {
  const lines = ended.stdout.split("\n").filter((line) => line !== "");
  const events = lines.map((line) => JSON.parse(line) as Line);
  const result = events.at(-1);
  return {
    ...ended,
    scenes: Object.fromEntries(Object.entries(result?.scenes ?? {}).map(([id, { state }]) => [id, state])),
    sent: events.flatMap(({ type, scene }) =>
      type === "scene-sending" && scene !== undefined ? [scene] : [],
    ),
    film: result?.film ?? { state: "none" },
  };
}

interface Stats {
  readonly created: number;
  readonly doubles: number;
  readonly faults: Readonly<Record<string, number>>;
  readonly polls: number;
  readonly maxInFlight: number;
  readonly requests: Readonly<Record<string, number>>;
  readonly billed: { readonly tasks: number; readonly tokens: number };
  /** Tasks by their state. */
  readonly tasks: Readonly<Record<string, number>>;
  /** How often a take was created: `dawn`, and from its second take on `dawn#2`. */
  readonly labels: Readonly<Record<string, number>>;
}

export async function statsOf(url: string): Promise<Stats> {
  const stats = (await (await fetch(`${url}/__stats`)).json()) as Stats;
  const labels = Object.entries(stats.labels).map(([label, count]) => [decodeURIComponent(label), count]);
  return { ...stats, labels: Object.fromEntries(labels) as Stats["labels"] };
}

/** The program's own emulator in a process of its own; `faults` is the text of a file. */
export async function startEmulatorProgram(
  args: readonly string[] = [],
  faults?: string,
): Promise<{ url: string; close(): Promise<void> }> {
  const folder = mkdtempSync(join(tmpdir(), "storyc-service-"));
  const more = faults === undefined ? args : [...args, "--faults", "faults.yaml"];
  if (faults !== undefined) writeFileSync(join(folder, "faults.yaml"), faults);
  const running = startProgram(["emulator", "--strict", "--folder", folder, ...more], folder);
  const url = await until(() => /^http:\S+$/m.exec(running.stdout())?.[0]);
  return {
    url,
    close: async () => {
      running.child.kill("SIGTERM");
      await running.ended;
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
