import { readCancelAnswer, readListAnswer, taskWordOf } from "../seedance/answer-list.ts";
import { readPollAnswer } from "../seedance/answer.ts";
import type { CancelOutcome, ListedTask, ListOutcome } from "../seedance/listing.ts";
import { ask, type Asking } from "./ask.ts";
import { taskUrl, type Routes } from "./routes.ts";

/** What a provider needs that shows all tasks of an account. */
export interface OpenTasks extends Asking {
  readonly base: URL;
  readonly routes: Routes;
  readonly now: () => number;
}

const PAGE = 100;
/** Of a provider that keeps tasks for a week. */
const MOST_PAGES = 20;

/** Reads pages until there are none that could hold a task of the time asked for. Never rejects. */
export async function listTasks(open: OpenTasks, since: number, signal: AbortSignal): Promise<ListOutcome> {
  const tasks = new Map<string, ListedTask>();
  let clock: { now: number } | undefined;
  const listed = (isWhole: boolean): ListOutcome => ({
    kind: "listed",
    tasks: [...tasks.values()],
    isWhole,
    ...clock,
  });
  for (let number = 1; number <= MOST_PAGES; number++) {
    const page = await readPage(open, number, signal);
    if (page.kind !== "page") return page;
    for (const task of page.tasks) tasks.set(task.id, task);
    clock ??= page.now === undefined ? undefined : { now: page.now };
    // What does not say when it was created may be what is looked for.
    if (page.tasks.length < page.entries) return listed(false);
    const { total, entries } = page;
    // Counted by their ids: one that came while we read has moved another to the next page.
    const hasAll = total === undefined ? entries < PAGE : tasks.size >= total;
    if (hasAll || endsBefore(page.tasks, since)) return listed(true);
    if (entries === 0) return listed(false);
  }
  return listed(false);
}

/** Where the latest come first, what follows a page is older than all of it. */
function endsBefore(tasks: readonly ListedTask[], since: number): boolean {
  const falls = tasks.every(({ createdAt }, i) => createdAt <= (tasks[i - 1]?.createdAt ?? Infinity));
  const [first, last] = [tasks[0], tasks.at(-1)];
  return (
    falls && first !== undefined && last !== undefined && last.createdAt < Math.min(since, first.createdAt)
  );
}

async function readPage(
  open: OpenTasks,
  number: number,
  signal: AbortSignal,
): Promise<ReturnType<typeof readListAnswer>> {
  const url = taskUrl(open.base, open.routes);
  url.searchParams.set("page_num", String(number));
  url.searchParams.set("page_size", String(PAGE));
  const asked = await ask(open, "GET", url, signal);
  if (asked.kind === "failed") return { kind: "unreadable", error: asked.error };
  return readListAnswer(asked.answer, open.now());
}

/**
 * Looks before it asks: the same request that withdraws a waiting task deletes the record of a finished one, and with
 * it the way to a clip that is paid. A task never goes back to waiting, so nothing can be lost in between.
 */
export async function cancelTask(
  open: OpenTasks,
  taskId: string,
  signal: AbortSignal,
): Promise<CancelOutcome> {
  const url = taskUrl(open.base, open.routes, taskId);
  const looked = await ask(open, "GET", url, signal);
  if (looked.kind === "failed") return { kind: "unreadable", error: looked.error };
  const word = taskWordOf(looked.answer);
  if (word === undefined) {
    const look = readPollAnswer(looked.answer, open.now());
    if (look.kind === "missing" || look.kind === "halt" || look.kind === "unreadable") return look;
  }
  if (word !== "queued") return { kind: "too-late", state: word ?? "unknown" };
  const asked = await ask(open, "DELETE", url, signal);
  if (asked.kind === "failed") return { kind: "unreadable", error: asked.error };
  return readCancelAnswer(asked.answer, open.now());
}
