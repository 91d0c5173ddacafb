import fc from "fast-check";
import { expect, test } from "vitest";
import type { MediaFacts } from "../../src/base/media-facts.ts";
import { renderOn } from "../../src/driver/render.ts";
import type { RenderResult } from "../../src/driver/render.ts";
import type { RenderOptions } from "../../src/driver/rendering.ts";
import type { Checked } from "../../src/driver/check.ts";
import type { JournalEntry } from "../../src/execute/journal-entry.ts";
import type { CreateOutcome } from "../../src/seedance/outcome.ts";
import { readJournal } from "../../src/store/journal.ts";
import { serviceError } from "../support/fake-service.ts";
import { checkedText, memoryMachine, PROJECT } from "../support/memory-machine.ts";
import { VIDEO } from "../support/rig.ts";

const JOURNAL = "/project/.storyc/journal/film.paid.jsonl";
/** One scene of 4 seconds at 480p, 16:9. */
const SCENE = 0.140616;
const HEAD =
  'version: 1\nprovider: anyfast\ndefaults: { resolution: 480p, ratio: "16:9", duration: 4 }\nscenes:\n';
const two = `${HEAD}  - { id: dawn, prompt: At dawn. }\n  - { id: noon, prompt: At noon. }\n`;

type TestMachine = ReturnType<typeof memoryMachine>;

function run(checked: Checked, options: RenderOptions, machine: TestMachine): Promise<RenderResult> {
  const all = { environment: { ANYFAST_API_KEY: "x" }, yes: true, cwd: PROJECT.folder, ...options };
  return machine.clock.until(renderOn(machine, () => Promise.resolve(checked), all));
}

/** The quotes of all takes for which a request has left so far. */
function quoted(machine: TestMachine): number[] {
  const entries = readJournal(machine.files, JOURNAL) as JournalEntry[];
  const intents = new Map(
    entries.flatMap((entry) =>
      entry.kind === "observed" && entry.seen.kind === "intent"
        ? [[`${entry.scene}#${entry.take}`, entry.seen.intent.quote?.amount ?? Infinity]]
        : [],
    ),
  );
  return [...intents.values()];
}

test("what the estimate said is in the lock before the request leaves", async () => {
  const machine = memoryMachine();
  const seen: number[][] = [];
  machine.service.onCreate = (_, label) => {
    seen.push(quoted(machine));
    return { kind: "accepted", taskId: `task-${label}` };
  };
  await run(checkedText(two), { concurrency: 1 }, machine);
  expect(seen).toEqual([[SCENE], [SCENE, SCENE]]);
  const lock = machine.files.readFileSync("/project/film.lock.json", "utf8");
  expect(lock).toContain('"tokens": 40176,\n            "amount": 0.140616,\n            "currency": "USD"');
});

test("what was billed otherwise is told in the lock", async () => {
  const machine = memoryMachine();
  machine.service.onPoll = (task) => ({ kind: "succeeded", url: `https://files/${task}`, tokens: 50_000 });
  await run(checkedText(two), {}, machine);
  const lock = machine.files.readFileSync("/project/film.lock.json", "utf8");
  expect(lock).toContain("50,000 tokens were billed, 9,824 more than quoted");
});

test.each([
  ["an estimate of just the cap is allowed", 2 * SCENE, "ran"],
  ["a cap a millionth below the estimate is not", 2 * SCENE - 1e-6, "refused"],
])("%s", async (_, maxCost, kind) => {
  const machine = memoryMachine();
  expect(await run(checkedText(two), { maxCost }, machine)).toMatchObject({ kind });
  expect(machine.service.creates).toHaveLength(kind === "ran" ? 2 : 0);
});

test("a take that comes dearer than planned is not sent when it would pass the cap", async () => {
  const machine = memoryMachine();
  // The clip is ten seconds longer than asked, and so is the input of what goes on from it.
  const long: MediaFacts = { ...VIDEO, seconds: 14, frames: 336 } as MediaFacts;
  machine.probe = () => Promise.resolve(long);
  const text = `${two}  - { id: dusk, extend: dawn, prompt: At dusk. }\n`;
  const ran = await run(checkedText(text), { maxCost: 0.5 }, machine);
  expect(ran).toMatchObject({ kind: "ran" });
  const scenes = ran.kind === "ran" ? ran.films[0]?.scenes : undefined;
  expect(scenes?.get("dusk")).toEqual({
    kind: "stopped",
    message: "sending it would pass --max-cost 0.5: 0.28 USD are sent, this is 0.38 more",
  });
  expect(machine.service.creates.map(({ label }) => label).sort()).toEqual(["dawn", "noon"]);
});

