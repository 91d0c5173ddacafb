import { mkdirSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { readdir, readFile, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { syncFolder, writeDurably } from "./durable.ts";
import { isTaskId, type Task } from "./task.ts";

/**
 * Tasks on disk. A task that has not finished lies in `pending/`, so that a start reads these only, however
 * many have been made before; its body, which may hold whole pictures, lies apart from it.
 */
export class TaskFiles {
  private readonly folder: string;
  private readonly work: string;

  constructor(folder: string) {
    this.folder = folder;
    for (const part of ["pending", "finished", "bodies", "clips", "work"])
      mkdirSync(join(folder, part), { recursive: true });
    removeAbandoned(join(folder, "work"));
    this.work = mkdtempSync(join(folder, "work", `${process.pid}-`));
  }

  /** Folder of the asset library. */
  get assets(): string {
    return join(this.folder, "assets");
  }

  get clips(): string {
    return join(this.folder, "clips");
  }

  clip(id: string): string {
    return join(this.clips, `${id}.mp4`);
  }

  /** Where a clip is made; `keepClip` gives it its place when it is whole. */
  unfinishedClip(id: string): string {
    return join(this.work, `${id}.mp4`);
  }

  async keepClip(id: string): Promise<void> {
    await rename(this.unfinishedClip(id), this.clip(id));
  }

  async close(): Promise<void> {
    await rm(this.work, { recursive: true, force: true });
  }

  body(id: string): string {
    return join(this.folder, "bodies", `${id}.json`);
  }

  /** Returns when the task would survive a crash of the machine. The body goes first: a task needs it. */
  async create(task: Task, body: string): Promise<void> {
    await writeDurably(this.body(task.id), body);
    await writeDurably(this.record("pending", task.id), JSON.stringify(task, null, 2));
    await syncFolder(join(this.folder, "pending"));
  }

  async finish(task: Task): Promise<void> {
    await writeDurably(this.record("finished", task.id), JSON.stringify(task, null, 2));
    await rm(this.record("pending", task.id), { force: true });
  }

  async remove(id: string): Promise<void> {
    for (const part of ["pending", "finished"] as const) await rm(this.record(part, id), { force: true });
    await rm(this.body(id), { force: true });
    await rm(this.clip(id), { force: true });
  }

  async read(id: string): Promise<Task | undefined> {
    return (await readRecord(this.record("finished", id))) ?? readRecord(this.record("pending", id));
  }

  /** Oldest first. */
  async list(part: "pending" | "finished"): Promise<Task[]> {
    const names = (await readdir(join(this.folder, part))).sort();
    const ids = names.filter((name) => name.endsWith(".json")).map((name) => name.slice(0, -".json".length));
    const tasks: Task[] = [];
    for (const id of ids.filter(isTaskId)) {
      const task = await readRecord(this.record(part, id));
      if (task) tasks.push(task);
    }
    return tasks;
  }

  private record(part: "pending" | "finished", id: string): string {
    return join(this.folder, part, `${id}.json`);
  }
}

/** What killed processes left half-made; another that lives may be at work beside this one. */
function removeAbandoned(work: string): void {
  for (const name of readdirSync(work)) {
    if (!isAlive(Number.parseInt(name, 10))) rmSync(join(work, name), { recursive: true, force: true });
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}

async function readRecord(path: string): Promise<Task | undefined> {
  try {
    // Records of earlier versions know neither prompt nor fate.
    const record = JSON.parse(await readFile(path, "utf8")) as Task;
    return { ...record, prompt: record.prompt ?? "", fate: record.fate ?? [] };
  } catch {
    // Gone, or a file that is not ours: both mean that no such task is known.
    return undefined;
  }
}
