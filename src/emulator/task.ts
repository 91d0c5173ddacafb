import { randomBytes } from "node:crypto";
import type { Resolution } from "../base/sizes.ts";
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
  | { readonly kind: "cancelled"; readonly at: number };

/** A fault that somebody asked for by a word in the prompt. */
export type TaskFault = "fail" | "hang";

export interface Task {
  readonly id: string;
  /** Milliseconds since 1970. */
  readonly createdAt: number;
  readonly model: string;
  /** The header `X-Client-Request-Id` as it came; `""` without one. */
  readonly label: string;
  readonly shot: ShotKind;
  readonly resolution: Resolution;
  readonly ratio: string;
  readonly duration: number;
  readonly generateAudio: boolean;
  readonly fault?: TaskFault;
  readonly state: TaskState;
}

export function isFinished(task: Task): boolean {
  return task.state.kind !== "queued" && task.state.kind !== "running";
}

/** An id such as `cgt-20260312231129-7db6s`: the time of creation and five random letters or digits. */
export function newTaskId(now: number): string {
  const time = new Date(now).toISOString().replace(/\D/g, "").slice(0, 14);
  const letters = [...randomBytes(5)].map((byte) => (byte % 36).toString(36)).join("");
  return `cgt-${time}-${letters}`;
}

/** Ids become file names, so nothing else may pass for one. */
export function isTaskId(text: string): boolean {
  return /^cgt-\d{14}-[0-9a-z]{5}$/.test(text);
}
