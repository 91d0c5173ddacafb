import { ACCEPTED, resetLater, say, SHORT, stay, type CreateMore } from "./create-once.ts";
import { answer, type RawBehaviour, type Seen } from "./raw-server.ts";

/**
 * Where the connection of the request that costs money ends, what is concluded from it, and how many requests the
 * server saw. Only what the server itself has said, or what never left, may be sent again: `busy` and `not-sent`.
 */
interface Row {
  readonly died: string;
  readonly concluded: "accepted" | "refused" | "busy" | "halt" | "unknown" | "not-sent";
  /** Requests that the server saw begin; `0–1` where a connection ends before anybody has read. */
  readonly requests: 0 | 1 | "0–1";
  readonly behaviour: RawBehaviour;
  readonly more?: CreateMore;
  /** Over TLS, all bytes by way of a relay that does this to the connection once it has seen so many bytes. */
  readonly relay?: RelayBreak;
}

export interface RelayBreak {
  /** Bytes of which side are counted. */
  readonly of: "request" | "answer";
  readonly after: number;
  readonly act: "cut" | "reset" | "garble";
}

const REFUSAL = JSON.stringify({ error: { code: "InvalidParameter", message: "content[0] is wrong" } });
/** More than the buffers of both sockets hold. */
const LARGE = {
  body: JSON.stringify("x".repeat(12_000_000)),
  timeouts: { ...SHORT, createAnswer: 1000, uploadMegabyte: 0 },
};
const CHUNKED = "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n";
const chunk = (text: string): string => `${Buffer.byteLength(text).toString(16)}\r\n${text}\r\n`;
const HALF = ACCEPTED.slice(0, 16);
const announced = (bytes: number, text: string, version = "1.1"): string =>
  `HTTP/${version} 200 OK\r\ncontent-length: ${bytes}\r\n\r\n${text}`;

const atHead =
  (text: string, after: (socket: Seen["socket"]) => void) =>
  ({ socket, headDone }: Seen): void => {
    if (!headDone) return;
    socket.write(text);
    after(socket);
  };

const row = (
  died: string,
  concluded: Row["concluded"],
  onData: RawBehaviour["onData"],
  more: Partial<Row> = {},
): Row => ({ died, concluded, requests: 1, behaviour: { ...(onData && { onData }) }, ...more });

const BEFORE_AN_ANSWER: Row[] = [
  row("closed as soon as accepted", "unknown", undefined, {
    requests: "0–1",
    behaviour: { onConnect: (socket) => socket.destroy() },
  }),
  row("its side ended as soon as accepted", "unknown", undefined, {
    requests: "0–1",
    behaviour: { onConnect: (socket) => socket.end() },
  }),
  row("closed after the head", "unknown", ({ socket, headDone }) => headDone && socket.destroy()),
  row("closed after the body", "unknown", ({ socket, bodyDone }) => bodyDone && socket.destroy()),
  row("reset after the head", "unknown", ({ socket, headDone }) => headDone && socket.resetAndDestroy()),
  row("reset after the body", "unknown", ({ socket, bodyDone }) => bodyDone && socket.resetAndDestroy()),
  row(
    "reset in the middle of a large body",
    "unknown",
    ({ socket, text }) => text.length > 1_000_000 && socket.resetAndDestroy(),
    { more: LARGE },
  ),
  row(
    "reads no more in the middle of a large body",
    "unknown",
    atHead("", (socket) => socket.pause()),
    {
      more: LARGE,
    },
  ),
  row("silent until we give up", "unknown", undefined),
  row("408, the server waited long enough", "unknown", say(answer("408 Request Timeout", ""))),
];

