import type { Service } from "../../src/execute/service.ts";
import type {
  CreateOutcome,
  DownloadOutcome,
  PollOutcome,
  ServiceError,
} from "../../src/seedance/outcome.ts";

export function serviceError(code: string, message = `says ${code}`): ServiceError {
  return { code, message };
}

type Answer<A extends unknown[], T> = (...args: A) => T | Promise<T>;

/** The remote service as a test tells it to be, and a record of what it was asked. */
export class FakeService implements Service {
  readonly creates: { readonly body: string; readonly label: string; readonly signal: AbortSignal }[] = [];
  readonly polls: string[] = [];
  readonly downloads: { readonly url: string; readonly from: number; readonly version?: string }[] = [];
  closed = false;
  /** Absent where the provider has none. */
  list?: NonNullable<Service["list"]>;
  cancel?: NonNullable<Service["cancel"]>;

  onCreate: Answer<[body: string, label: string, signal: AbortSignal], CreateOutcome> = (_body, label) => ({
    kind: "accepted",
    taskId: `task-${label}`,
  });
  onPoll: Answer<[task: string, signal: AbortSignal], PollOutcome> = (task) => ({
    kind: "succeeded",
    url: `https://files/${task}`,
    tokens: 1000,
  });
  onDownload: Answer<[url: string, from: number, signal: AbortSignal], DownloadOutcome> = (url) =>
    openBytes(Buffer.from(`clip of ${url}`));

  async create(body: string, label: string, signal: AbortSignal): Promise<CreateOutcome> {
    this.creates.push({ body, label, signal });
    return this.onCreate(body, label, signal);
  }

  async poll(task: string, signal: AbortSignal): Promise<PollOutcome> {
    this.polls.push(task);
    return this.onPoll(task, signal);
  }

  async download(url: string, from: number, signal: AbortSignal, version?: string): Promise<DownloadOutcome> {
    this.downloads.push({ url, from, ...(version !== undefined && { version }) });
    return this.onDownload(url, from, signal);
  }

  close(): Promise<void> {
    this.closed = true;
    return Promise.resolve();
  }
}

/** Bytes as a server sends them, from `from` on; `breakAfter` of them arrive, then the connection is lost. */
export function openBytes(bytes: Buffer, from = 0, breakAfter?: number): DownloadOutcome {
  async function* body(): AsyncGenerator<Uint8Array> {
    await Promise.resolve();
    yield bytes.subarray(from, breakAfter === undefined ? bytes.length : from + breakAfter);
    if (breakAfter !== undefined) throw new Error("the download stopped: reset");
  }
  return { kind: "open", body: body(), from, bytes: bytes.length };
}

/** One answer after the other; the last one for ever. */
export function inTurn<T>(...answers: readonly T[]): () => T {
  let turn = 0;
  return () => answers[Math.min(turn++, answers.length - 1)] as T;
}
