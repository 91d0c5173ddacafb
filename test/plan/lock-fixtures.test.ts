import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { canonicalJson } from "../../src/base/digest.ts";
import { Ledger, replayJournal } from "../../src/execute/ledger.ts";
import { formatLock } from "../../src/plan/lock-format.ts";
import { parseLock } from "../../src/plan/lock-read.ts";
import type { Lock } from "../../src/plan/lock.ts";
import { fingerprintOf } from "../../src/plan/recipe.ts";
import { checkLockShape } from "../../src/syntax/lock-schema.ts";
import { clip } from "../support/takes.ts";

/** Lockfiles as versions of storyc have written them. They stay: a film that was begun with one must go on. */
const FIXTURES = join(import.meta.dirname, "../fixtures/locks");
const names = readdirSync(FIXTURES).filter((name) => name.endsWith(".json"));
const textOf = (name: string): string => readFileSync(join(FIXTURES, name), "utf8");

function read(name: string): Lock {
  const { lock, diagnostics } = parseLock(name, name, textOf(name));
  expect(diagnostics).toEqual([]);
  return lock;
}

describe.each(names)("%s", (name) => {
  test("is read, fits the schema, and its fingerprints are those of today", () => {
    const lock = read(name);
    expect(lock.scenes.size).toBeGreaterThan(2);
    expect(checkLockShape(JSON.parse(textOf(name)))).toEqual([]);
    // Fields that came later count in a fingerprint as well; in that fixture they were added by hand.
    if (name.includes("later")) return;
    for (const { takes } of lock.scenes.values())
      for (const { recipe, fingerprint } of takes) expect(fingerprintOf(recipe)).toBe(fingerprint);
  });

  test("loses nothing when it is written", () => {
    const text = formatLock(read(name));
    expect(canonicalJson(JSON.parse(text))).toBe(canonicalJson(JSON.parse(textOf(name))));
    expect(formatLock(parseLock(name, name, text).lock)).toBe(text);
  });

  test("loses nothing in a run that does nothing", () => {
    const ledger = new Ledger(read(name), () => undefined);
    expect(formatLock(ledger.lock())).toBe(formatLock(read(name)));
  });
});

test.each(names.filter((name) => !name.includes("later")))(
  "%s is written byte for byte as it was",
  (name) => {
    expect(formatLock(read(name))).toBe(textOf(name));
  },
);

test("the journal of a run that was killed years ago is replayed", () => {
  const lines = textOf("v1-b81697d-killed.jsonl").trim().split("\n");
  const entries = lines.map((line): unknown => JSON.parse(line));
  const lock = replayJournal(read("v1-b81697d-killed.json"), entries);
  const states = [...lock.scenes].flatMap(([id, { takes }]) =>
    takes.map(({ take, state }) => `${id}#${take} ${state}`),
  );
  expect(states).toEqual(
    expect.arrayContaining([
      "broken#4 failed",
      "silent#1 done",
      "night#1 done",
      "dusk#1 done",
      "rain#1 submitted",
      "rain#2 submitted",
    ]),
  );
  expect(["silent", "night", "dusk"].map((id) => lock.scenes.get(id)?.selected)).toEqual([
    { main: 1 },
    { main: 1 },
    { main: 1 },
  ]);
});

/** What those tests look at. */
interface Later {
  stores: unknown;
  library: { anyfast: Record<string, { expires: string }> };
  scenes: {
    dawn: {
      notes: unknown;
      takes: {
        later: unknown;
        clip: { colour: string };
        quote: { basis: string };
        recipe: { seed_hint: string };
      }[];
    };
    planned: { reserved: boolean };
    lost: { takes: unknown[] };
    silent: { takes: unknown[] };
  };
}

describe("fields that a newer minor version has added", () => {
  const NAME = "v1-later-fields.json";

  test("stay on every level, in a stable order", () => {
    const written = JSON.parse(formatLock(read(NAME))) as Later;
    const [dawn] = written.scenes.dawn.takes;
    expect([
      written.stores,
      written.library.anyfast["a".repeat(64)]?.expires,
      written.scenes.planned.reserved,
      written.scenes.dawn.notes,
      dawn?.later,
      dawn?.clip.colour,
      dawn?.quote.basis,
      dawn?.recipe.seed_hint,
    ]).toEqual([
      { main: "s3://bucket/film" },
      "2028-01-01",
      true,
      ["the first one is too dark"],
      { deep: [1, { x: null }] },
      "bt709",
      "table of 2027",
      "a",
    ]);
  });

  test("stay when the state of their take changes", () => {
    const ledger = new Ledger(read(NAME), () => undefined);
    ledger.observe("lost", 1, { kind: "succeeded", tokens: 3 });
    ledger.observe("lost", 1, { kind: "stored", clip: clip(), differences: [] });
    ledger.observe("silent", 1, { kind: "abandoned" });
    const written = JSON.parse(formatLock(ledger.lock())) as Later;
    expect(written.scenes.lost).toMatchObject({
      selected: { main: 1 },
      takes: [{ state: "done", queue: "slow", quote: { basis: "table of 2027" }, clip: clip() }],
    });
    expect(written.scenes.silent.takes).toMatchObject([
      { state: "abandoned", hint: "look in the console", error: { url: "https://example.com/console" } },
    ]);
    expect(written.stores).toEqual({ main: "s3://bucket/film" });
  });
});
