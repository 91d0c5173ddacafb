import type { AnswerContext } from "./answers.ts";
import type { AssetLibrary } from "./assets/asset-library.ts";
import { Faults, taskFault } from "./faults.ts";
import type { RenderQueue } from "./render-queue.ts";
import type { ApiError, RequestMedium } from "./request.ts";
import type { Stats } from "./stats.ts";
import type { TaskBook } from "./task-book.ts";
import type { Task } from "./task.ts";
import { validate } from "./validate.ts";

type Created =
  { readonly kind: "created"; readonly task: Task } | { readonly kind: "refused"; readonly error: ApiError };

type Withdrawn = { readonly kind: "withdrawn" } | { readonly kind: "refused"; readonly error: ApiError };

/** What all routes do alike, whatever their answers look like. */
export class Core {
  readonly book: TaskBook;
  readonly stats: Stats;
  readonly library: AssetLibrary;
  /** `http://127.0.0.1:PORT`. */
  readonly origin: () => string;
  private readonly queue: RenderQueue;
  private readonly faults = new Faults();
  private readonly atLeast: number;

  constructor(parts: {
    book: TaskBook;
    stats: Stats;
    queue: RenderQueue;
    library: AssetLibrary;
    origin: () => string;
    /** Milliseconds that a task takes at least. */
    atLeast: number;
  }) {
    this.book = parts.book;
    this.stats = parts.stats;
    this.queue = parts.queue;
    this.library = parts.library;
    this.origin = parts.origin;
    this.atLeast = parts.atLeast;
  }

  async create(body: string, label: string): Promise<Created> {
    this.stats.count("create");
    const checked = validate(parsed(body));
    if (checked.kind === "refused") return this.refuse(checked.error);
    const error =
      (await this.assetProblem(checked.request.media)) ??
      this.faults.atCreate(checked.request.prompt, body, label);
    if (error) return this.refuse(error);
    const task = await this.book.create(checked.request, label, body, taskFault(checked.request.prompt));
    this.stats.accept(label);
    this.queue.add(task);
    return { kind: "created", task };
  }

  private refuse(error: ApiError): Created {
    this.stats.count(error.status === 429 ? "busy" : "refused");
    return { kind: "refused", error };
  }

  private async assetProblem(media: readonly RequestMedium[]): Promise<ApiError | undefined> {
    for (const medium of media) {
      const message = await this.library.problem(medium);
      if (message !== undefined) return { status: 400, code: "InvalidParameter", message };
    }
    return undefined;
  }

  async look(id: string): Promise<Task | undefined> {
    this.stats.count("poll");
    return this.book.find(id);
  }

  /** Cancels a task that waits, or forgets one that has ended; one that runs cannot be stopped. */
  async withdraw(id: string): Promise<Withdrawn> {
    this.stats.count("cancel");
    const task = await this.book.find(id);
    if (!task) return { kind: "refused", error: missing(id) };
    if (task.state.kind === "running") {
      const message = `task ${id} is running and cannot be cancelled`;
      return { kind: "refused", error: { status: 409, code: "InvalidAction.RunningTaskDeletion", message } };
    }
    if (task.state.kind === "queued") {
      this.queue.withdraw(id);
      await this.book.finish(id, { kind: "cancelled", at: Date.now() });
    } else {
      await this.book.remove(id);
    }
    return { kind: "withdrawn" };
  }

  context(task: Task): AnswerContext {
    return {
      now: Date.now(),
      url: `${this.origin()}/files/${task.id}.mp4`,
      expected: Math.max(this.atLeast, task.duration * 500),
    };
  }
}

export function missing(id: string): ApiError {
  return { status: 404, code: "task_not_exist", message: `task ${id} does not exist` };
}

/** `undefined`, which no request may be, when the text is no JSON. */
function parsed(body: string): unknown {
  try {
    return JSON.parse(body) as unknown;
  } catch {
    return undefined;
  }
}
