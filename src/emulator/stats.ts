import type { FaultBook } from "./faults/fault-book.ts";
import type { ApiError } from "./request.ts";
import type { TaskBook } from "./task-book.ts";
import type { Task } from "./task.ts";

/** What was asked under one label, or about one task. */
interface Use {
  created: number;
  polls: number;
  downloads: number;
}

/** What happened since the start, for tests and for people who tune their concurrency. */
export class Stats {
  private readonly book: TaskBook;
  private readonly faults: FaultBook;
  private readonly requests = {
    ...{ create: 0, refused: 0, busy: 0, poll: 0, list: 0, cancel: 0, download: 0 },
    ...{ createGroup: 0, createAsset: 0, getAsset: 0, listAssets: 0 },
  };
  private readonly assets = { groups: 0, assets: 0 };
  private readonly byLabel = new Map<string, Use>();
  private readonly byTask = new Map<string, Use>();
  private readonly bodies = new Map<string, number>();
  private readonly ignored = new Map<string, number>();
  private bytes = 0;
  private created = 0;

  constructor(book: TaskBook, faults: FaultBook) {
    this.book = book;
    this.faults = faults;
  }

  /** `refused` and `busy` are create calls as well, and counted there too. */
  count(request: keyof Stats["requests"]): void {
    this.requests[request]++;
  }

  /** A create call that was answered with an error; one of the service's own is neither of the two. */
  refuse({ status }: ApiError): void {
    if (status < 500) this.count(status === 429 ? "busy" : "refused");
  }

  /** `body` is the digest of the request, `ignored` what the service would not have read of it. */
  accept({ id, label }: Task, body: string, ignored: readonly string[]): void {
    this.created++;
    useOf(this.byLabel, label).created++;
    useOf(this.byTask, id).created++;
    add(this.bodies, `${label}\n${body}`);
    for (const path of ignored) add(this.ignored, path);
  }

  look(id: string, task: Task | undefined): void {
    this.count("poll");
    useOf(this.byTask, id).polls++;
    if (task) useOf(this.byLabel, task.label).polls++;
  }

  download({ id, label }: Task): void {
    this.count("download");
    useOf(this.byTask, id).downloads++;
    useOf(this.byLabel, label).downloads++;
  }

  /** Bytes of clips that have left. */
  sent(bytes: number): void {
    this.bytes += bytes;
  }

  /** Counts what the library bills, and hands the answer through. */
  acceptAsset(what: keyof Stats["assets"], answer: object): object {
    this.assets[what]++;
    return answer;
  }

  /** Shape of `GET /__stats`; part of what other programs read. */
  report(): Record<string, unknown> {
    const tasks = this.book.known();
    const clips = tasks.flatMap(({ state }) => (state.kind === "succeeded" ? [state.clip] : []));
    const tokens = clips.reduce((sum, clip) => sum + clip.tokens, 0);
    const doubles = [...this.bodies.values()].reduce((sum, count) => sum + count - 1, 0);
    return {
      created: this.created,
      doubles,
      requests: this.requests,
      polls: this.requests.poll,
      downloads: this.requests.download,
      downloadedBytes: this.bytes,
      inFlightNow: this.book.inFlight,
      maxInFlight: this.book.maxInFlight,
      tasks: tally(tasks.map(({ state }) => state.kind)),
      kinds: tally(tasks.map(({ shot }) => shot)),
      tokens,
      billed: { tasks: clips.length, tokens },
      library: { ...this.assets, billed: this.assets.groups + this.assets.assets },
      labels: Object.fromEntries([...this.byLabel].map(([label, { created }]) => [label, created])),
      byLabel: Object.fromEntries(this.byLabel),
      byTask: Object.fromEntries(this.byTask),
      ignored: Object.fromEntries(this.ignored),
      faults: this.faults.report(),
    };
  }
}

function useOf(uses: Map<string, Use>, key: string): Use {
  const use = uses.get(key) ?? { created: 0, polls: 0, downloads: 0 };
  uses.set(key, use);
  return use;
}

function add(counts: Map<string, number>, key: string): void {
  counts.set(key, (counts.get(key) ?? 0) + 1);
}

function tally(words: readonly string[]): Record<string, number> {
  const counts = new Map<string, number>();
  for (const word of words) add(counts, word);
  return Object.fromEntries(counts);
}
