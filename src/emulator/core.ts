import { digestOf } from "../base/digest.ts";
import type { AssetLibrary } from "./assets/asset-library.ts";
import { errorOfCode } from "./faults/codes.ts";
import type { CallFault } from "./faults/fault.ts";
import type { FaultBook, FaultSubject } from "./faults/fault-book.ts";
import { faultsInWords } from "./faults/words.ts";
import { inputLinkProblem, signedLink } from "./links.ts";
import { Looks } from "./looks.ts";
import type { RenderQueue } from "./render-queue.ts";
import type { ApiError, GenerationRequest } from "./request.ts";
import type { TaskView } from "./shapes/view.ts";
import type { Stats } from "./stats.ts";
import type { TaskBook } from "./task-book.ts";
import { isFinished, type Task } from "./task.ts";
import { validate, type Strictness } from "./validate.ts";

type Created =
  | { readonly kind: "created"; readonly task: Task; readonly fault: CallFault | undefined }
  | { readonly kind: "refused"; readonly error: ApiError }
  /** Nothing was created. */
  | { readonly kind: "struck"; readonly fault: CallFault };

type Looked =
  | { readonly kind: "missing"; readonly fault: CallFault | undefined }
  | { readonly kind: "seen"; readonly view: TaskView; readonly fault: CallFault | undefined };

type Withdrawn = { readonly kind: "withdrawn" } | { readonly kind: "refused"; readonly error: ApiError };

interface CoreParts {
  readonly book: TaskBook;
  readonly stats: Stats;
  readonly queue: RenderQueue;
  readonly library: AssetLibrary;
  readonly faults: FaultBook;
  /** `http://127.0.0.1:PORT`. */
  readonly origin: () => string;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** Milliseconds that a task takes at least. */
  readonly atLeast: number;
  readonly strictness: Strictness;
  /** Seconds that a link to a clip lives. */
  readonly linkSeconds: number;
  /** Tasks that may be unfinished at once. */
  readonly mostInFlight: number;
}

/** What all routes do alike, whatever their answers look like. */
export class Core {
  readonly parts: CoreParts;
  private readonly looks = new Looks();

  constructor(parts: CoreParts) {
    this.parts = parts;
  }

  async create(body: string, label: string): Promise<Created> {
    const { stats, faults, book, queue } = this.parts;
    stats.count("create");
    const checked = validate(parsed(body), this.parts.strictness);
    if (checked.kind === "refused") return this.refuse(checked.error);
    const { request } = checked;
    const error = await this.problem(request);
    if (error) return this.refuse(error);
    const subject = { label, prompt: request.prompt, key: digestOf(`${label}\n${body}`) };
    const fault = faults.atCall("create", subject);
    if (fault?.effect.kind === "error") stats.refuse(fault.effect.error);
    if (fault && !fault.done) return { kind: "struck", fault };
    // Another take of a scene has another label, and the same body.
    const fate = faults.atThing("task", { ...subject, key: digestOf(body) });
    const task = await book.create(request, label, body, fate);
    stats.accept(task, digestOf(body), checked.ignored);
    queue.add(task);
    return { kind: "created", task, fault };
  }

  async look(id: string): Promise<Looked> {
    const task = await this.parts.book.find(id);
    this.parts.stats.look(id, task);
    const fault = this.parts.faults.atCall("poll", this.subjectOf(id, task));
    if (!task) return { kind: "missing", fault };
    const hasLink = fault?.effect.kind !== "no-link";
    return { kind: "seen", view: this.view(task, this.looks.at(task), hasLink), fault };
  }

  /** Cancels a task that waits, or forgets one that has ended; one that runs cannot be stopped. */
  async withdraw(id: string, missing: ApiError): Promise<Withdrawn> {
    const { book, queue } = this.parts;
    const task = await book.find(id);
    if (!task) return { kind: "refused", error: missing };
    const { kind } = task.state;
    if (kind === "running" || kind === "cancelled") {
      const message = `task ${id} is ${kind} and cannot be cancelled or deleted`;
      const code = kind === "running" ? "InvalidAction.RunningTaskDeletion" : "InvalidAction";
      return { kind: "refused", error: { status: 409, code, message } };
    }
    if (kind === "queued") {
      queue.withdraw(id);
      await book.finish(id, { kind: "cancelled", at: Date.now() });
    } else {
      await book.remove(id);
    }
    return { kind: "withdrawn" };
  }

  subjectOf(id: string, task: Task | undefined): FaultSubject {
    return {
      label: task?.label ?? "",
      prompt: task?.prompt ?? "",
      key: id,
      isEnded: task !== undefined && isFinished(task),
    };
  }

  view(task: Task, looks = { look: 2, lookSinceEnd: 2 }, hasLink = true): TaskView {
    const { now, origin, atLeast, linkSeconds } = this.parts;
    const isThere = task.state.kind === "succeeded" && hasLink;
    return {
      task,
      now: now(),
      ...(isThere && { url: signedLink(origin(), `/files/${task.id}.mp4`, now(), linkSeconds) }),
      expected: Math.max(atLeast, task.duration * 500),
      ...looks,
    };
  }

  private refuse(error: ApiError): Created {
    this.parts.stats.refuse(error);
    return { kind: "refused", error };
  }

  /** What a well-formed request is refused for. */
  private async problem({ media, prompt }: GenerationRequest): Promise<ApiError | undefined> {
    const [wrong] = faultsInWords(prompt).wrong;
    if (wrong !== undefined) return invalid(`${wrong} is no fault that the emulator knows`);
    for (const medium of media) {
      const message =
        (await this.parts.library.problem(medium)) ?? inputLinkProblem(medium, this.parts.now());
      if (message !== undefined) return invalid(message);
    }
    const { book, mostInFlight } = this.parts;
    if (book.inFlight < mostInFlight) return undefined;
    const message = `more than ${mostInFlight} tasks are in flight, try again later`;
    return errorOfCode("RateLimitExceeded.TaskConcurrencyExceeded", 429, message);
  }
}

function invalid(message: string): ApiError {
  return { status: 400, code: "InvalidParameter", message };
}

/** `undefined`, which no request may be, when the text is no JSON. */
function parsed(body: string): unknown {
  try {
    return JSON.parse(body) as unknown;
  } catch {
    return undefined;
  }
}
