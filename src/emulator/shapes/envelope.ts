import type { TaskState } from "../task.ts";
import { arkTask } from "./flat.ts";
import { failureOf, progressOf, seconds, type Fields, type TaskView } from "./view.ts";

/** The gateway's envelope, with the object of the model's maker inside of it. */
export function envelope(view: TaskView): Fields {
  const waits = view.task.state.kind === "queued";
  return wrapped(view, waits && view.look === 1 ? "NOT_START" : WORDS[view.task.state.kind], {
    result_url: view.url ?? "",
    fail_reason: failureOf(view.task)?.message ?? "",
    data: arkTask(view),
  });
}

/**
 * The envelope of the family from which most gateways descend. It knows of no task at the first look, has words
 * of its own, puts the reason of a failure where the link would be, once more as JSON beside it, and shows a task
 * that was cancelled or has expired as one that runs for ever.
 */
export function newApi(view: TaskView): Fields {
  if (view.look === 1) return { code: "success", message: "", data: null };
  const { state } = view.task;
  const failure = failureOf(view.task);
  const isLost = state.kind === "cancelled" || state.kind === "expired";
  const isFailure = failure && !isLost;
  return wrapped(view, isLost ? "IN_PROGRESS" : newApiWord(view), {
    result_url: isFailure ? failure.message : (view.url ?? ""),
    fail_reason: isFailure ? JSON.stringify({ error: failure }) : "",
    ...(isLost && { progress: "50%" }),
    data: isLost ? null : usage(view),
  });
}

/** As rows that were written by old versions still read: the link stands where the reason of a failure would. */
export function newApiOld(view: TaskView): Fields {
  const { state } = view.task;
  return wrapped(view, WORDS[state.kind], {
    fail_reason: view.url ?? failureOf(view.task)?.message ?? "",
    data: usage(view),
  });
}

/** One gateway behind another. The outer one learns of the end a look later, and knows the task by its own id. */
export function nested(view: TaskView): Fields {
  const { task } = view;
  const inner = envelope({ ...view, task: { ...task, id: `up-${task.id}` } });
  const lags = view.lookSinceEnd === 1;
  return wrapped(view, lags ? "IN_PROGRESS" : WORDS[task.state.kind], {
    ...(lags && { progress: "50%" }),
    result_url: lags ? "" : (view.url ?? ""),
    fail_reason: lags ? "" : (failureOf(task)?.message ?? ""),
    data: inner,
  });
}

const WORDS: Readonly<Record<TaskState["kind"], string>> = {
  queued: "QUEUED",
  running: "IN_PROGRESS",
  succeeded: "SUCCESS",
  failed: "FAILURE",
  cancelled: "FAILURE",
  expired: "FAILURE",
};

function newApiWord({ task, look }: TaskView): string {
  if (look === 3 && !("at" in task.state)) return "UNKNOWN";
  return task.state.kind === "queued" ? "SUBMITTED" : WORDS[task.state.kind];
}

function usage(view: TaskView): Fields {
  const { usage: tokens, error } = arkTask(view);
  return { ...(tokens !== undefined && { usage: tokens }), ...(error !== undefined && { error }) };
}

function wrapped(view: TaskView, status: string, more: Fields): Fields {
  const { task } = view;
  const { state } = task;
  return {
    code: "success",
    message: "",
    data: {
      task_id: task.id,
      status,
      progress: `${progressOf(view)}%`,
      submit_time: seconds(task.createdAt),
      start_time: state.kind === "running" ? seconds(state.since) : 0,
      finish_time: "at" in state ? seconds(state.at) : 0,
      ...more,
    },
  };
}
