// Locks as they come about: by steps that runs and people take, so that every one of them is possible.
import fc from "fast-check";
import { digestOf } from "../../src/base/digest.ts";
import { EMPTY_LOCK, type Lock, type LockedScene, type Take, type TakeState } from "../../src/plan/lock.ts";
import { fingerprintOf } from "../../src/plan/recipe.ts";
import { clip, doneTake } from "../support/takes.ts";

const IDS = ["a", "b", "c", "林晓"] as const;

type Step =
  | { readonly kind: "send"; readonly scene: string; readonly prompt: string; readonly state: TakeState }
  /** What was under way comes home; the service tells both sides the same. */
  | { readonly kind: "advance"; readonly scene: string; readonly nth: number }
  | { readonly kind: "select"; readonly scene: string; readonly nth: number; readonly variant: string }
  | { readonly kind: "keep"; readonly scene: string; readonly prompt: string }
  | { readonly kind: "upload"; readonly file: string; readonly state: "intended" | "active" }
  | { readonly kind: "later"; readonly scene: string; readonly value: number };

/** `ids`: the scenes that are touched. */
export function steps(ids: readonly string[] = IDS, maxLength = 12): fc.Arbitrary<readonly Step[]> {
  const scene = fc.constantFrom(...ids);
  const prompt = fc.constantFrom("sea", "storm", "night");
  const nth = fc.nat(3);
  const step: fc.Arbitrary<Step> = fc.oneof(
    {
      weight: 4,
      arbitrary: fc.record({
        kind: fc.constant("send" as const),
        scene,
        prompt,
        state: fc.constantFrom<TakeState>("done", "submitted", "unknown", "refused"),
      }),
    },
    { weight: 3, arbitrary: fc.record({ kind: fc.constant("advance" as const), scene, nth }) },
    {
      weight: 2,
      arbitrary: fc.record({
        kind: fc.constant("select" as const),
        scene,
        nth,
        variant: fc.constantFrom("main", "draft"),
      }),
    },
    fc.record({ kind: fc.constant("keep" as const), scene, prompt }),
    fc.record({
      kind: fc.constant("upload" as const),
      file: fc.constantFrom("x", "y"),
      state: fc.constantFrom("intended", "active"),
    }),
    fc.record({ kind: fc.constant("later" as const), scene, value: fc.nat(2) }),
  );
  return fc.array(step, { maxLength });
}

/** The lock after these steps. `who` takes them: what two people send are two tasks. */
export function after(before: Lock, taken: readonly Step[], who: string): Lock {
  return taken.reduce((lock, step, i) => take(lock, step, `${who}-${i}`), before);
}

const NONE: LockedScene = { selected: {}, takes: [] };

function take(lock: Lock, step: Step, tag: string): Lock {
  if (step.kind === "upload") {
    const entry = { state: step.state, id: `asset-${tag}`, at: "2026-08-01T00:00:00.000Z" };
    const known = lock.library?.get("anyfast") ?? new Map();
    return { ...lock, library: new Map([["anyfast", new Map([...known, [digestOf(step.file), entry]])]]) };
  }
  const scene = lock.scenes.get(step.scene) ?? NONE;
  const next = sceneAfter(scene, step, tag);
  return { ...lock, scenes: new Map([...lock.scenes, [step.scene, next]]) };
}

function sceneAfter(scene: LockedScene, step: Exclude<Step, { kind: "upload" }>, tag: string): LockedScene {
  const { takes, selected } = scene;
  switch (step.kind) {
    case "send": {
      const number = Math.max(0, ...takes.map((one) => one.take)) + 1;
      const sent = sentTake(number, step.prompt, step.state, tag);
      const next = { ...scene, takes: [...takes, sent] };
      return step.state === "done" ? { ...next, selected: { ...selected, main: number } } : next;
    }
    case "advance":
      return { ...scene, takes: takes.map((one, i) => (i === step.nth ? advanced(one) : one)) };
    case "select": {
      const chosen = takes[step.nth];
      return chosen?.state === "done"
        ? { ...scene, selected: { ...selected, [step.variant]: chosen.take } }
        : scene;
    }
    case "keep":
      return selected["main"] === undefined ? scene : { ...scene, kept: { main: digestOf(step.prompt) } };
    case "later":
      return { ...scene, later: step.value } as LockedScene;
  }
}

function sentTake(number: number, prompt: string, state: TakeState, tag: string): Take {
  const { clip: bytes = clip(), ...made } = doneTake(number, `clip ${tag}`, prompt);
  const sent = { ...made, fingerprint: fingerprintOf(made.recipe), at: timeOf(tag), state };
  const task = `task-${tag}`;
  if (state === "done") return { ...sent, task, clip: bytes };
  if (state === "submitted") return { ...sent, task };
  return { ...without(sent, "task"), error: { code: "", message: "broken off" } };
}

function without<T extends object, K extends keyof T & string>(from: T, key: K): Omit<T, K> {
  return Object.fromEntries(Object.entries(from).filter(([name]) => name !== key)) as Omit<T, K>;
}

/** Every step has a moment of its own. */
function timeOf(tag: string): string {
  const at = Number.parseInt(digestOf(tag).slice(0, 8), 16);
  return new Date(Date.UTC(2026, 0, 1) + at * 1000).toISOString();
}

function advanced(one: Take): Take {
  const task = one.task ?? `found-${one.at}`;
  const sent = without(one, "error");
  if (one.state === "unknown") return { ...sent, state: "submitted", task };
  if (one.state === "submitted") return { ...sent, state: "done", clip: clip(task), tokens: 5 };
  return one;
}

/** Two sides that began with the same lock. */
export function forks(
  ours?: readonly string[],
  theirs?: readonly string[],
): fc.Arbitrary<{ base: Lock; ours: Lock; theirs: Lock }> {
  return fc.tuple(steps(), steps(ours), steps(theirs)).map(([common, our, their]) => {
    const base = after(EMPTY_LOCK, common, "base");
    return { base, ours: after(base, our, "ours"), theirs: after(base, their, "theirs") };
  });
}
