import type { ApiError } from "../request.ts";
import type { Task } from "../task.ts";
import { envelope, nested, newApi, newApiOld } from "./envelope.ts";
import { arkTask, olderTask, openaiTask } from "./flat.ts";
import { seconds, type Fields, type TaskView } from "./view.ts";

/** How one kind of gateway, or the maker of the model itself, writes its answers. */
export interface Shape {
  created(task: Task): Fields;
  task(view: TaskView): Fields;
  error(error: ApiError): Fields;
  /** To a look at a task that is not known. */
  missing(id: string): ApiError;
}

/** Clients have to read them all; the names are those of `--shape`. */
export const SHAPES = {
  envelope: { created, task: envelope, error: plainError, missing },
  ark: { created: ({ id }) => ({ id }), task: arkTask, error: arkError, missing: arkMissing },
  older: { created, task: olderTask, error: plainError, missing },
  "new-api": { created, task: newApi, error: relayedError, missing: newApiMissing },
  "new-api-old": { created, task: newApiOld, error: relayedError, missing: newApiMissing },
  nested: { created: nestedCreated, task: nested, error: relayedError, missing: newApiMissing },
  openai: { created: openaiCreated, task: openaiTask, error: openaiError, missing },
} as const satisfies Readonly<Record<string, Shape>>;

export type AnswerShape = keyof typeof SHAPES;

function created(task: Task): Fields {
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

function openaiCreated(task: Task): Fields {
  const { id, model, createdAt, duration } = task;
  const status = { status: "queued", progress: 0, seconds: String(duration) };
  return { id, object: "video", model, created_at: seconds(createdAt), ...status };
}

function nestedCreated(task: Task): Fields {
  return { code: "success", message: "", data: created(task) };
}

function plainError({ code, message }: ApiError): Fields {
  return { error: { code, message } };
}

function arkError({ code, message, status }: ApiError): Fields {
  return { error: { code, message, param: "", type: ARK_TYPES[status] ?? "BadRequest" } };
}

const ARK_TYPES: Readonly<Record<number, string>> = {
  401: "Unauthorized",
  403: "Forbidden",
  404: "NotFound",
  409: "Conflict",
  429: "TooManyRequests",
  500: "InternalServerError",
};

function openaiError({ code, message, status }: ApiError): Fields {
  const type = status >= 500 ? "server_error" : "invalid_request_error";
  return { error: { message, type, param: null, code } };
}

/** The upstream's answer as text inside of the gateway's message. */
export function relayedError(error: ApiError): Fields {
  // What the gateway finds itself is in its own words, in small letters.
  if (/^[a-z_]+$/.test(error.code)) return { code: error.code, message: error.message, data: null };
  return { code: "fail_to_fetch_task", message: JSON.stringify(plainError(error)), data: null };
}

function missing(id: string): ApiError {
  return { status: 404, code: "task_not_exist", message: `task ${id} does not exist` };
}

function newApiMissing(id: string): ApiError {
  return { ...missing(id), status: 400 };
}

function arkMissing(id: string): ApiError {
  return { status: 404, code: "ResourceNotFound", message: `The specified task ${id} is not found.` };
}
