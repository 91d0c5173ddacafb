import { describe, expect, test } from "vitest";
import {
  advance,
  stateOf,
  takeOf,
  type Effect,
  type Observation,
  type TaskState,
} from "../../src/execute/protocol.ts";
import type { TakeState } from "../../src/plan/lock.ts";
import { clip, intent, STATES } from "../support/takes.ts";

type Kind = TaskState["kind"];

const error = { code: "Bad", message: "no" };
const SEEN: { readonly [K in Observation["kind"]]: Extract<Observation, { kind: K }> } = {
  intent: { kind: "intent", intent: intent("another body") },
  accepted: { kind: "accepted", task: "task-2" },
  refused: { kind: "refused", error },
  "not-created": { kind: "not-created", error },
  "outcome-unknown": { kind: "outcome-unknown", error },
  adopted: { kind: "adopted", task: "task-3" },
  missing: { kind: "missing", error },
  abandoned: { kind: "abandoned" },
  restarted: { kind: "restarted" },
  succeeded: { kind: "succeeded", tokens: 9 },
  "task-failed": { kind: "task-failed", error },
  stored: { kind: "stored", clip: clip("other"), differences: ["wider"] },
};

/** Where an observation leads; all that is not listed changes nothing. */
const CHANGES: { readonly [K in Kind]: Partial<Record<Observation["kind"], Kind>> } = {
  idle: { intent: "intended" },
  intended: {
    accepted: "submitted",
    refused: "refused",
    "not-created": "waiting",
    "outcome-unknown": "unknown",
    restarted: "unknown",
  },
  waiting: { intent: "intended", restarted: "idle" },
  submitted: { succeeded: "succeeded", "task-failed": "failed", stored: "done", missing: "submitted" },
  succeeded: { stored: "done", restarted: "submitted" },
  unknown: { accepted: "submitted", adopted: "submitted", abandoned: "abandoned" },
  abandoned: { accepted: "submitted", adopted: "submitted" },
  done: {},
  refused: {},
  failed: {},
};

const kinds = Object.keys(STATES) as Kind[];
const observations = Object.keys(SEEN) as Observation["kind"][];
const PAIRS = kinds.flatMap((kind) => observations.map((seen) => ({ kind, seen, to: CHANGES[kind][seen] })));

describe("every state with every observation", () => {
  test.each(PAIRS.filter(({ to }) => to !== undefined))("$kind, $seen: $to", ({ kind, seen, to }) => {
    expect(advance(STATES[kind], SEEN[seen]).state.kind).toBe(to);
  });

  test.each(PAIRS.filter(({ to }) => to === undefined))("$kind, $seen: nothing changes", ({ kind, seen }) => {
    expect(advance(STATES[kind], SEEN[seen]).state).toBe(STATES[kind]);
  });

  test("an answer that comes twice changes nothing the second time", () => {
    for (const { kind, seen } of PAIRS.filter((pair) => pair.seen !== "intent")) {
      const once = advance(STATES[kind], SEEN[seen]).state;
      expect(advance(once, SEEN[seen]).state, `${kind}, ${seen}`).toEqual(once);
    }
  });
});

test("only a take that was certainly not accepted may be sent", () => {
  const effects = Object.fromEntries(
    kinds.map((kind) => [kind, advance(STATES[kind], { kind: "accepted", task: "" }).effect]),
  );
  const expected: Record<Kind, Effect> = {
    idle: "nothing",
    // The answer has just come.
    intended: "poll",
    unknown: "poll",
    abandoned: "poll",
    waiting: "send-later",
    submitted: "poll",
    succeeded: "download",
    done: "nothing",
    refused: "nothing",
    failed: "nothing",
  };
  expect(effects).toEqual(expected);
  expect(advance(STATES.idle, SEEN.intent).effect).toBe("send");
});

test("no order of answers takes a known task away", () => {
  const known = kinds.filter((kind) => "task" in STATES[kind]);
  for (const kind of known) {
    for (const first of observations) {
      for (const second of observations) {
        const state = [SEEN[first], SEEN[second]].reduce(
          (at, seen) => advance(at, seen).state,
          STATES[kind] as TaskState,
        );
        expect(state, `${kind}, ${first}, ${second}`).toMatchObject({ task: "task-1", intent: intent() });
      }
    }
  }
});

