import { FRAMES_PER_SECOND } from "../base/limits.ts";
import type { AnswerShape } from "./emulator.ts";
import { isFinished, type Task } from "./task.ts";

type Fields = Record<string, unknown>;

export interface AnswerContext {
  readonly now: number;
  /** Where the clip is, once the task has succeeded. */
  readonly url: string;
  /** Milliseconds that a task is expected to take, for its progress. */
  readonly expected: number;
}

/** The answer to a create call. */
export function createdAnswer(task: Task): Fields {
  return {
    id: task.id,
    task_id: task.id,
    object: "video",
    model: task.model,
    status: "",
    progress: 0,
    created_at: seconds(task.createdAt),
  };
}

/** The answer to a look at a task. */
export function taskAnswer(task: Task, shape: AnswerShape, context: AnswerContext): Fields {
  switch (shape) {
    case "envelope":
      return envelope(task, context);
    case "ark":
      return arkTask(task, context);
    case "older":
      return older(task, context);
    case "openai":
      return openai(task, context);
  }
}

const ENVELOPE_WORDS = {
  queued: "QUEUED",
  running: "IN_PROGRESS",
  succeeded: "SUCCESS",
  failed: "FAILURE",
  cancelled: "FAILURE",
} as const;

function envelope(task: Task, context: AnswerContext): Fields {
  const { state } = task;
  return {
    code: "success",
    message: "",
    data: {
      task_id: task.id,
      status: ENVELOPE_WORDS[state.kind],
      progress: `${progress(task, context)}%`,
      result_url: state.kind === "succeeded" ? context.url : "",
      fail_reason: state.kind === "failed" ? state.message : state.kind === "cancelled" ? "cancelled" : "",
      submit_time: seconds(task.createdAt),
      start_time: state.kind === "running" ? seconds(state.since) : 0,
      finish_time: "at" in state ? seconds(state.at) : 0,
      data: arkTask(task, context),
    },
  };
}

/** A task as the maker of the model answers it; the gateway passes it on inside its envelope. */
export function arkTask(task: Task, context: AnswerContext): Fields {
  const { state } = task;
  return {
    id: task.id,
    model: task.model,
    status: state.kind,
    created_at: seconds(task.createdAt),
    updated_at: seconds("at" in state ? state.at : context.now),
    resolution: task.resolution,
    ratio: task.ratio,
    duration: task.duration,
    framespersecond: FRAMES_PER_SECOND,
    generate_audio: task.generateAudio,
    ...(state.kind === "succeeded" && {
      content: { video_url: context.url },
      usage: { completion_tokens: state.clip.tokens, total_tokens: state.clip.tokens },
    }),
    ...(state.kind === "failed" && { error: { code: state.code, message: state.message } }),
  };
}

function older(task: Task, context: AnswerContext): Fields {
  const { state } = task;
  return {
    id: task.id,
    task_id: task.id,
    model: task.model,
    status: { ...PENDING_WORDS, queued: "processing", running: "processing" }[state.kind],
    progress: `${progress(task, context)}%`,
    created_at: seconds(task.createdAt),
    ...(state.kind === "succeeded" && {
      video_url: context.url,
      usage: { total_tokens: state.clip.tokens },
    }),
    ...(state.kind === "failed" && { error: { code: state.code, message: state.message } }),
  };
}

const PENDING_WORDS = {
  queued: "queued",
  running: "in_progress",
  succeeded: "completed",
  failed: "failed",
  cancelled: "failed",
} as const;

function openai(task: Task, context: AnswerContext): Fields {
  const { state } = task;
  return {
    id: task.id,
    object: "video",
    model: task.model,
    status: PENDING_WORDS[state.kind],
    progress: progress(task, context),
    created_at: seconds(task.createdAt),
    seconds: String(task.duration),
    ...("at" in state && { completed_at: seconds(state.at) }),
    ...(state.kind === "succeeded" && {
      metadata: { url: context.url },
      usage: { total_tokens: state.clip.tokens },
    }),
    ...(state.kind === "failed" && { error: { code: state.code, message: state.message } }),
  };
}

/** Whole percent; guessed from the time, as the service's own numbers seem to be. */
function progress(task: Task, { now, expected }: AnswerContext): number {
  if (isFinished(task)) return 100;
  if (task.state.kind !== "running") return 0;
  return Math.min(95, 5 + Math.round((90 * (now - task.state.since)) / Math.max(1, expected)));
}

function seconds(milliseconds: number): number {
  return Math.floor(milliseconds / 1000);
}
