import type { GenerationRequest } from "./request.ts";
import { shotKindOf } from "./shot-kind.ts";
import { isFinished, isTaskId, newTaskId, type Task, type TaskState } from "./task.ts";
import type { TaskFiles } from "./task-files.ts";

/** All tasks of a folder, in memory as far as this process has touched them. */
export class TaskBook {
  readonly files: TaskFiles;
  private readonly tasks = new Map<string, Task>();
  private unfinished = 0;
  /** The most tasks that were unfinished at one time. */
  maxInFlight = 0;

  private constructor(files: TaskFiles) {
    this.files = files;
  }

  static async open(files: TaskFiles): Promise<TaskBook> {
    const book = new TaskBook(files);
    for (const task of await files.list("pending")) book.put({ ...task, state: { kind: "queued" } });
    return book;
  }

  get inFlight(): number {
    return this.unfinished;
  }

  /** The tasks that this process has touched, oldest first. */
  known(): Task[] {
    return [...this.tasks.values()];
  }

  /** Records a task; it is safe on disk when this resolves. */
  async create(request: GenerationRequest, label: string, body: string, fate: Task["fate"]): Promise<Task> {
    const createdAt = Date.now();
    const task: Task = {
      id: await this.freeId(createdAt),
      createdAt,
      model: request.model,
      label,
      prompt: request.prompt,
      shot: shotKindOf(request),
      resolution: request.resolution,
      ratio: request.ratio,
      duration: request.duration,
      generateAudio: request.generateAudio,
      fate,
      state: { kind: "queued" },
    };
    // In the book first: a second create in the same millisecond must not draw the same id.
    this.put(task);
    try {
      await this.files.create(task, body);
    } catch (error) {
      this.drop(task.id);
      throw error;
    }
    return task;
  }

  /** Another process may have made the task on the same folder, so the disk is asked as well. */
  async find(id: string): Promise<Task | undefined> {
    const known = this.tasks.get(id);
    if (known || !isTaskId(id)) return known;
    const task = await this.files.read(id);
    if (task && isFinished(task)) this.put(task);
    return task;
  }

  /** All tasks of the folder, newest first. */
  async list(): Promise<Task[]> {
    const found = new Map((await this.files.list("finished")).map((task) => [task.id, task]));
    for (const task of this.tasks.values()) found.set(task.id, task);
    return [...found.values()].sort((a, b) => b.createdAt - a.createdAt || (a.id < b.id ? 1 : -1));
  }

  /** False for one that this process has not touched. */
  isFinished(id: string): boolean {
    const task = this.tasks.get(id);
    return task !== undefined && isFinished(task);
  }

  start(id: string): void {
    const task = this.tasks.get(id);
    if (task) this.put({ ...task, state: { kind: "running", since: Date.now() } });
  }

  async finish(id: string, state: TaskState): Promise<void> {
    const task = this.tasks.get(id);
    if (!task || isFinished(task)) return;
    const finished = { ...task, state };
    await this.files.finish(finished);
    this.put(finished);
  }

  async remove(id: string): Promise<void> {
    this.drop(id);
    await this.files.remove(id);
  }

  private drop(id: string): void {
    const task = this.tasks.get(id);
    if (task && !isFinished(task)) this.unfinished--;
    this.tasks.delete(id);
  }

  private put(task: Task): void {
    const before = this.tasks.get(task.id);
    if (before && !isFinished(before)) this.unfinished--;
    if (!isFinished(task)) this.unfinished++;
    this.tasks.set(task.id, task);
    this.maxInFlight = Math.max(this.maxInFlight, this.unfinished);
  }

  private async freeId(now: number): Promise<string> {
    for (;;) {
      const id = newTaskId(now);
      if (!(await this.find(id))) return id;
    }
  }
}
