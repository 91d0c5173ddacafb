import { digestOf } from "../../src/base/digest.ts";
import type { Intent, TaskState } from "../../src/execute/protocol.ts";
import type { Clip, Take } from "../../src/plan/lock.ts";
import { fingerprintOf, type Recipe } from "../../src/plan/recipe.ts";

function recipe(prompt = "a lamp"): Recipe {
  return {
    recipe: 1,
    model: "seedance-2.0-mini",
    resolution: "480p",
    ratio: "16:9",
    duration: 4,
    generate_audio: true,
    watermark: false,
    prompt,
    media: [],
  };
}

export function intent(prompt = "a lamp"): Intent {
  const wanted = recipe(prompt);
  return {
    fingerprint: fingerprintOf(wanted),
    recipe: wanted,
    provider: "anyfast",
    body: digestOf(`body of ${prompt}`),
    at: "2026-01-01T00:00:00.000Z",
  };
}

export function clip(name = "clip"): Clip {
  return {
    sha256: digestOf(name),
    bytes: name.length,
    seconds: 97 / 24,
    width: 864,
    height: 496,
    fps: 24,
    frames: 97,
    sound: true,
  };
}

const error = { code: "Bad", message: "no" };

/** One state of each kind. */
export const STATES: { readonly [K in TaskState["kind"]]: Extract<TaskState, { kind: K }> } = {
  idle: { kind: "idle" },
  intended: { kind: "intended", intent: intent() },
  waiting: { kind: "waiting", intent: intent() },
  submitted: { kind: "submitted", intent: intent(), task: "task-1" },
  succeeded: { kind: "succeeded", intent: intent(), task: "task-1", tokens: 7 },
  done: { kind: "done", intent: intent(), task: "task-1", tokens: 7, clip: clip(), differences: [] },
  refused: { kind: "refused", intent: intent(), error },
  failed: { kind: "failed", intent: intent(), task: "task-1", error },
  unknown: { kind: "unknown", intent: intent(), error },
  abandoned: { kind: "abandoned", intent: intent(), error },
};

export function doneTake(number: number, name = "clip", prompt = "a lamp"): Take {
  const { fingerprint, recipe: wanted, provider, body, at } = intent(prompt);
  const take = { take: number, fingerprint, recipe: wanted, provider, body, at };
  return { ...take, state: "done", task: `task-${number}`, clip: clip(name) };
}
