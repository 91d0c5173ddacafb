import type { Socket } from "node:net";

const CONTINUE = /^HTTP\/1\.[01] 100(?=[ \r])[^]*?\r\n\r\n/;
const MAYBE_CONTINUE = /^HTTP\/1\.[01] 100(?:[ \r]|$)/;
const FINAL = /HTTP\/1\.[01] [2-5]\d\d(?=[ \r])/g;
/** A head that is longer is left to the library, which refuses it. */
const MOST_HELD = 64 * 1024;

/**
 * What comes back over the one connection of a paid request. The library breaks a connection off when a server says
 * `100 Continue` without being asked, as old proxies do, and the task's id would be lost with it; and it leaves unread
 * what follows the first answer, though a second one may say that the request was accepted after all.
 */
export class Wire {
  /** The beginning of the first head, while it may be one of `100 Continue`. */
  #held = "";
  #isPast = false;
  #heard = "";

  /** To be called before anything is read from `socket`. */
  attach(socket: Socket): void {
    const read = socket.read.bind(socket);
    socket.read = (size?: number): unknown => {
      const chunk: unknown = read(size);
      return Buffer.isBuffer(chunk) ? this.#passOn(chunk) : chunk;
    };
  }

  /** What came after the first answer, when it is an answer too; `body` is that of the first. */
  secondAnswer(body: Buffer): string | undefined {
    const inBody = [...body.toString("latin1").matchAll(FINAL)].length;
    const heads = [...this.#heard.matchAll(FINAL)];
    const second = heads.length > inBody + 1 ? heads.at(-1) : undefined;
    return second && Buffer.from(this.#heard.slice(second.index), "latin1").toString("utf8");
  }

  #passOn(chunk: Buffer): Buffer | null {
    if (this.#isPast) {
      this.#heard += chunk.toString("latin1");
      return chunk;
    }
    this.#held += chunk.toString("latin1");
    while (CONTINUE.test(this.#held)) this.#held = this.#held.replace(CONTINUE, "");
    if (mayBeContinue(this.#held) && this.#held.length < MOST_HELD) return null;
    this.#isPast = true;
    this.#heard = this.#held;
    return Buffer.from(this.#held, "latin1");
  }
}

function mayBeContinue(text: string): boolean {
  return MAYBE_CONTINUE.test(text) || ["HTTP/1.1 100", "HTTP/1.0 100"].some((head) => head.startsWith(text));
}
