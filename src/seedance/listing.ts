import type { HaltReason, ServiceError } from "./outcome.ts";

/**
 * A task as its provider lists it. No list repeats the prompt, or the header with which storyc names a request: these
 * fields are all by which a task can be known again. Absent: the list does not say.
 */
export interface ListedTask {
  readonly id: string;
  /** Milliseconds since 1970, by the provider's clock; whole seconds. */
  readonly createdAt: number;
  readonly model?: string;
  readonly resolution?: string;
  readonly ratio?: string;
  readonly duration?: number;
  readonly generateAudio?: boolean;
}

export type ListOutcome =
  | {
      readonly kind: "listed";
      readonly tasks: readonly ListedTask[];
      /** False where there may be tasks in the time asked for that are not among them. */
      readonly isWhole: boolean;
      /** The provider's clock when it answered, in milliseconds since 1970, where it says so. */
      readonly now?: number;
    }
  | { readonly kind: "halt"; readonly reason: HaltReason; readonly error: ServiceError }
  | { readonly kind: "unreadable"; readonly error: ServiceError };

export type CancelOutcome =
  /** It will not be made, and costs nothing. */
  | { readonly kind: "cancelled" }
  /** It is being made, or has ended: a task that waits can be cancelled, and no other. */
  | { readonly kind: "too-late"; readonly state: string }
  | { readonly kind: "missing"; readonly error: ServiceError }
  | { readonly kind: "halt"; readonly reason: HaltReason; readonly error: ServiceError }
  /** Nobody knows whether it was cancelled. */
  | { readonly kind: "unreadable"; readonly error: ServiceError };
