import { readFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { expect, test } from "vitest";
import { diagnosticJson } from "../../src/cli/diagnostic-json.ts";
import { diagnosticText } from "../../src/cli/diagnostic-text.ts";
import { Ledger } from "../../src/execute/ledger.ts";
import { formatLock } from "../../src/plan/lock-format.ts";
import { parseLock } from "../../src/plan/lock-read.ts";
import { EMPTY_LOCK } from "../../src/plan/lock.ts";
import { planText } from "./planned.ts";

const FIXTURES = join(import.meta.dirname, "../fixtures/locks");
const TEXTS = ["v1-b81697d.json", "v1-later-fields.json"].map((name) =>
  readFileSync(join(FIXTURES, name), "utf8"),
);
const STORYBOARD = `version: 1
scenes:
  - { id: dawn, prompt: At dawn. }
  - { id: climb, extend: dawn, prompt: He climbs. }
  - { id: broken, prompt: A lamp., takes: 2 }
  - { id: silent, prompt: Nobody. }
`;

/** Either it is read, and everything that is done with a lock can be done; or it is told, at a place that is there. */
function survives(text: string): void {
  const { lock, diagnostics } = parseLock("film.lock.json", "/p/film.lock.json", text);
  if (diagnostics.length > 0) {
    expect(lock).toBe(EMPTY_LOCK);
    for (const one of diagnostics) {
      const { start = -1, end = -1 } = one.span ?? {};
      expect(start >= 0 && start <= end && end <= text.length, one.message).toBe(true);
      diagnosticText(one, { columns: 80, style: (_, part) => part });
      diagnosticJson(one);
    }
    return;
  }
  const written = formatLock(lock);
  expect(formatLock(parseLock("", "", written).lock)).toBe(written);
  planText(STORYBOARD, { lock });
  const ledger = new Ledger(lock, () => undefined);
  for (const id of lock.scenes.keys()) ledger.selected(id);
  expect(formatLock(ledger.lock())).toBeTypeOf("string");
}

test("a lockfile that was cut, or pasted together wrongly, never breaks storyc", () => {
  const place = fc.double({ min: 0, max: 1, noNaN: true });
  const insert = fc.oneof(
    fc.string({ maxLength: 5 }),
    fc.constantFrom(...'{}[],:"\n', "<<<<<<< a\n", "=======\n", ">>>>>>> b\n", "null"),
  );
  fc.assert(
    fc.property(fc.constantFrom(...TEXTS), place, place, insert, (text, a, b, between) => {
      const [from, to] = [a, b].map((at) => Math.round(at * text.length)).sort((x, y) => x - y);
      survives(text.slice(0, from) + between + text.slice(to));
      survives(text.slice(0, from) + between + text.slice(from));
    }),
    { numRuns: 300 },
  );
});

/** The ways to all values of a JSON value. */
function ways(value: unknown, way: readonly (string | number)[] = []): (readonly (string | number)[])[] {
  if (typeof value !== "object" || value === null) return [way];
  const members = Array.isArray(value) ? value.map((one, i) => [i, one] as const) : Object.entries(value);
  return [way, ...members.flatMap(([key, member]) => ways(member, [...way, key]))];
}

function put(value: unknown, way: readonly (string | number)[], what: unknown): unknown {
  const [key, ...rest] = way;
  if (key === undefined) return what;
  if (Array.isArray(value)) return value.map((one, i): unknown => (i === key ? put(one, rest, what) : one));
  const members = Object.entries(value as Record<string, unknown>);
  const changed = members.map(([name, one]) => [name, name === key ? put(one, rest, what) : one] as const);
  return Object.fromEntries(changed.filter(([, one]) => one !== undefined));
}

test("a value of the wrong type, or one that is gone, at any place never breaks storyc", () => {
  const values = TEXTS.map((text): unknown => JSON.parse(text));
  const all = values.flatMap((value) => ways(value).map((way) => [value, way] as const));
  const wrong = fc.oneof(
    fc.constant(undefined),
    fc.constantFrom("", 0, -1, 1.5, null, true, [], {}, "x"),
    fc.jsonValue(),
  );
  fc.assert(
    fc.property(fc.constantFrom(...all), wrong, ([value, way], what) => {
      survives(JSON.stringify(put(value, way, what) ?? null, null, 2));
    }),
    { numRuns: 1000 },
  );
});
