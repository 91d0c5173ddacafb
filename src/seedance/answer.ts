import { unreachable } from "../base/unreachable.ts";
import { errorIn, failureIn, requestIdOf, retryAfterOf, strangeAnswer } from "./answer-error.ts";
import { headerOf, levelsOf, type Answer, type Level } from "./answer-shape.ts";
import { taskIdIn, taskIn, type TaskReport } from "./answer-task.ts";
import { actionFor, isHalt, tellsNoCredit, type ErrorAction } from "./errors.ts";
import type { CreateOutcome, PollOutcome, ServiceError } from "./outcome.ts";
import { scrubUrl } from "./scrub.ts";

export type { Answer } from "./answer-shape.ts";

/**
 * Statuses that a proxy gives when it lost patience or the connection: the service may have read the
 * request all the same, so they are no refusal whatever the text says.
 */
const LOST = new Set([408, 425, 444, 460, 499]);
/** Refusals only together with an error that can be read: seen from relays for many other reasons. */
const ODD = new Set([409, 451]);

/** What the answer to a paid request says. `now` in milliseconds since 1970, for a `Retry-After` with a date. */
export function readCreateAnswer(answer: Answer, now: number): CreateOutcome {
  const levels = levelsOf(answer.text);
  const error = errorIn(answer, levels);
  const known = error === undefined ? undefined : actionFor(error.code);
  const task = isFine(answer) ? taskIdIn(levels) : undefined;
  // Some error bodies carry an `id` of their own; `task_id` is never anything but the task's.
  if (task !== undefined && (task.sure || known === undefined)) return accepted(task.id, answer, levels);
  const action = known ?? createActionByStatus(answer, error);
  return outcomeOf(action, error ?? strangeCreate(answer, levels), retryAfterOf(answer, now));
}

/** What the answer to a look at a task says. `now` as above. */
export function readPollAnswer(answer: Answer, now: number): PollOutcome {
  const levels = levelsOf(answer.text);
  const task = taskIn(levels);
  const error = errorIn(answer, levels);
  if (task.url !== undefined)
    return { kind: "succeeded", url: task.url, ...pick(task, "tokens"), ...pick(task, "took") };
  // `{"status":"failed"}` with a status of 500 may speak of the look, not of the task.
  if (task.state === "failed" && (isFine(answer) || task.named))
    return { kind: "failed", error: failureIn(answer, levels, task.word) };
  if (isFine(answer) && (task.state !== "none" || (error === undefined && levels.length > 0)))
    return { kind: "pending", ...pick(task, "progress") };
  return failedLook(answer, levels, error, now);
}

function failedLook(
  answer: Answer,
  levels: readonly Level[],
  error: ServiceError | undefined,
  now: number,
): PollOutcome {
  const action = (error && actionFor(error.code)) ?? pollActionByStatus(answer, error);
  const shown = error ?? strangeAnswer(answer, levels, "this is no answer about a task");
  if (isHalt(action)) return { kind: "halt", reason: action, error: shown };
  if (action === "missing") return { kind: "missing", error: shown };
  const retryAfterMs = retryAfterOf(answer, now);
  return { kind: "unreadable", error: shown, ...(retryAfterMs === undefined ? {} : { retryAfterMs }) };
}

function outcomeOf(
  action: ErrorAction,
  error: ServiceError,
  retryAfterMs: number | undefined,
): CreateOutcome {
  switch (action) {
    case "refuse":
    case "output":
    case "missing":
      return { kind: "refused", error };
    case "bad-key":
    case "no-access":
    case "no-credit":
      return { kind: "halt", reason: action, error };
    case "busy":
      return { kind: "busy", error, ...(retryAfterMs === undefined ? {} : { retryAfterMs }) };
    case "unknown":
      return { kind: "unknown", error };
    default:
      return unreachable(action);
  }
}

function createActionByStatus(answer: Answer, error: ServiceError | undefined): ErrorAction {
  const { status } = answer;
  const shared = haltByStatus(status, error);
  if (shared !== undefined) return shared;
  if (status === 429) return "busy";
  // These keep method and body by definition, so the server says that it did nothing with the request.
  if (status === 301 || status === 307 || status === 308) return "refuse";
  if (status < 400 || status > 499 || LOST.has(status)) return "unknown";
  return ODD.has(status) && error === undefined ? "unknown" : "refuse";
}

function pollActionByStatus(answer: Answer, error: ServiceError | undefined): ErrorAction {
  // A firewall's page in place of an answer passes; it must not stop the run as a lost permission does.
  const shared =
    error === undefined && answer.status !== 401 ? undefined : haltByStatus(answer.status, error);
  if (shared !== undefined) return shared;
  const message = error?.message ?? "";
  const unknownTask =
    answer.status === 404 || (answer.status === 400 && /task.{0,30}not.{0,8}(exist|found)/i.test(message));
  // "Invalid URL" is a wrong base address, which says nothing about the task.
  return unknownTask && error !== undefined && !/invalid url/i.test(message) ? "missing" : "unknown";
}

function haltByStatus(status: number, error: ServiceError | undefined): ErrorAction | undefined {
  if (status === 402) return "no-credit";
  if (
    [401, 403, 429].includes(status) &&
    error !== undefined &&
    tellsNoCredit(`${error.code} ${error.message}`)
  )
    return "no-credit";
  return status === 401 ? "bad-key" : status === 403 ? "no-access" : undefined;
}

function accepted(taskId: string, answer: Answer, levels: readonly Level[]): CreateOutcome {
  const requestId = requestIdOf(answer, levels);
  return { kind: "accepted", taskId, ...(requestId === undefined ? {} : { requestId }) };
}

function strangeCreate(answer: Answer, levels: readonly Level[]): ServiceError {
  const location = headerOf(answer, "location");
  if (answer.status >= 300 && answer.status < 400 && location !== undefined)
    return strangeAnswer(
      answer,
      levels,
      `the service is not here but at ${scrubUrl(location)}; set that as base URL`,
    );
  return strangeAnswer(answer, levels, "the answer names no task");
}

function isFine(answer: Answer): boolean {
  return answer.status >= 200 && answer.status < 300;
}

function pick<K extends "tokens" | "progress" | "took">(task: TaskReport, key: K): { [P in K]?: number } {
  const value = task[key];
  return value === undefined ? {} : ({ [key]: value } as { [P in K]?: number });
}
