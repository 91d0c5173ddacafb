import fc from "fast-check";
import type { Socket } from "node:net";
import { expect, test } from "vitest";
import { Wire } from "../../src/service/wire.ts";

/** What the library reads of these pieces, each of which arrives on its own. */
function readThrough(wire: Wire, pieces: readonly Buffer[]): string {
  const waiting = [...pieces];
  const socket = { read: () => waiting.shift() ?? null } as unknown as Socket;
  wire.attach(socket);
  const read: Buffer[] = [];
  while (waiting.length > 0) {
    const chunk = socket.read() as Buffer | null;
    if (chunk !== null) read.push(chunk);
  }
  return Buffer.concat(read).toString();
}

function cutAt(text: string, places: readonly number[]): Buffer[] {
  const bytes = Buffer.from(text);
  const ends = [...new Set([...places.map((place) => place % bytes.length), bytes.length])].sort(
    (a, b) => a - b,
  );
  return ends.map((end, i) => bytes.subarray(ends[i - 1] ?? 0, end)).filter(({ length }) => length > 0);
}

const INTERIM = [
  "HTTP/1.1 100 Continue\r\n\r\n",
  "HTTP/1.0 100\r\n\r\n",
  "HTTP/1.1 100 Go on\r\nserver: x\r\na: b\r\n\r\n",
];
const ANSWERS = [
  'HTTP/1.1 200 OK\r\ncontent-length: 14\r\n\r\n{"id":"灯塔"}',
  "HTTP/1.1 103 Early Hints\r\n\r\nHTTP/1.1 400 Bad\r\n\r\nHTTP/1.1 100 in a body\r\n\r\n",
  "HTTP/1.0 429 Slow\r\n\r\n",
  "\x00\x01garbage, and HTTP/1.1 100 Continue\r\n\r\n",
  "HTTP/1.1 1000 no status\r\n\r\n",
];

test("however the bytes arrive, 100 before the answer is left out, and nothing else is", () => {
  const interim = fc.array(fc.constantFrom(...INTERIM), { maxLength: 3 });
  const places = fc.array(fc.nat(), { maxLength: 12 });
  fc.assert(
    fc.property(interim, fc.constantFrom(...ANSWERS), places, (before, answer, cuts) => {
      expect(readThrough(new Wire(), cutAt(before.join("") + answer, cuts))).toBe(answer);
    }),
    { numRuns: 1000 },
  );
});

test("a second answer is seen, and one that a body speaks of is not", () => {
  const body = '{"message":"upstream said HTTP/1.1 502 Bad Gateway"}';
  const first = `HTTP/1.1 429 Slow\r\ncontent-length: ${body.length}\r\n\r\n${body}`;
  const second = 'HTTP/1.1 200 OK\r\n\r\n{"id":"灯塔"}';
  const secondOf = (text: string, said: string): string | undefined => {
    const wire = new Wire();
    readThrough(wire, [Buffer.from(text)]);
    return wire.secondAnswer(Buffer.from(said));
  };
  expect(secondOf(first, body)).toBeUndefined();
  expect(secondOf(first + second, body)).toBe(second);
  expect(secondOf(`HTTP/1.1 102 Processing\r\n\r\n${first}`, body)).toBeUndefined();
  expect(new Wire().secondAnswer(Buffer.from(""))).toBeUndefined();
});
