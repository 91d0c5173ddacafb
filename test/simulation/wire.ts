import type { Service } from "../../src/execute/service.ts";
import { readPollAnswer, type Answer } from "../../src/seedance/answer.ts";
import type { CreateOutcome, DownloadOutcome, PollOutcome } from "../../src/seedance/outcome.ts";
import { createOutcome } from "../../src/service/client.ts";
import type { Sent } from "../../src/service/send-once.ts";
import { Answers } from "./answers.ts";
import type { Chance } from "./chance.ts";
import type { Remote, RemoteTask } from "./remote.ts";
import type { Timeline } from "./timeline.ts";
import type { Weather } from "./weather.ts";

/** What the client waits for at most; see `service/client.ts`. */
const CREATE_TIMEOUT_MS = 300_000;
const POLL_TIMEOUT_MS = 30_000;
const IDLE_TIMEOUT_MS = 60_000;
const KEY = "a key that no answer repeats";
const NO_ANSWER: Answer = { status: 0, headers: {}, text: "" };

/** Watches what goes over the wire. */
export interface WireTap {
  /** A request is about to leave. Its number is given to the other calls. */
  sending(body: string, label: string): number;
  /** The service has created a task for it, whoever knows. */
  created(sending: number, task: RemoteTask): void;
  /** What the client is told. */
  answered(sending: number, outcome: CreateOutcome): void;
  toldFailed(task: RemoteTask): void;
}

/** The process at this end. */
export interface WireEnd {
  /** To be waited for where the process may end: what comes after it is then never reached. */
  moment(): Promise<void>;
  isAlive(): boolean;
  /** Something reaches the process: never when it is gone, later when it sleeps. */
  deliver(news: () => void): void;
}

/** The service as one process reaches it: everything may get lost, both ways, at any time. */
export class Wire implements Service {
  readonly #timeline: Timeline;
  readonly #chance: Chance;
  readonly #remote: Remote;
  readonly #weather: () => Weather;
  readonly #tap: WireTap;
  readonly #end: WireEnd;
  readonly #answers: Answers;

  constructor(
    {
      timeline,
      chance,
      remote,
      weather,
    }: { timeline: Timeline; chance: Chance; remote: Remote; weather: () => Weather },
    tap: WireTap,
    end: WireEnd,
  ) {
    this.#timeline = timeline;
    this.#chance = chance;
    this.#remote = remote;
    this.#weather = weather;
    this.#tap = tap;
    this.#end = end;
    this.#answers = new Answers(chance);
  }

