import type { Resolution } from "../base/sizes.ts";
import type { ThingEffect } from "./faults/fault.ts";
import { isId, newId } from "./ids.ts";
import type { ShotKind } from "./shot-kind.ts";

/** What a clip turned out to be. Pixels, frames, and tokens as the service would bill them. */
export interface MadeClip {
  readonly width: number;
  readonly height: number;
  readonly frames: number;
  readonly tokens: number;
}

/** Times in milliseconds since 1970. */
export type TaskState =
  | { readonly kind: "queued" }
  | { readonly kind: "running"; readonly since: number }
  | { readonly kind: "succeeded"; readonly at: number; readonly clip: MadeClip }
  | { readonly kind: "failed"; readonly at: number; readonly code: string; readonly message: string }
  | { readonly kind: "cancelled"; readonly at: number }
  | { readonly kind: "expired"; readonly at: number };

export interface Task {
  readonly id: string;
  /** Milliseconds since 1970. */
  readonly createdAt: number;
  readonly model: string;
  /** The header `X-Client-Request-Id` as it came; `""` without one. */
  readonly label: string;
  readonly prompt: string;
  readonly shot: ShotKind;
  readonly resolution: Resolution;
  readonly ratio: string;
  readonly duration: number;
  readonly generateAudio: boolean;
  /** What was asked to become of it, against its nature. */
  readonly fate: readonly ThingEffect[];
  readonly state: TaskState;
}

export function isFinished(task: Task): boolean {
  return task.state.kind !== "queued" && task.state.kind !== "running";
}

export function newTaskId(now: number): string {
  return newId("cgt", now);
}

export function isTaskId(text: string): boolean {
  return isId("cgt", text);
}

/** The first effect of a kind in a task's fate. */
export function fateOf<K extends ThingEffect["kind"]>(
  { fate }: Pick<Task, "fate">,
  kind: K,
): Extract<ThingEffect, { kind: K }> | undefined {
  return fate.find((effect): effect is Extract<ThingEffect, { kind: K }> => effect.kind === kind);
}
