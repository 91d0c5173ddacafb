import type { Dispatcher } from "undici";
import type { Answer } from "../seedance/answer.ts";
import { answerOf, MOST_ANSWER_BYTES } from "./answer-bytes.ts";
import { reasonOf, type OnceWay } from "./network.ts";

export interface SendTimeouts {
  /** From the start until the request begins to be written: name, connection, proxy and TLS together. */
  readonly connectMs: number;
  /** From then until the last byte of the answer, on top of the time that the upload itself may take. */
  readonly answerMs: number;
  /** What the upload may take for each megabyte (a million bytes) of the body. */
  readonly uploadMsPerMegabyte: number;
}

export interface OnceRequest {
  readonly url: URL;
  readonly body: string;
  readonly headers: Readonly<Record<string, string>>;
}

/**
 * How far the request came. `not-sent` is said on evidence only: not one byte of it was given to a
 * connection. From the first byte on, everything but one whole answer is `unknown`.
 */
export type Sent =
  | { readonly kind: "answered"; readonly answer: Answer }
  | { readonly kind: "not-sent"; readonly reason: string }
  | { readonly kind: "unknown"; readonly reason: string; readonly part: Answer };

/** Posts once over a way made for this one request, and closes it. Never rejects. */
export function sendOnce(
  way: OnceWay,
  request: OnceRequest,
  timeouts: SendTimeouts,
  signal: AbortSignal,
): Promise<Sent> {
  return new Promise((resolve) => {
    const post = new Post(way, request, timeouts, signal, resolve);
    post.start();
  });
}

/** The life of one POST; a class since the library calls back into it at each stage. */
class Post implements Dispatcher.DispatchHandler {
  /** Set in the same turn in which the library gives the first byte to the connection, just before. */
  #begun = false;
  #ended = false;
  #status = 0;
  #headers: Answer["headers"] = {};
  #bytes = 0;
  readonly #chunks: Buffer[] = [];
  #timer: NodeJS.Timeout | undefined;
  readonly #way: OnceWay;
  readonly #request: OnceRequest;
  readonly #timeouts: SendTimeouts;
  readonly #signal: AbortSignal;
  readonly #resolve: (sent: Sent) => void;

  constructor(
    way: OnceWay,
    request: OnceRequest,
    timeouts: SendTimeouts,
    signal: AbortSignal,
    resolve: (sent: Sent) => void,
  ) {
    this.#way = way;
    this.#request = request;
    this.#timeouts = timeouts;
    this.#signal = signal;
    this.#resolve = resolve;
  }

  start(): void {
    if (this.#signal.aborted) return this.#giveUp("broken off");
    this.#signal.addEventListener("abort", this.#onAbort);
    this.#timer = setTimeout(
      () => this.#giveUp("no connection within the time allowed"),
      this.#timeouts.connectMs,
    );
    const { url, body, headers } = this.#request;
    try {
      this.#way.dispatcher.dispatch(
        {
          origin: url.origin,
          path: url.pathname + url.search,
          method: "POST",
          body,
          headers: { ...headers },
          idempotent: false,
          reset: true,
          // Our own timer covers the whole answer; two clocks would end at different places.
          headersTimeout: 0,
          bodyTimeout: 0,
        },
        this,
      );
    } catch (error) {
      this.#giveUp(reasonOf(error));
    }
  }

  onRequestStart(): void {
    // The library starts a request over when a connection ends in a way that it takes for its own doing.
    // Throwing here keeps it from writing a byte, so a POST that was once begun is never written again.
    if (this.#begun || this.#ended) throw new Error("this request was begun before");
    this.#begun = true;
    clearTimeout(this.#timer);
    const { answerMs, uploadMsPerMegabyte } = this.#timeouts;
    const upload = (Buffer.byteLength(this.#request.body) / 1e6) * uploadMsPerMegabyte;
    this.#timer = setTimeout(() => this.#giveUp("no answer within the time allowed"), answerMs + upload);
  }

  onResponseStart(_: unknown, status: number, headers: Answer["headers"]): void {
    this.#status = status;
    this.#headers = headers;
  }

  onResponseData(_: unknown, chunk: Buffer): void {
    this.#bytes += chunk.length;
    if (this.#bytes > MOST_ANSWER_BYTES) this.#giveUp("the answer was far too long");
    else this.#chunks.push(chunk);
  }

  onResponseEnd(): void {
    const second = this.#way.wire.secondAnswer(Buffer.concat(this.#chunks));
    if (second === undefined) this.#end({ kind: "answered", answer: this.#answer() });
    else this.#giveUp(`two answers came, the second “${second.slice(0, 300)}”`);
  }

  onResponseError(_: unknown, error: Error): void {
    this.#giveUp(reasonOf(error));
  }

  readonly #onAbort = (): void => this.#giveUp("broken off");

  #giveUp(reason: string): void {
    this.#end(this.#begun ? { kind: "unknown", reason, part: this.#answer() } : { kind: "not-sent", reason });
  }

  #answer(): Answer {
    return answerOf(this.#status, this.#headers, Buffer.concat(this.#chunks));
  }

  #end(sent: Sent): void {
    if (this.#ended) return;
    this.#ended = true;
    clearTimeout(this.#timer);
    this.#signal.removeEventListener("abort", this.#onAbort);
    // After this no byte can be written any more, so what is said about the request stays true.
    void this.#way.dispatcher.destroy().catch(() => undefined);
    this.#resolve(sent);
  }
}