test("a task that its service does not know is asked for again, until a person gives it up", () => {
  const missing = advance(STATES.submitted, SEEN.missing);
  expect(missing).toMatchObject({ effect: "poll", state: { kind: "submitted", task: "task-1", error } });
  expect(advance(missing.state, SEEN.missing).state).toBe(missing.state);
  expect(advance(missing.state, SEEN.stored).state).not.toHaveProperty("error");
  expect(advance(missing.state, SEEN.succeeded).state).not.toHaveProperty("error");
  const givenUp = advance(missing.state, SEEN.abandoned);
  expect(givenUp).toMatchObject({ effect: "nothing", state: { kind: "abandoned", task: "task-1" } });
  expect(advance(STATES.submitted, SEEN.abandoned).state).toBe(STATES.submitted);
  for (const { state } of [missing, givenUp]) {
    const take = takeOf(1, state);
    expect(take).toMatchObject({ task: "task-1", error });
    expect(take && stateOf(take)).toEqual(state);
  }
});

test("from unknown, only the task's name or a person leads on, and nothing leads to sending", () => {
  for (const seen of observations.filter((kind) => !["accepted", "adopted", "abandoned"].includes(kind))) {
    expect(advance(STATES.unknown, SEEN[seen]).state.kind).toBe("unknown");
  }
  for (const seen of observations)
    for (const kind of ["unknown", "abandoned"] as const)
      expect(advance(STATES[kind], SEEN[seen]).effect, `${kind}, ${seen}`).not.toMatch(/send/);
});

describe("the record of a take", () => {
  const RECORDED: Record<Kind, TakeState | undefined> = {
    idle: undefined,
    waiting: undefined,
    intended: "unknown",
    unknown: "unknown",
    abandoned: "abandoned",
    submitted: "submitted",
    // Its link is kept nowhere, so it is looked at once more.
    succeeded: "submitted",
    done: "done",
    refused: "refused",
    failed: "failed",
  };

  test.each(kinds.map((kind) => ({ kind, recorded: RECORDED[kind] })))(
    "of $kind is $recorded",
    ({ kind, recorded }) => {
      expect(takeOf(3, STATES[kind])?.state).toBe(recorded);
    },
  );

  test.each(["submitted", "done", "refused", "failed", "unknown", "abandoned"] as const)(
    "of %s gives the same state",
    (kind) => {
      const take = takeOf(3, STATES[kind]);
      if (!take) throw new Error("no record");
      expect(stateOf(take)).toEqual(STATES[kind]);
      expect(takeOf(3, stateOf(take))).toEqual(take);
    },
  );

  test("is the state after a death at any moment", () => {
    for (const kind of kinds) {
      const take = takeOf(3, STATES[kind]);
      const restarted = advance(STATES[kind], SEEN.restarted).state;
      expect(take && stateOf(take), kind).toEqual(restarted.kind === "idle" ? undefined : restarted);
    }
  });

  test("holds neither request ids nor statuses, which say nothing to a later reader", () => {
    const state: TaskState = { ...STATES.refused, error: { ...error, status: 400, requestId: "r-1" } };
    expect(takeOf(1, state)?.error).toEqual(error);
  });

  test("keeps what it was to cost, and the wish to select it only until its clip is here", () => {
    const quote = { kind: "exact" as const, tokens: 5, amount: 0.1, currency: "USD" };
    const wished = { ...intent(), quote, selects: "main" };
    const submitted = takeOf(1, { ...STATES.submitted, intent: wished });
    expect(submitted).toMatchObject({ quote, selects: "main" });
    expect(submitted && stateOf(submitted)).toMatchObject({ intent: wished });
    const done = takeOf(1, { ...STATES.done, intent: wished });
    expect(done).toMatchObject({ quote });
    expect(done).not.toHaveProperty("selects");
  });

  test("of a finished take without its clip is fetched again", () => {
    const take = takeOf(1, STATES.done);
    if (!take) throw new Error("no record");
    delete (take as { clip?: unknown }).clip;
    expect(stateOf(take).kind).toBe("submitted");
  });
});
