import { fieldOf, headerOf, isLevel, levelsOf, textOf, type Answer } from "./answer-shape.ts";
import { momentOf, stateWordOf } from "./answer-task.ts";
import { readPollAnswer } from "./answer.ts";
import type { CancelOutcome, ListedTask, ListOutcome } from "./listing.ts";

/** One page of a list. */
export type ListPage =
  | {
      readonly kind: "page";
      readonly tasks: readonly ListedTask[];
      /** Entries on this page, those included that say too little of themselves to be tasks. */
      readonly entries: number;
      /** Of the whole list, where it says so. */
      readonly total?: number;
      readonly now?: number;
    }
  | Exclude<ListOutcome, { kind: "listed" }>;

/** What a page of the provider's list says. `now` in milliseconds since 1970. */
export function readListAnswer(answer: Answer, now: number): ListPage {
  const level = levelsOf(answer.text).find((one) => Array.isArray(fieldOf(one, "items", "data")));
  const items = level && fieldOf(level, "items", "data");
  if (answer.status !== 200 || level === undefined || !Array.isArray(items)) return failedList(answer, now);
  const tasks = items.filter(isLevel).flatMap((item) => listedTask(item) ?? []);
  const total = fieldOf(level, "total", "totalcount");
  const date = Date.parse(headerOf(answer, "date") ?? "");
  return {
    kind: "page",
    tasks,
    entries: items.length,
    ...(typeof total === "number" && { total }),
    ...(!Number.isNaN(date) && { now: date }),
  };
}

/** What the answer to a request to cancel says. */
export function readCancelAnswer(answer: Answer, now: number): CancelOutcome {
  if (answer.status >= 200 && answer.status < 300) return { kind: "cancelled" };
  const look = readPollAnswer(answer, now);
  if (look.kind === "missing" || look.kind === "halt") return look;
  const error =
    look.kind === "unreadable"
      ? look.error
      : { code: "", message: `HTTP ${answer.status}`, status: answer.status };
  const isRefused = answer.status === 400 || answer.status === 409;
  return isRefused ? { kind: "too-late", state: error.message } : { kind: "unreadable", error };
}

/** The service's own word for where a task stands, such as `queued`; undefined where the answer is not about one. */
export function taskWordOf(answer: Answer): string | undefined {
  if (answer.status !== 200) return undefined;
  return levelsOf(answer.text)
    .map(stateWordOf)
    .find((word) => word !== undefined);
}

function listedTask(item: Readonly<Record<string, unknown>>): ListedTask | undefined {
  const id = textOf(fieldOf(item, "id", "taskid"));
  const created = momentOf(fieldOf(item, "createdat"));
  if (id === undefined || created === undefined) return undefined;
  const model = textOf(fieldOf(item, "model"));
  const resolution = textOf(fieldOf(item, "resolution"));
  const ratio = textOf(fieldOf(item, "ratio"));
  const duration = fieldOf(item, "duration");
  const generateAudio = fieldOf(item, "generateaudio");
  return {
    id,
    createdAt: created * 1000,
    ...(model !== undefined && { model }),
    ...(resolution !== undefined && { resolution }),
    ...(ratio !== undefined && { ratio }),
    ...(typeof duration === "number" && { duration }),
    ...(typeof generateAudio === "boolean" && { generateAudio }),
  };
}

function failedList(answer: Answer, now: number): Exclude<ListPage, { kind: "page" }> {
  const look = readPollAnswer(answer, now);
  if (look.kind === "halt" || look.kind === "unreadable") return look;
  const error =
    look.kind === "missing"
      ? look.error
      : { code: "", message: "this is no list of tasks", status: answer.status };
  return { kind: "unreadable", error };
}
