import { isFinished, type Task } from "../task.ts";

export type Fields = Record<string, unknown>;

/** What one look at a task shows, whatever shape it is answered in. */
export interface TaskView {
  readonly task: Task;
  /** Milliseconds since 1970. */
  readonly now: number;
  /** Where the clip is, once the task has succeeded; absent while the link is not there yet. */
  readonly url?: string;
  /** Milliseconds that a task is expected to take, for its progress. */
  readonly expected: number;
  /** Which look at this task it is, from 1; and which since its end, 0 before. */
  readonly look: number;
  readonly lookSinceEnd: number;
}

/** Whole percent; guessed from the time, as the service's own numbers seem to be. */
export function progressOf({ task, now, expected }: TaskView): number {
  if (isFinished(task)) return 100;
  if (task.state.kind !== "running") return 0;
  return Math.min(95, 5 + Math.round((90 * (now - task.state.since)) / Math.max(1, expected)));
}

export function seconds(milliseconds: number): number {
  return Math.floor(milliseconds / 1000);
}

/** Why a task has no clip, where it has ended without one. */
export function failureOf({ state }: Task): { readonly code: string; readonly message: string } | undefined {
  switch (state.kind) {
    case "failed":
      return { code: state.code, message: state.message };
    case "cancelled":
      return { code: "Cancelled", message: "the task was cancelled" };
    case "expired":
      return { code: "Expired", message: "the task expired before it ended" };
    default:
      return undefined;
  }
}

export function tokensOf({ state }: Task): number | undefined {
  return state.kind === "succeeded" ? state.clip.tokens : undefined;
}
