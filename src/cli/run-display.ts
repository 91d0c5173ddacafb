import type { ListrTaskWrapper, ListrRenderer } from "listr2";
import type { Plan } from "../driver/plan.ts";
import type { RunEvent } from "../execute/events.ts";
import { eventText } from "./event-text.ts";
import type { Terminal } from "./terminal.ts";

/** Shows a run: a live list on a terminal, plain lines without one, nothing with `--json`. */
export interface RunDisplay {
  begin(films: readonly Plan[]): void;
  show(event: RunEvent): void;
  end(): Promise<void>;
}

export function openRunDisplay(terminal: Terminal): RunDisplay {
  if (terminal.isJson) return { begin: () => undefined, show: () => undefined, end: () => Promise.resolve() };
  return terminal.isLive ? new LiveList() : plainLines(terminal);
}

function plainLines(terminal: Terminal): RunDisplay {
  const last = new Map<string, string>();
  return {
    begin: () => undefined,
    show: (event) => {
      // A log keeps every line, so a task's progress is told once and not at every look.
      const text = event.type === "scene-running" ? `task ${event.task}` : eventText(event);
      if (last.get(event.scene) === text) return;
      last.set(event.scene, text);
      terminal.err(`${event.scene}: ${text}`);
    },
    end: () => Promise.resolve(),
  };
}

type SceneTask = ListrTaskWrapper<unknown, typeof ListrRenderer, typeof ListrRenderer>;

interface SceneRow {
  readonly since: number;
  readonly ended: Promise<void>;
  readonly end: (problem?: Error) => void;
  task: SceneTask | undefined;
}

/** listr2 draws the run; it does not own it: each of its tasks waits for the event that ends its scene. */
class LiveList implements RunDisplay {
  readonly #rows = new Map<string, SceneRow>();
  #list: Promise<unknown> | undefined;

  begin(films: readonly Plan[]): void {
    const scenes = films.flatMap((film) => film.scenes.filter(({ action }) => action !== "reuse"));
    for (const { scene } of scenes) this.#rows.set(scene.id, createRow());
  }

  show(event: RunEvent): void {
    const row = this.#rows.get(event.scene);
    if (!row) return;
    // Not before: a person may still be asked, and say no.
    this.#list ??= this.#draw([...this.#rows.keys()]);
    if (row.task) row.task.title = `${event.scene}  ${eventText(event)}  ${age(row.since)}`;
    if (event.type !== "scene-ended") return;
    const isGood = event.result.kind === "done" || event.result.kind === "reused";
    row.end(isGood ? undefined : new Error(eventText(event)));
  }

  async end(): Promise<void> {
    for (const row of this.#rows.values()) row.end();
    await this.#list;
  }

  async #draw(ids: readonly string[]): Promise<unknown> {
    const { Listr } = await import("listr2");
    const tasks = ids.map((id) => ({
      title: id,
      task: (_: unknown, task: SceneTask): Promise<void> | undefined => {
        const row = this.#rows.get(id);
        if (row) row.task = task;
        return row?.ended;
      },
    }));
    const options = { concurrent: true, exitOnError: false, registerSignalListeners: false } as const;
    return new Listr(tasks as never, options).run();
  }
}

function createRow(): SceneRow {
  let end: SceneRow["end"] = () => undefined;
  const ended = new Promise<void>((resolve, reject) => {
    end = (problem) => (problem ? reject(problem) : resolve());
  });
  // Rejected before listr2 listens, it must not end the process.
  ended.catch(() => undefined);
  return { since: Date.now(), ended, end, task: undefined };
}

function age(since: number): string {
  return `${Math.round((Date.now() - since) / 1000)} s`;
}
