// A storyboard in a real git checkout, rendered at a service that is the paid one as far as storyc knows.
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect } from "vitest";
import { plan, type PlanOptions } from "../../src/driver/plan.ts";
import { render } from "../../src/driver/render.ts";
import type { RenderOptions } from "../../src/driver/rendering.ts";
import { reasonText } from "../../src/plan/reasons.ts";
import { checkLockShape } from "../../src/syntax/lock-schema.ts";
import { Checkout, GIT_ENV } from "../support/checkout.ts";
import { startProgram } from "../support/program.ts";

const PROGRAM = fileURLToPath(new URL("../../dist/main.js", import.meta.url));

export interface GitEnded {
  readonly exit: number | null;
  readonly text: string;
}

export interface Shot {
  readonly id: string;
  readonly prompt: string;
  /** Further lines of the scene, such as `extend: dawn`. */
  readonly more?: readonly string[];
}

/** A scene has several lines, and an empty one after it, as people write them. */
export function storyboard(...shots: readonly Shot[]): string {
  const head = `version: 1\ndefaults: { resolution: 480p, ratio: "16:9", duration: 4 }\n\nscenes:\n`;
  const scenes = shots.map(({ id, prompt, more = [] }) =>
    [
      `  - id: ${id}`,
      `    title: Scene ${id}`,
      ...more.map((line) => `    ${line}`),
      `    prompt: ${prompt}`,
      "",
    ].join("\n"),
  );
  return head + scenes.join("\n");
}

export class GitProject extends Checkout {
  readonly service: string;

  constructor(service: string, folder?: string) {
    super(folder);
    this.service = service;
  }

  /** A checkout with one commit: that of the storyboard. */
  static begin(service: string, text: string): GitProject {
    const project = new GitProject(service);
    project.git("init", "-q", "-b", "main");
    project.write(".gitignore", ".storyc/\nrenders/\n*.rehearsal.lock.json\n");
    project.write("film.yaml", text);
    project.commit("the storyboard");
    return project;
  }

  /** For what may fail. */
  tryGit(...args: readonly string[]): GitEnded {
    const { status, stdout, stderr } = spawnSync("git", args, {
      cwd: this.folder,
      env: GIT_ENV,
      encoding: "utf8",
    });
    return { exit: status, text: stdout + stderr };
  }

  override clone(): GitProject {
    const folder = mkdtempSync(join(tmpdir(), "storyc-git-"));
    this.git("clone", "-q", this.folder, folder);
    return new GitProject(this.service, folder);
  }

  read(name: string): string {
    return readFileSync(join(this.folder, name), "utf8");
  }

  /** Changes the storyboard as an editor does. */
  edit(from: string, to: string, name = "film.yaml"): void {
    const text = this.read(name);
    expect(text).toContain(from);
    this.write(name, text.replace(from, to));
  }

  /** The scenes for which a request was sent, and how each ended. */
  async render(more: RenderOptions = {}): Promise<{ sent: string[]; states: Record<string, string> }> {
    const sent: string[] = [];
    const result = await render({
      ...this.#options(),
      yes: true,
      pollFirst: 0.01,
      pollEvery: 0.01,
      onEvent: (event) => {
        if (event.type === "scene-sending") sent.push(event.scene);
      },
      ...more,
    });
    if (result.kind !== "ran") throw new Error(JSON.stringify(result));
    const states = result.films.flatMap(({ scenes }) =>
      [...scenes].map(([id, end]) => [id, end.kind] as const),
    );
    return { sent, states: Object.fromEntries(states) };
  }

  /** Each scene as `id: action: reasons`; what stands in the way as `code: message`. */
  async plan(more: PlanOptions = {}): Promise<string[]> {
    const { films, diagnostics } = await plan({ ...this.#options(), ...more });
    const told = diagnostics.map(({ code, message }) => `${code}: ${message}`);
    return [
      ...told,
      ...films.flatMap(({ scenes }) =>
        scenes.map(
          ({ scene, action, reasons }) => `${scene.id}: ${action}: ${reasons.map(reasonText).join("; ")}`,
        ),
      ),
    ];
  }

  /** The program as it is installed. */
  storyc(...args: readonly string[]): ReturnType<typeof startProgram>["ended"] {
    return this.start(...args).ended;
  }

  start(...args: readonly string[]): ReturnType<typeof startProgram> {
    const env = { ...GIT_ENV, ANYFAST_BASE_URL: this.service, ANYFAST_API_KEY: "x" };
    return startProgram(args, this.folder, env);
  }

  /** Takes in the lockfile: `dawn#1 done`, the selected one of the film with a `*`. */
  takes(name = "film.lock.json"): string[] {
    const lock = JSON.parse(this.read(name)) as WrittenLock;
    expect(checkLockShape(lock)).toEqual([]);
    return Object.entries(lock.scenes).flatMap(([id, { selected, takes }]) =>
      takes.map(({ take, state }) => `${id}#${take} ${state}${selected["main"] === take ? " *" : ""}`),
    );
  }

  #options(): PlanOptions {
    const environment = { ANYFAST_BASE_URL: this.service, ANYFAST_API_KEY: "x" };
    return { cwd: this.folder, provider: "anyfast", environment };
  }
}

interface WrittenLock {
  readonly scenes: Record<
    string,
    { selected: Record<string, number>; takes: readonly { take: number; state: string }[] }
  >;
}

/** How git calls the program: as it is built here. */
export const DRIVER_PROGRAM: readonly string[] = [process.execPath, PROGRAM];
