import { isFinished, type Task } from "./task.ts";

/** How often each task was looked at, since some answers depend on it. */
export class Looks {
  private readonly counts = new Map<string, { look: number; lookSinceEnd: number }>();

  /** Counts one look. */
  at(task: Task): { readonly look: number; readonly lookSinceEnd: number } {
    const before = this.counts.get(task.id) ?? { look: 0, lookSinceEnd: 0 };
    const now = {
      look: before.look + 1,
      lookSinceEnd: before.lookSinceEnd + (isFinished(task) ? 1 : 0),
    };
    this.counts.set(task.id, now);
    return now;
  }
}
