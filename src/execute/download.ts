import type { Clip } from "../plan/lock.ts";
import type { LoweredScene } from "../seedance/lower.ts";
import type { DownloadOutcome } from "../seedance/outcome.ts";
import type { Incoming } from "../store/objects.ts";
import { compareDelivered } from "./delivered.ts";
import type { TakeContext } from "./take-context.ts";

export type Downloaded =
  | { readonly kind: "stored"; readonly clip: Clip; readonly differences: readonly string[] }
  /** Nothing is lost: the task is known, the next run fetches it. */
  | { readonly kind: "failed"; readonly message: string };

/** In a row without a byte; a line that breaks off again and again but brings something is used on. */
const TRIES = 5;
const MOST_TRIES = 200;
/** A clip has a few megabytes; what is larger is not a clip. */
const MOST_BYTES = 1024 * 1024 * 1024;

/** Brings a task's clip into the store: whole, verified, and looked at. */
export async function downloadClip(
  context: TakeContext,
  lowered: LoweredScene,
  task: string,
  url: string,
): Promise<Downloaded> {
  const incoming = context.store.receive();
  try {
    const problem = await new Transfer(context, incoming, task, url).run();
    if (problem !== undefined) return { kind: "failed", message: problem };
    const { digest, bytes } = incoming.finish();
    const facts = await context.probe(incoming.path);
    if (facts.kind !== "video") {
      const reason = facts.kind === "unreadable" ? facts.reason : `is ${facts.kind}`;
      return { kind: "failed", message: `what the service delivered is not a playable clip: it ${reason}` };
    }
    incoming.keep(digest);
    const { width, height, seconds, fps, frames, sound } = facts;
    const clip: Clip = { sha256: digest, bytes, seconds, width, height, fps, frames, sound };
    return { kind: "stored", clip, differences: compareDelivered(lowered, facts) };
  } finally {
    incoming.discard();
  }
}

type Open = Extract<DownloadOutcome, { kind: "open" }>;

/** One clip on its way, over as many connections as it takes. */
class Transfer {
  readonly #context: TakeContext;
  readonly #incoming: Incoming;
  readonly #task: string;
  #link: string;
  /** What the server calls the bytes that are here, and how many they will be. */
  #version: string | undefined;
  #total: number | undefined;
  #problem = "the download was interrupted";
  #isHopeless = false;

  constructor(context: TakeContext, incoming: Incoming, task: string, link: string) {
    this.#context = context;
    this.#incoming = incoming;
    this.#task = task;
    this.#link = link;
  }

  /** Undefined when all bytes are here; else why they are not. */
  async run(): Promise<string | undefined> {
    const { clock, stop } = this.#context;
    for (let all = 0, idle = 0; all < MOST_TRIES && idle < TRIES && !this.#isHopeless; all++) {
      if (idle > 0) await clock.sleep(500 * 2 ** idle, stop.signal);
      if (stop.giveUp.aborted) return this.#problem;
      const before = this.#incoming.received;
      if (await this.#attempt()) return undefined;
      idle = this.#incoming.received > before ? 1 : idle + 1;
    }
    return this.#problem;
  }

  /** True when all bytes are here. */
  async #attempt(): Promise<boolean> {
    const { service, stop } = this.#context;
    const opened = await service.download(this.#link, this.#incoming.received, stop.giveUp, this.#version);
    switch (opened.kind) {
      case "gone":
        this.#problem = opened.error.message;
        await this.#renewLink();
        return false;
      case "unreadable":
        this.#problem = opened.error.message;
        return false;
      case "open":
        return this.#pour(opened);
    }
  }

  /** The link has expired; a fresh look at the task gives a fresh one. */
  async #renewLink(): Promise<void> {
    const { service, stop, budget } = this.#context;
    await budget.turn(stop.signal);
    const look = await service.poll(this.#task, stop.giveUp);
    if (look.kind === "succeeded") this.#link = look.url;
  }

  async #pour(opened: Open): Promise<boolean> {
    const chunks = opened.body[Symbol.asyncIterator]();
    if (!this.#goesOn(opened)) {
      this.#incoming.restart();
      this.#total = undefined;
      this.#version = undefined;
      if (opened.from > 0) {
        this.#problem = "the server sent other bytes than were asked for";
        await chunks.return?.();
        return false;
      }
    }
    this.#total = opened.bytes;
    this.#version = opened.version;
    if ((opened.bytes ?? 0) > MOST_BYTES) return this.#tooLong(chunks);
    return this.#write(chunks);
  }

  /** Bytes of another file, or of another place in it, must not be put behind those that are here. */
  #goesOn({ from, bytes, version }: Open): boolean {
    const differs = (a: unknown, b: unknown): boolean => a !== undefined && b !== undefined && a !== b;
    if (from !== this.#incoming.received) return false;
    return from === 0 || (!differs(bytes, this.#total) && !differs(version, this.#version));
  }

  async #write(chunks: AsyncIterator<Uint8Array>): Promise<boolean> {
    const incoming = this.#incoming;
    for (;;) {
      let next: IteratorResult<Uint8Array>;
      try {
        next = await chunks.next();
      } catch (error) {
        // The network's failure; one of the disk is thrown below and ends the run.
        this.#problem = (error as Error).message;
        return false;
      }
      if (next.done) break;
      if (incoming.received + next.value.length > MOST_BYTES) return this.#tooLong(chunks);
      incoming.write(next.value);
    }
    if (this.#total === undefined || this.#total === incoming.received) return true;
    this.#problem = `${incoming.received} of ${this.#total} bytes came`;
    return false;
  }

  /** It will be as long the next time; nothing of it is kept, and the run goes on without it. */
  async #tooLong(chunks: AsyncIterator<Uint8Array>): Promise<boolean> {
    this.#isHopeless = true;
    this.#problem = "the service delivers more than 1 GiB for one clip";
    await chunks.return?.();
    return false;
  }
}
