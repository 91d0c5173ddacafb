import { expect, test } from "vitest";
import { createSource } from "../../src/base/source.ts";
import { diagnosticLine } from "../../src/emulator/faults/diagnostic-line.ts";
import { FAULT_POINTS } from "../../src/emulator/faults/fault.ts";
import { readFaults } from "../../src/emulator/faults/read-faults.ts";
import schema from "../../schemas/faults.schema.json" with { type: "json" };

const told = (text: string): string[] =>
  readFaults(createSource("f.yaml", "", text)).diagnostics.map(diagnosticLine);
const row = (fields: string): string => `faults:\n  - { ${fields} }\n`;

test.each([
  [
    "no list",
    "faults: 3",
    "f.yaml:1:9: `faults` must be a list, not `3`; write a list: `[…]`, or one `- …` per line",
  ],
  ["nothing", "", "f.yaml:1:1: the file must be a mapping, not empty"],
  ["no YAML", "faults: [", /^f\.yaml:1:/],
  [
    "an unknown key",
    row("at: create, anwser: 429"),
    "f.yaml:2:19: there is no key `anwser` here; write `answer`",
  ],
  [
    "an unknown place",
    row("at: poll-task, answer: 429"),
    /^f\.yaml:2:11: `at` cannot be `poll-task`; allowed: `create`/,
  ],
  ["no effect", row("at: create"), "f.yaml:2:11: the row says not what happens; add `answer`"],
  ["no effect on a task", row("at: task"), /add one of `fail`, `expire`/],
  [
    "two effects",
    row("at: task, fail: true, slow: 3"),
    /one row has one effect; write `slow` into a row of its own/,
  ],
  [
    "an effect of another place",
    row("at: task, answer: 429"),
    "f.yaml:2:25: `answer` is not for `at: task`; it takes `fail`, `expire`, `hang`, `slow`, `queued`, `deliver`",
  ],
  ["an effect that no asset has", row("at: asset, expire: true"), /`expire` is not for `at: asset`/],
  [
    "an unknown answer",
    row("at: create, answer: resett"),
    "f.yaml:2:27: `resett` is no answer; write `reset`",
  ],
  ["a status that is no error", row("at: create, answer: 200"), /`200` is no status of an error/],
  [
    "an answer of another call",
    row("at: create, answer: no-range"),
    "f.yaml:2:27: `no-range` is not for `at: create`; write `at: download`",
  ],
  [
    "a key that says nothing",
    row("at: create, answer: reset, retry_after: 3"),
    "f.yaml:2:47: `retry_after` says nothing at `create` beside `answer: reset`",
  ],
  ["done where nothing is made", row("at: poll, answer: 500, done: true"), /`done` says nothing at `poll`/],
  ["when at a create", row("at: create, answer: 500, when: ended"), /`when` says nothing at `create`/],
  ["a key of calls at a task", row("at: task, fail: true, done: true"), /`done` says nothing here/],
  [
    "no times",
    row("at: create, answer: 500, times: 0"),
    /`times` cannot be `0`; write a whole number from 1, or `always`/,
  ],
  ["an unknown clip", row('at: task, deliver: { ratio: "2:1" }'), /`ratio` cannot be `2:1`/],
])("%s is told where it stands", (_, text, message) => {
  expect(told(text)).toEqual([typeof message === "string" ? message : expect.stringMatching(message)]);
});

test("all mistakes are told at once", () => {
  expect(told("faults:\n  - { at: create }\n  - { at: task }\n  - { at: poll, answer: 500 }\n")).toHaveLength(
    2,
  );
});

test("JSON is read as well", () => {
  const { faults, diagnostics } = readFaults(
    createSource("f.json", "", '{"faults":[{"at":"create","answer":429}]}'),
  );
  expect([diagnostics, faults]).toMatchObject([[], [{ at: "create", times: 1 }]]);
});

test("the schema and the program know the same places", () => {
  expect(schema.definitions.fault.properties.at.enum).toEqual([...FAULT_POINTS]);
});