const WITHIN_AN_ANSWER: Row[] = [
  row("closed after half a status line", "unknown", say("HTTP/1.1 2")),
  row("closed after half a head", "unknown", say("HTTP/1.1 200 OK\r\ncontent-le")),
  row("reset after half a head", "unknown", say("HTTP/1.1 200 OK\r\ncontent-le", resetLater)),
  row("silent after half a head", "unknown", say("HTTP/1.1 200 OK\r\ncontent-le", stay)),
  row("closed before any of the body", "unknown", say(announced(50, ""))),
  row("closed after half the body", "unknown", say(announced(50, HALF))),
  row("reset after half the body", "unknown", say(announced(50, HALF), resetLater)),
  row("silent after half the body", "unknown", say(announced(50, HALF), stay)),
  row("half a body of no announced length", "unknown", say(`HTTP/1.1 200 OK\r\n\r\n${HALF}`)),
  row(
    "closed after half a refusal",
    "unknown",
    say(`HTTP/1.1 400 Bad Request\r\ncontent-length: 99\r\n\r\n${REFUSAL.slice(0, 20)}`),
  ),
  row(
    "closed after half a 429",
    "unknown",
    say("HTTP/1.1 429 Slow\r\ncontent-length: 99\r\nretry-after: 1\r\n\r\n{"),
  ),
  row("announced longer than the whole JSON that came", "accepted", say(announced(99, ACCEPTED))),
  row("reset after the whole JSON", "accepted", say(announced(99, ACCEPTED), resetLater)),
  row("announced shorter than it is", "unknown", say(announced(10, ACCEPTED))),
  row(
    "two lengths announced",
    "unknown",
    say(`HTTP/1.1 200 OK\r\ncontent-length: 9\r\n${announced(50, ACCEPTED).slice(17)}`),
  ),
  row(
    "a length and chunks announced",
    "unknown",
    say(`HTTP/1.1 200 OK\r\ncontent-length: 9\r\ntransfer-encoding: chunked\r\n\r\n${chunk(ACCEPTED)}`),
  ),
  row("closed within a chunk", "unknown", say(`${CHUNKED}50\r\n${HALF}`)),
  row("reset between two chunks", "unknown", say(CHUNKED + chunk(HALF), resetLater)),
  row("a chunk of no size", "unknown", say(`${CHUNKED}zz\r\n${ACCEPTED}\r\n0\r\n\r\n`)),
  row("closed before the last chunk, after the whole JSON", "accepted", say(CHUNKED + chunk(ACCEPTED))),
  row("garbage", "unknown", say("\x00\x01garbage\r\n\r\n")),
  row("an answer without end", "unknown", say(`HTTP/1.1 200 OK\r\n\r\n${"x".repeat(5_000_000)}`, stay)),
];

const OLD_ANSWERS: Row[] = [
  row("HTTP/1.0 with its length", "accepted", say(announced(ACCEPTED.length, ACCEPTED, "1.0"))),
  row("HTTP/1.0 with its length, closed early", "unknown", say(announced(ACCEPTED.length, HALF, "1.0"))),
  row("HTTP/1.0 up to the close", "accepted", say(`HTTP/1.0 200 OK\r\n\r\n${ACCEPTED}`)),
  row("HTTP/1.0 up to a close that comes early", "unknown", say(`HTTP/1.0 200 OK\r\n\r\n${HALF}`)),
  row(
    "HTTP/1.0 up to a reset that comes early",
    "unknown",
    say(`HTTP/1.0 200 OK\r\n\r\n${HALF}`, resetLater),
  ),
  row("HTTP/1.0, refused", "refused", say(`HTTP/1.0 400 Bad Request\r\n\r\n${REFUSAL}`)),
];

const BEFORE_THE_FINAL_ANSWER: Row[] = [
  row("100, then the answer", "accepted", say(`HTTP/1.1 100 Continue\r\n\r\n${answer("200 OK", ACCEPTED)}`)),
  row("100 in two pieces, twice, with a header, then the answer", "accepted", ({ socket, bodyDone }) => {
    if (!bodyDone) return;
    const text = `HTTP/1.1 100 Continue\r\nx: y\r\n\r\nHTTP/1.1 100\r\n\r\n${answer("200 OK", ACCEPTED)}`;
    const pieces = [text.slice(0, 5), text.slice(5, 20), text.slice(20, 60), text.slice(60)];
    const next = (): void => {
      const piece = pieces.shift();
      if (piece === undefined) socket.end();
      else socket.write(piece, () => setImmediate(next));
    };
    next();
  }),
  row("100, then a refusal", "refused", say(`HTTP/1.1 100 Continue\r\n\r\n${answer("400 Bad", REFUSAL)}`)),
  row("100, then closed", "unknown", say("HTTP/1.1 100 Continue\r\n\r\n")),
  row("100, then silent", "unknown", say("HTTP/1.1 100 Continue\r\n\r\n", stay)),
  row("half of 100, then closed", "unknown", say("HTTP/1.1 100 Cont")),
  row("102, then closed", "unknown", say("HTTP/1.1 102 Processing\r\n\r\n")),
  row(
    "103, then the answer",
    "accepted",
    say(`HTTP/1.1 103 Early Hints\r\nlink: x\r\n\r\n${answer("200 OK", ACCEPTED)}`),
  ),
  row("103, then closed", "unknown", say("HTTP/1.1 103 Early Hints\r\nlink: x\r\n\r\n")),
  row("103, then reset", "unknown", say("HTTP/1.1 103 Early Hints\r\nlink: x\r\n\r\n", resetLater)),
  row(
    "101, another protocol",
    "unknown",
    say("HTTP/1.1 101 Switching\r\nupgrade: x\r\nconnection: upgrade\r\n\r\n"),
  ),
];