  async create(body: string, label: string, signal: AbortSignal): Promise<CreateOutcome> {
    await this.#end.moment();
    const sending = this.#tap.sending(body, label);
    const sent = await this.#send(sending, body, signal);
    const outcome = createOutcome({ key: KEY, now: () => this.#timeline.now }, sent, "api.example");
    this.#tap.answered(sending, outcome);
    await this.#end.moment();
    return outcome;
  }

  #send(sending: number, body: string, signal: AbortSignal): Promise<Sent> {
    const fate = this.#chance.weighted(this.#weather().create);
    return new Promise((resolve) => {
      let begun = false;
      const end = (sent: Sent): void => {
        signal.removeEventListener("abort", breakOff);
        this.#end.deliver(() => resolve(sent));
      };
      const lost = (reason: string): void =>
        end(begun ? { kind: "unknown", reason, part: NO_ANSWER } : { kind: "not-sent", reason });
      const breakOff = (): void => lost("broken off");
      if (signal.aborted) return breakOff();
      signal.addEventListener("abort", breakOff);
      this.#timeline.in(this.#chance.between(1, 200), () => {
        // A process that dies here has written nothing to the network yet.
        if (!this.#end.isAlive() || signal.aborted) return;
        if (fate === "no-connection") return lost("connect ECONNREFUSED");
        begun = true;
        this.#timeline.in(CREATE_TIMEOUT_MS, () => lost("no answer within the time allowed"));
        this.#timeline.in(this.#chance.between(1, 2000), () => {
          const answer = this.#arrive(sending, body, fate);
          if (fate === "hangs") return;
          this.#timeline.in(this.#chance.between(1, 3000), () =>
            answer ? end({ kind: "answered", answer }) : lost("read ECONNRESET"),
          );
        });
      });
    });
  }

  /** The request has come to the service: what it does, and what it says; undefined when no answer will come. */
  #arrive(sending: number, body: string, fate: keyof Weather["create"]): Answer | undefined {
    const refusal = this.#refusal(body, fate);
    if (refusal) return refusal;
    const isLostOnTheWay = fate !== "fine" && fate !== "garbled" && this.#chance.happens(0.4);
    const task = isLostOnTheWay ? undefined : this.#remote.create(this.#remote.read(body));
    if (task) this.#tap.created(sending, task);
    const { one } = { one: <T>(choices: readonly T[]) => this.#chance.one(choices) };
    switch (fate) {
      case "server-error":
        return this.#answers.error(500, "InternalServiceError", "something broke");
      case "gateway-error":
        return one([
          () => this.#answers.page(one([408, 425, 451, 499, 502, 503, 504])),
          () => this.#answers.error(500, "do_request_failed", "EOF"),
        ])();
      case "fine":
        return task && this.#answers.accepted(task.id);
      case "garbled":
        return task && this.#answers.garbled(this.#answers.accepted(task.id));
      default:
        return undefined;
    }
  }

  /** A clear no: nothing was created. */
  #refusal(body: string, fate: keyof Weather["create"]): Answer | undefined {
    const { text } = this.#remote.read(body);
    if (fate === "busy") {
      const headers = this.#chance.happens(0.5) ? { "retry-after": String(this.#chance.between(0, 90)) } : {};
      return this.#answers.error(
        429,
        this.#chance.one(["RateLimitExceeded", "ServerOverloaded"]),
        "later",
        headers,
      );
    }
    if (fate === "halt") {
      const [status, code] = this.#chance.one([
        [401, "AuthenticationError"],
        [403, "AccessDenied"],
        [429, "QuotaExceeded"],
      ] as const);
      return this.#answers.error(status, code, "no");
    }
    if (!text.includes("[[refuse]]")) return undefined;
    return this.#answers.error(400, "InputTextSensitiveContentDetected", "content[0] did not pass");
  }

  async poll(taskId: string, signal: AbortSignal): Promise<PollOutcome> {
    await this.#end.moment();
    const answer = await this.#look(taskId, signal);
    await this.#end.moment();
    if (typeof answer === "string") return { kind: "unreadable", error: { code: "", message: answer } };
    const outcome = readPollAnswer(answer, this.#timeline.now);
    const task = this.#remote.tasks.get(taskId);
    if (outcome.kind === "failed" && task) this.#tap.toldFailed(task);
    return outcome;
  }

  #look(taskId: string, signal: AbortSignal): Promise<Answer | string> {
    const fate = this.#chance.weighted(this.#weather().poll);
    return new Promise((resolve) => {
      const end = (answer: Answer | string): void => {
        signal.removeEventListener("abort", breakOff);
        this.#end.deliver(() => resolve(answer));
      };
      const breakOff = (): void => end("broken off");
      if (signal.aborted) return breakOff();
      signal.addEventListener("abort", breakOff);
      this.#timeline.in(POLL_TIMEOUT_MS, () => end("no answer within the time allowed"));
      if (fate === "hangs") return;
      this.#timeline.in(this.#chance.between(1, 2000), () => end(this.#lookAnswer(taskId, fate)));
    });
  }

  #lookAnswer(taskId: string, fate: keyof Weather["poll"]): Answer | string {
    const task = this.#remote.tasks.get(taskId);
    if (task && this.#remote.denies(task)) return this.#denial();
    switch (fate) {
      case "reset":
        return "read ECONNRESET";
      case "server-error":
        return this.#answers.error(500, "InternalServiceError", "something broke");
      case "busy":
        return this.#answers.error(429, "RateLimitExceeded", "later", { "retry-after": "20" });
      case "page":
        return this.#answers.page(this.#chance.one([403, 404, 500, 502, 503, 504]));
      case "halt":
        return this.#answers.error(401, "AuthenticationError", "no");
      case "garbled":
        return task ? this.#answers.garbled(this.#report(task)) : "read ECONNRESET";
      case "no-link":
        return task && this.#remote.stateOf(task) === "succeeded"
          ? this.#answers.succeededWithoutLink(task.id)
          : "read ECONNRESET";
      case "not-found":
        return this.#denial();
      default:
        return task ? this.#report(task) : this.#denial();
    }
  }

  #denial(): Answer {
    return this.#answers.error(404, "task_not_exist", "task not exist");
  }

  #report(task: RemoteTask): Answer {
    switch (this.#remote.stateOf(task)) {
      case "running":
        return this.#answers.pending(task.id, this.#chance.fraction());
      case "failed":
        return this.#answers.failed(task.id, task.failsWith ?? "", "did not pass");
      case "succeeded":
        return this.#answers.succeeded(task.id, this.#remote.linkOf(task), task.purchase.tokens);
    }
  }

  async download(url: string, from: number, signal: AbortSignal): Promise<DownloadOutcome> {
    await this.#end.moment();
    const fate = this.#chance.weighted(this.#weather().download);
    await this.#pause(this.#chance.between(1, 500), signal);
    await this.#end.moment();
    const task = this.#remote.taskOf(url);
    const error = { code: "", message: "files.example" };
    if (signal.aborted || fate === "no-connection" || !task) return { kind: "unreadable", error };
    if (fate === "gone" || !this.#remote.isFresh(url)) return { kind: "gone", error };
    const page = Buffer.from("<html>Please log in</html>");
    const bytes = fate === "page" ? page : task.clip;
    // Not every server goes on where the bytes broke off.
    const start = fate === "page" || this.#chance.happens(0.2) ? 0 : Math.min(from, bytes.length);
    const told = fate !== "short" && (fate === "page" || this.#chance.happens(0.9));
    const upTo =
      fate === "short" || fate === "breaks" ? this.#chance.between(start, bytes.length - 1) : bytes.length;
    const body = this.#chunks(bytes.subarray(start, upTo), fate, signal);
    return { kind: "open", body, from: start, ...(told && { bytes: bytes.length }) };
  }

  async *#chunks(
    bytes: Buffer,
    fate: keyof Weather["download"],
    signal: AbortSignal,
  ): AsyncGenerator<Uint8Array> {
    for (let at = 0; at < bytes.length;) {
      await this.#pause(this.#chance.between(1, 300), signal);
      if (signal.aborted) throw new Error("broken off");
      const end = at + this.#chance.between(1, bytes.length);
      yield bytes.subarray(at, end);
      at = end;
    }
    if (fate === "hangs") await this.#pause(IDLE_TIMEOUT_MS, signal);
    if (fate === "hangs" || fate === "breaks") throw new Error("the download stopped: reset");
  }

  #pause(ms: number, signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const end = (): void => {
        signal.removeEventListener("abort", end);
        this.#end.deliver(resolve);
      };
      signal.addEventListener("abort", end);
      this.#timeline.in(ms, end);
    });
  }

  close(): Promise<void> {
    return Promise.resolve();
  }
}
