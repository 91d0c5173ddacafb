import { nearestRatio } from "../base/sizes.ts";
import { tokensOf } from "../seedance/price.ts";
import type { ClipRenderer, RenderedClip } from "./renderer.ts";
import type { TaskBook } from "./task-book.ts";
import { fateOf, type Task, type TaskState } from "./task.ts";

interface RenderQueueOptions {
  readonly book: TaskBook;
  readonly renderer: ClipRenderer;
  /** Clips at once. */
  readonly width: number;
  /** Milliseconds that a task takes at least. */
  readonly atLeast: number;
}

/** Carries tasks from `queued` to their end, the oldest first. */
export class RenderQueue {
  private readonly options: RenderQueueOptions;
  private readonly waiting: Task[] = [];
  private readonly timers = new Set<NodeJS.Timeout>();
  private busy = 0;
  private closed = false;

  constructor(options: RenderQueueOptions) {
    this.options = options;
  }

  add(task: Task): void {
    const queued = fateOf(task, "queued");
    const rest = queued ? task.createdAt + queued.seconds * 1000 - Date.now() : 0;
    if (rest > 0) return this.later(rest, () => this.enter(task));
    this.enter(task);
  }

  private enter(task: Task): void {
    // Cancelled while it was held back.
    if (this.options.book.isFinished(task.id)) return;
    if (fateOf(task, "hang")) return this.options.book.start(task.id);
    this.waiting.push(task);
    this.pump();
  }

  /** False when it is being drawn already, or has never waited. */
  withdraw(id: string): boolean {
    const at = this.waiting.findIndex((task) => task.id === id);
    if (at !== -1) this.waiting.splice(at, 1);
    return at !== -1;
  }

  async close(): Promise<void> {
    this.closed = true;
    for (const timer of this.timers) clearTimeout(timer);
    await this.options.renderer.close();
    await this.options.book.files.close();
  }

  private pump(): void {
    while (!this.closed && this.busy < this.options.width) {
      const task = this.waiting.shift();
      if (!task) return;
      this.busy++;
      this.options.book.start(task.id);
      const made = this.make(task).catch((error: Error) => failure("InternalServiceError", error.message));
      void made.then((state) => {
        this.busy--;
        this.settle(task, state);
        this.pump();
      });
    }
  }

  private async make(task: Task): Promise<TaskState> {
    const fail = fateOf(task, "fail");
    if (fail) return failure(fail.code, fail.message);
    if (fateOf(task, "expire")) return { kind: "expired", at: Date.now() };
    const { files } = this.options.book;
    const deliver = fateOf(task, "deliver")?.deliver;
    const outcome = await this.options.renderer.render({
      body: files.body(task.id),
      label: task.label,
      clips: files.clips,
      assets: files.assets,
      output: files.unfinishedClip(task.id),
      ...(deliver && { deliver }),
    });
    if (outcome.kind === "failed") return failure("InternalServiceError", outcome.message);
    await files.keepClip(task.id);
    const { width, height, frames } = outcome.clip;
    const tokens = billedTokens({ ...task, ...deliver }, outcome.clip);
    return { kind: "succeeded", at: Date.now(), clip: { width, height, frames, tokens } };
  }

  /** Ends the task, but not before its time. What a close interrupts stays unfinished, for the next start. */
  private settle(task: Task, state: TaskState): void {
    if (this.closed) return;
    const atLeast = Math.max(this.options.atLeast, (fateOf(task, "slow")?.seconds ?? 0) * 1000);
    this.later(task.createdAt + atLeast - Date.now(), () => {
      const now = Date.now();
      // A disk that is full or gone: the task stays unfinished, as it is on that disk.
      this.options.book.finish(task.id, "at" in state ? { ...state, at: now } : state).catch(() => undefined);
    });
  }

  private later(milliseconds: number, act: () => void): void {
    const timer = setTimeout(
      () => {
        this.timers.delete(timer);
        act();
      },
      Math.max(0, milliseconds),
    );
    this.timers.add(timer);
  }
}

function failure(code: string, message: string): TaskState {
  return { kind: "failed", at: Date.now(), code, message };
}

function billedTokens({ resolution, duration: seconds }: Task, clip: RenderedClip): number {
  const ratio = nearestRatio(clip.width, clip.height);
  return tokensOf({ resolution, ratio, seconds, inputVideoSeconds: clip.inputVideoSeconds }).tokens;
}
