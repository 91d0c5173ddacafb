import { FRAMES_PER_SECOND } from "../../base/limits.ts";
import type { TaskState } from "../task.ts";
import { failureOf, progressOf, seconds, tokensOf, type Fields, type TaskView } from "./view.ts";

type Words = Readonly<Record<TaskState["kind"], string>>;

/** A task as the maker of the model answers it; gateways pass it on inside of their own objects. */
export function arkTask(view: TaskView): Fields {
  const { task, url, now } = view;
  const { state } = task;
  const tokens = tokensOf(task);
  return {
    id: task.id,
    model: task.model,
    status: state.kind,
    created_at: seconds(task.createdAt),
    updated_at: seconds("at" in state ? state.at : now),
    resolution: task.resolution,
    ratio: task.ratio,
    duration: task.duration,
    framespersecond: FRAMES_PER_SECOND,
    generate_audio: task.generateAudio,
    ...(url !== undefined && { content: { video_url: url } }),
    ...(tokens !== undefined && { usage: { completion_tokens: tokens, total_tokens: tokens } }),
    ...(state.kind === "failed" && { error: { code: state.code, message: state.message } }),
  };
}

const OLDER_WORDS: Words = {
  queued: "processing",
  running: "processing",
  succeeded: "completed",
  failed: "failed",
  cancelled: "failed",
  expired: "failed",
};

export function olderTask(view: TaskView): Fields {
  return {
    ...gatewayTask(view, OLDER_WORDS),
    task_id: view.task.id,
    progress: `${progressOf(view)}%`,
    ...(view.url !== undefined && { video_url: view.url }),
  };
}

const OPENAI_WORDS: Words = { ...OLDER_WORDS, queued: "queued", running: "in_progress" };

export function openaiTask(view: TaskView): Fields {
  const { task, url } = view;
  return {
    ...gatewayTask(view, OPENAI_WORDS),
    object: "video",
    progress: progressOf(view),
    seconds: String(task.duration),
    ...("at" in task.state && { completed_at: seconds(task.state.at) }),
    ...(url !== undefined && { metadata: { url } }),
  };
}

/** What both of them say. */
function gatewayTask({ task }: TaskView, words: Words): Fields {
  const failure = failureOf(task);
  const tokens = tokensOf(task);
  return {
    id: task.id,
    model: task.model,
    status: words[task.state.kind],
    created_at: seconds(task.createdAt),
    ...(tokens !== undefined && { usage: { total_tokens: tokens } }),
    ...(failure && { error: failure }),
  };
}
