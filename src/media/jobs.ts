import { fork, type ChildProcess } from "node:child_process";
import type { Socket } from "node:net";

/**
 * Work in a forked process, for what may crash (native codecs) or would hold up the event loop (drawing). The
 * child's entry calls `serveJobs` with its table; the parent's `JobProcess` is typed by that table.
 */
export type JobTable = { readonly [name: string]: (input: never, cancelled: AbortSignal) => unknown };

type JobInput<T extends JobTable, N extends keyof T> = Parameters<T[N]>[0];
type JobResult<T extends JobTable, N extends keyof T> = Awaited<ReturnType<T[N]>>;

type Request =
  | { readonly kind: "run"; readonly id: number; readonly name: string; readonly input: unknown }
  | { readonly kind: "cancel"; readonly id: number };

type Answer =
  | { readonly kind: "result"; readonly id: number; readonly value: unknown }
  | { readonly kind: "failure"; readonly id: number; readonly message: string };

/** The child ended under its jobs. Whatever they were doing is not done; nothing else is lost. */
export class ChildCrashed extends Error {}

interface Waiting {
  readonly name: string;
  readonly resolve: (value: never) => void;
  readonly reject: (error: unknown) => void;
}

interface Child {
  readonly process: ChildProcess;
  readonly waiting: Map<number, Waiting>;
  /** The end of what it wrote to stderr; shown only when it crashes. */
  words: string;
}

/**
 * One child process, forked at the first job and again at the first job after a crash. Idle, it does not keep
 * this process alive; it ends when this process does, however that ends.
 */
export class JobProcess<T extends JobTable> {
  private readonly entry: string;
  private child: Child | undefined;
  private lastId = 0;

  /** `entry` is the path of a JavaScript file that calls `serveJobs`. */
  constructor(entry: string) {
    this.entry = entry;
  }

  /**
   * Runs one job; several run side by side if their code lets them. Input and result cross by structured clone,
   * so typed arrays may be in them.
   *
   * Rejects with the job's own error (its message), with `ChildCrashed`, or with the signal's reason. A cancelled
   * job rejects at once; the child is killed if it has no other job, else its job is told to stop.
   */
  run<N extends keyof T & string>(
    name: N,
    input: JobInput<T, N>,
    signal?: AbortSignal,
  ): Promise<JobResult<T, N>> {
    if (signal?.aborted) return Promise.reject(signal.reason as Error);
    const child = (this.child ??= this.fork());
    const id = ++this.lastId;
    const cancel = () => this.cancel(child, id, signal?.reason);
    const result = new Promise<JobResult<T, N>>((resolve, reject) => {
      child.waiting.set(id, { name, resolve, reject });
      signal?.addEventListener("abort", cancel);
      hold(child);
      send(child, { kind: "run", id, name, input });
    });
    return result.finally(() => signal?.removeEventListener("abort", cancel));
  }

  /** Ends the child; jobs in it reject with `ChildCrashed`. The next `run` would fork another. */
  async close(): Promise<void> {
    const process = this.child?.process;
    this.child = undefined;
    if (process === undefined || process.exitCode !== null || process.signalCode !== null) return;
    const ended = new Promise<void>((resolve) => process.once("exit", () => resolve()));
    process.ref();
    process.kill("SIGKILL");
    await ended;
  }

  private fork(): Child {
    const process = fork(this.entry, [], {
      serialization: "advanced",
      // stdout belongs to the program's answers, and native libraries print to it as they like.
      stdio: ["ignore", "ignore", "pipe", "ipc"],
      // A debugger's port or a test runner's loader is not meant for the child.
      execArgv: [],
    });
    const child: Child = { process, waiting: new Map(), words: "" };
    process.stderr?.on("data", (piece: Buffer) => {
      child.words = (child.words + piece.toString("utf8")).slice(-2000);
    });
    process.on("message", (answer: Answer) => settle(child, answer));
    const forget = () => {
      if (this.child === child) this.child = undefined;
    };
    // `exit` comes first, so that no job is sent to a dead child; `close` when all its words have been read.
    process.on("exit", forget);
    process.on("close", (code, signal) => crash(child, signal ?? `exit ${code}`));
    process.on("error", (error) => {
      forget();
      crash(child, error.message);
    });
    return child;
  }

  private cancel(child: Child, id: number, reason: unknown): void {
    const job = child.waiting.get(id);
    if (job === undefined) return;
    child.waiting.delete(id);
    job.reject(reason);
    if (child.waiting.size > 0) return send(child, { kind: "cancel", id });
    // Frees the processor at once, whatever native code is in the middle of.
    if (this.child === child) this.child = undefined;
    child.process.kill("SIGKILL");
    hold(child);
  }
}

/** Waits for the child while it has jobs, and lets this process end without it while it has none. */
function hold(child: Child): void {
  const busy = child.waiting.size > 0;
  for (const handle of [child.process, child.process.channel, child.process.stderr as Socket | null]) {
    if (busy) handle?.ref();
    else handle?.unref();
  }
}

function send(child: Child, request: Request): void {
  // A dead child is reported by `close`, with its reason; the failed write would only say EPIPE.
  child.process.send(request, () => undefined);
}

function settle(child: Child, answer: Answer): void {
  const job = child.waiting.get(answer.id);
  child.waiting.delete(answer.id);
  hold(child);
  if (answer.kind === "result") job?.resolve(answer.value as never);
  else job?.reject(new Error(answer.message));
}

function crash(child: Child, how: string): void {
  const words = child.words.trim();
  for (const { name, reject } of child.waiting.values()) {
    reject(new ChildCrashed(`the process that did "${name}" ended (${how})${words && `: ${words}`}`));
  }
  child.waiting.clear();
}

/** The child's side: answers jobs until the parent is gone. Call it once, in the entry of the child. */
export function serveJobs(table: JobTable): void {
  const running = new Map<number, AbortController>();
  process.on("message", (request: Request) => {
    if (request.kind === "cancel") running.get(request.id)?.abort();
    else void answer(table, request, running);
  });
  // Not `process.exit`: that runs the destructors of native libraries under threads that still use them.
  process.on("disconnect", () => process.kill(process.pid, "SIGKILL"));
  // Ctrl-C reaches the whole group of processes; what becomes of the jobs is for the parent to say.
  process.on("SIGINT", () => undefined);
}

async function answer(
  table: JobTable,
  { id, name, input }: Request & { kind: "run" },
  running: Map<number, AbortController>,
): Promise<void> {
  const controller = new AbortController();
  running.set(id, controller);
  try {
    const job = Object.hasOwn(table, name) ? table[name] : undefined;
    if (job === undefined) throw new Error(`this process knows no job "${name}"`);
    reply({ kind: "result", id, value: await job(input as never, controller.signal) });
  } catch (error) {
    reply({ kind: "failure", id, message: error instanceof Error ? error.message : String(error) });
  } finally {
    running.delete(id);
  }
}

function reply(answer: Answer): void {
  process.send?.(answer);
}
