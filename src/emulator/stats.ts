import type { TaskBook } from "./task-book.ts";

/** What happened since the start, for tests and for people who tune their concurrency. */
export class Stats {
  private readonly book: TaskBook;
  private readonly requests = {
    ...{ create: 0, refused: 0, busy: 0, poll: 0, list: 0, cancel: 0, download: 0 },
    ...{ createGroup: 0, createAsset: 0, getAsset: 0, listAssets: 0 },
  };
  private readonly assets = { groups: 0, assets: 0 };
  private readonly labels = new Map<string, number>();
  private created = 0;

  constructor(book: TaskBook) {
    this.book = book;
  }

  /** `refused` and `busy` are create calls as well, and counted there too. */
  count(request: keyof Stats["requests"]): void {
    this.requests[request]++;
  }

  accept(label: string): void {
    this.created++;
    this.labels.set(label, (this.labels.get(label) ?? 0) + 1);
  }

  /** Counts what the library bills, and hands the answer through. */
  acceptAsset(what: keyof Stats["assets"], answer: object): object {
    this.assets[what]++;
    return answer;
  }

  /** Shape of `GET /__stats`; part of what other programs read. */
  report(): Record<string, unknown> {
    const tasks = this.book.known();
    const tokens = tasks.map(({ state }) => (state.kind === "succeeded" ? state.clip.tokens : 0));
    return {
      created: this.created,
      requests: this.requests,
      polls: this.requests.poll,
      downloads: this.requests.download,
      inFlightNow: this.book.inFlight,
      maxInFlight: this.book.maxInFlight,
      tasks: tally(tasks.map(({ state }) => state.kind)),
      kinds: tally(tasks.map(({ shot }) => shot)),
      tokens: tokens.reduce((sum, count) => sum + count, 0),
      library: { ...this.assets, billed: this.assets.groups + this.assets.assets },
      labels: Object.fromEntries(this.labels),
    };
  }
}

function tally(words: readonly string[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const word of words) counts[word] = (counts[word] ?? 0) + 1;
  return counts;
}