const EARLY_ANSWERS: Row[] = [
  row(
    "200 before a large body was read, then reset",
    "accepted",
    atHead(answer("200 OK", ACCEPTED), resetLater),
    { more: LARGE },
  ),
  row("200 before a large body was read, then silent", "accepted", atHead(answer("200 OK", ACCEPTED), stay), {
    more: LARGE,
  }),
  row(
    "400 before a large body was read, then reset",
    "refused",
    atHead(answer("400 Bad", REFUSAL), resetLater),
    { more: LARGE },
  ),
  row(
    "413 before a large body was read, then closed",
    "refused",
    atHead(answer("413 Too Large", "<html>"), resetLater),
    { more: LARGE },
  ),
  row(
    "half a refusal before a large body was read, then reset",
    "unknown",
    atHead(`HTTP/1.1 400 Bad\r\ncontent-length: 99\r\n\r\n${REFUSAL.slice(0, 9)}`, resetLater),
    { more: LARGE },
  ),
  row("502 before a large body was read, then reset", "unknown", atHead(answer("502 Bad", ""), resetLater), {
    more: LARGE,
  }),
];

const GLUED: Row[] = [
  row("two that accept", "accepted", say(answer("200 OK", ACCEPTED) + answer("200 OK", '{"id":"cgt-2"}'))),
  row("429, and one that accepts", "unknown", say(answer("429 Slow", "") + answer("200 OK", ACCEPTED))),
  row(
    "a refusal, and one that accepts",
    "unknown",
    say(answer("400 Bad", REFUSAL) + answer("200 OK", ACCEPTED)),
  ),
  row(
    "a refusal in chunks, and one that accepts",
    "unknown",
    say(
      `HTTP/1.1 400 Bad\r\ntransfer-encoding: chunked\r\n\r\n${chunk(REFUSAL)}0\r\n\r\n${answer("200 OK", ACCEPTED)}`,
    ),
  ),
  row(
    "a refusal that speaks of another answer is one",
    "refused",
    say(
      answer("400 Bad", JSON.stringify({ error: { code: "InvalidParameter", message: "HTTP/1.1 502 Bad" } })),
    ),
  ),
];

const WHOLE_ANSWERS: Row[] = [
  row("200 with nothing", "unknown", say(answer("200 OK", ""))),
  row("200 with a page", "unknown", say(answer("200 OK", "<html>hello</html>"))),
  row("303", "unknown", say(answer("303 See Other", "", ["location: /elsewhere"]))),
  row("307", "refused", say(answer("307 Temporary", "", ["location: /elsewhere"]))),
  row("400 with its error", "refused", say(answer("400 Bad", REFUSAL))),
  row("401", "halt", say(answer("401 No", ""))),
  row("429", "busy", say(answer("429 Slow", "", ["retry-after: 1"]))),
  row("500 with a text", "unknown", say(answer("500 Oops", "upstream error"))),
  row("502 with a page", "unknown", say(answer("502 Bad Gateway", "<html>502</html>"))),
  row("504", "unknown", say(answer("504 Late", ""))),
];

const OVER_TLS: Row[] = [
  row("TLS cut in the handshake", "not-sent", undefined, {
    requests: 0,
    relay: { of: "request", after: 1, act: "cut" },
  }),
  row("TLS cut in the middle of a large body", "unknown", undefined, {
    more: LARGE,
    relay: { of: "request", after: 1_000_000, act: "cut" },
  }),
  row("TLS reset in the middle of a large body", "unknown", undefined, {
    more: LARGE,
    relay: { of: "request", after: 1_000_000, act: "reset" },
  }),
  row("TLS garbled in the middle of a large body", "unknown", undefined, {
    more: LARGE,
    relay: { of: "request", after: 1_000_000, act: "garble" },
  }),
  row("TLS garbled in the answer", "unknown", say(announced(60_000, HALF + " ".repeat(40_000)), stay), {
    relay: { of: "answer", after: 20_000, act: "garble" },
  }),
  row(
    "TLS cut in an answer up to the close",
    "unknown",
    say(`HTTP/1.1 200 OK\r\n\r\n${HALF}${" ".repeat(40_000)}`, stay),
    {
      relay: { of: "answer", after: 20_000, act: "cut" },
    },
  ),
  row("TLS, whole", "accepted", say(answer("200 OK", ACCEPTED)), {
    relay: { of: "answer", after: Infinity, act: "cut" },
  }),
];

export const ROWS: readonly Row[] = [
  ...BEFORE_AN_ANSWER,
  ...WITHIN_AN_ANSWER,
  ...OLD_ANSWERS,
  ...BEFORE_THE_FINAL_ANSWER,
  ...EARLY_ANSWERS,
  ...GLUED,
  ...WHOLE_ANSWERS,
  ...OVER_TLS,
];