test("nothing is paid without a terminal and without --yes", async () => {
  const machine = memoryMachine();
  const ran = await run(checkedText(two), { yes: undefined }, machine);
  expect(ran).toMatchObject({
    kind: "refused",
    reason: "nobody is there to be asked: allow the spending with --yes",
  });
  expect(machine.service.creates).toEqual([]);
});

const END: readonly CreateOutcome[] = [
  { kind: "refused", error: serviceError("InvalidParameter") },
  { kind: "unknown", error: serviceError("", "reset after sending") },
  { kind: "not-sent", error: serviceError("", "connection refused") },
  { kind: "busy", error: serviceError("RateLimitExceeded") },
];

const scene = fc.record({
  seconds: fc.integer({ min: 4, max: 15 }),
  takes: fc.integer({ min: 1, max: 3 }),
  extend: fc.boolean(),
});

function storyboard(scenes: readonly { seconds: number; takes: number; extend: boolean }[]): string {
  const lines = scenes.map(({ seconds, takes, extend }, i) => {
    const more = extend && i > 0 ? `, extend: s${i - 1}` : "";
    return `  - { id: s${i}, prompt: Scene ${i}., duration: ${seconds}, takes: ${takes}${more} }\n`;
  });
  return HEAD + lines.join("");
}

/** Two films of one storyboard that share nothing. */
function films(scenes: Parameters<typeof storyboard>[0]): Checked {
  const first = checkedText(storyboard(scenes));
  const second = checkedText(storyboard(scenes).replaceAll("Scene", "Other scene"));
  const [other] = second.films;
  if (!other) throw new Error("no film");
  const film = {
    ...other,
    storyboard: {
      ...other.storyboard,
      variant: "other",
      film: { ...other.storyboard.film, output: "other.mp4" },
    },
  };
  return { ...first, films: [...first.films, film] };
}

test("whatever comes of the requests and in which order, what was quoted for them stays below the cap", async () => {
  const cases = fc.record({
    scenes: fc.array(scene, { minLength: 1, maxLength: 5 }),
    /** For each request: how it ends, and whether its task does. */
    ends: fc.array(fc.record({ end: fc.nat(15), works: fc.nat(3) }), { minLength: 1, maxLength: 12 }),
    frames: fc.array(fc.integer({ min: 90, max: 400 }), { minLength: 1, maxLength: 6 }),
    /** Part of the estimate; above it there is room for what comes dearer. */
    share: fc.double({ min: 0.9, max: 1.15, noNaN: true }),
    concurrency: fc.integer({ min: 1, max: 4 }),
  });
  let [stopped, refused] = [0, 0];
  await fc.assert(
    fc.asyncProperty(cases, async ({ scenes, ends, frames, share, concurrency }) => {
      const checked = films(scenes);
      let estimate = 0;
      await run(
        checked,
        {
          yes: undefined,
          onPlan: (plans) => (estimate = plans.reduce((sum, plan) => sum + plan.estimate.total.amount, 0)),
        },
        memoryMachine(),
      );
      const maxCost = Math.round(estimate * share * 1e6) / 1e6;
      const machine = memoryMachine();
      let [nth, probed, most] = [0, 0, 0];
      const works = new Map<string, boolean>();
      machine.service.onCreate = (_, label) => {
        most = Math.max(most, sum(quoted(machine)));
        const { end, works: does } = ends[nth++ % ends.length] ?? { end: 15, works: 1 };
        const taskId = `task-${label}-${nth}`;
        works.set(taskId, does > 0);
        return END[end] ?? { kind: "accepted", taskId };
      };
      machine.service.onPoll = (task) =>
        works.get(task)
          ? { kind: "succeeded", url: `https://files/${task}`, tokens: 1 }
          : { kind: "failed", error: serviceError("OutputVideoSensitiveContentDetected") };
      machine.probe = () => {
        const count = frames[probed++ % frames.length] ?? 97;
        return Promise.resolve({ ...VIDEO, frames: count, seconds: count / 24 } as MediaFacts);
      };
      const ran = await run(checked, { maxCost, concurrency }, machine);
      expect(most).toBeLessThanOrEqual(maxCost + 1e-9);
      if (ran.kind === "refused") refused++;
      const results = ran.kind === "ran" ? ran.films.flatMap((film) => [...film.scenes.values()]) : [];
      if (results.some((one) => one.kind === "stopped" && one.message.includes("--max-cost"))) stopped++;
    }),
    { numRuns: 300 },
  );
  // The test must have met the gate and the cap, or it has shown nothing.
  expect([stopped > 0, refused > 0]).toEqual([true, true]);
});

function sum(numbers: readonly number[]): number {
  return numbers.reduce((all, one) => all + one, 0);
}
