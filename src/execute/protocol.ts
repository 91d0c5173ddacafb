import { unreachable } from "../base/unreachable.ts";
import type { Digest } from "../base/digest.ts";
import type { Clip, Quote, Take } from "../plan/lock.ts";
import type { Recipe } from "../plan/recipe.ts";
import type { ServiceError } from "../seedance/outcome.ts";

/** Where one paid task stands. The record that a take keeps of itself is made from it. */
export type TaskState =
  | { readonly kind: "idle" }
  /** A request may be on its way. Should we die now, nobody knows whether it was accepted. */
  | { readonly kind: "intended"; readonly intent: Intent }
  /** For certain nothing was created: it may be sent again. */
  | { readonly kind: "waiting"; readonly intent: Intent }
  /** `error`: the service has said that it does not know the task. It may be wrong, and is asked again. */
  | {
      readonly kind: "submitted";
      readonly intent: Intent;
      readonly task: string;
      readonly error?: ServiceError;
    }
  /** Done and billed; its clip is not here yet. */
  | ({ readonly kind: "succeeded"; readonly intent: Intent; readonly task: string } & Used)
  | ({
      readonly kind: "done";
      readonly intent: Intent;
      readonly task: string;
      readonly clip: Clip;
      readonly differences: readonly string[];
    } & Used)
  | { readonly kind: "refused"; readonly intent: Intent; readonly error: ServiceError }
  | { readonly kind: "failed"; readonly intent: Intent; readonly task: string; readonly error: ServiceError }
  | { readonly kind: "unknown"; readonly intent: Intent; readonly error: ServiceError }
  /** It was unknown to us, or its task to the service, and a person has decided to go on without it. */
  | {
      readonly kind: "abandoned";
      readonly intent: Intent;
      readonly task?: string;
      readonly error: ServiceError;
    };

/** What a task that succeeded has used, as far as it is known. */
interface Used {
  /** As billed. */
  readonly tokens?: number;
  /** Seconds from its acceptance to its end. */
  readonly took?: number;
}

/** What is about to be sent; on disk before the first byte leaves. */
export interface Intent {
  readonly fingerprint: Digest;
  readonly recipe: Recipe;
  readonly provider: string;
  /** Digest of the request's body. */
  readonly body: Digest;
  /** ISO 8601, UTC. */
  readonly at: string;
  readonly quote?: Quote;
  /** How many more takes may follow it by themselves, should its output be moderated; from 1. */
  readonly retries?: number;
  /** The variant whose selected take it becomes as soon as its clip is here: asked for by a person. */
  readonly selects?: string;
}

/** What has happened. The journal is a list of these; replaying them gives the state. */
export type Observation =
  | { readonly kind: "intent"; readonly intent: Intent }
  | { readonly kind: "accepted"; readonly task: string }
  | { readonly kind: "refused"; readonly error: ServiceError }
  /** Too many requests, no connection, or the whole run was turned away: nothing was created. */
  | { readonly kind: "not-created"; readonly error: ServiceError }
  | { readonly kind: "outcome-unknown"; readonly error: ServiceError }
  /** A person, or the provider's own list, has found the task of a request whose answer was lost. */
  | { readonly kind: "adopted"; readonly task: string }
  /** The service does not know the task, which says nothing of whether it was done and paid. */
  | { readonly kind: "missing"; readonly error: ServiceError }
  /** A person has decided not to look for it any longer. */
  | { readonly kind: "abandoned" }
  /** The process that had the intent is gone. */
  | { readonly kind: "restarted" }
  | ({ readonly kind: "succeeded" } & Used)
  | { readonly kind: "task-failed"; readonly error: ServiceError }
  | { readonly kind: "stored"; readonly clip: Clip; readonly differences: readonly string[] };

/** What has to be done next. */
export type Effect = "send" | "send-later" | "poll" | "download" | "nothing";

export interface Transition {
  readonly state: TaskState;
  readonly effect: Effect;
}

const DIED: ServiceError = {
  code: "",
  message: "storyc ended between sending the request and reading the answer",
};

/**
 * The paid-task protocol, whole and pure. An observation that a state does not expect changes nothing: a late or
 * doubled answer must not take a known task away.
 */
export function advance(state: TaskState, seen: Observation): Transition {
  switch (seen.kind) {
    case "intent":
      return state.kind === "idle" || state.kind === "waiting"
        ? to({ kind: "intended", intent: seen.intent })
        : to(state);
    case "accepted":
      // An answer that comes after we had given up is the best news there can be.
      return state.kind === "intended" || isLost(state)
        ? to({ kind: "submitted", intent: state.intent, task: seen.task })
        : to(state);
    case "adopted":
      return isLost(state) ? to({ kind: "submitted", intent: state.intent, task: seen.task }) : to(state);
    case "abandoned":
      return to(afterGivingUp(state));
    case "missing":
      return state.kind === "submitted" && !state.error ? to({ ...state, error: seen.error }) : to(state);
    case "refused":
      return state.kind === "intended"
        ? to({ kind: "refused", intent: state.intent, error: seen.error })
        : to(state);
    case "not-created":
      return state.kind === "intended" ? to({ kind: "waiting", intent: state.intent }) : to(state);
    case "outcome-unknown":
      return state.kind === "intended"
        ? to({ kind: "unknown", intent: state.intent, error: seen.error })
        : to(state);
    case "restarted":
      return to(afterRestart(state));
    case "succeeded":
      return state.kind === "submitted"
        ? to({ kind: "succeeded", intent: state.intent, task: state.task, ...usedBy(seen) })
        : to(state);
    case "task-failed":
      return state.kind === "submitted" ? to({ ...state, kind: "failed", error: seen.error }) : to(state);
    case "stored":
      return state.kind === "submitted" || state.kind === "succeeded" ? to(done(state, seen)) : to(state);
    default:
      return unreachable(seen);
  }
}

/** What the service has said of it on the way is no fact of a take that is done. */
function done(
  state: Extract<TaskState, { kind: "submitted" | "succeeded" }>,
  { clip, differences }: Extract<Observation, { kind: "stored" }>,
): TaskState {
  const { intent, task } = state;
  const used = state.kind === "succeeded" ? usedBy(state) : {};
  return { kind: "done", intent, task, ...used, clip, differences };
}

/** A task that the service knows is never given up: it is paid. */
function afterGivingUp(state: TaskState): TaskState {
  if (state.kind === "unknown") return { ...state, kind: "abandoned" };
  if (state.kind !== "submitted" || !state.error) return state;
  return { kind: "abandoned", intent: state.intent, task: state.task, error: state.error };
}

function isLost(state: TaskState): state is Extract<TaskState, { kind: "unknown" | "abandoned" }> {
  return state.kind === "unknown" || state.kind === "abandoned";
}

function to(state: TaskState): Transition {
  return { state, effect: effectOf(state) };
}

function effectOf(state: TaskState): Effect {
  switch (state.kind) {
    case "intended":
      return "send";
    case "waiting":
      return "send-later";
    case "submitted":
      return "poll";
    case "succeeded":
      return "download";
    case "idle":
    case "done":
    case "refused":
    case "failed":
    case "unknown":
    case "abandoned":
      return "nothing";
    default:
      return unreachable(state);
  }
}

/** The URL of a result is kept nowhere, so a task that was done has to be looked at once more. */
function afterRestart(state: TaskState): TaskState {
  if (state.kind === "intended") return { kind: "unknown", intent: state.intent, error: DIED };
  if (state.kind === "waiting") return { kind: "idle" };
  if (state.kind === "succeeded") return { kind: "submitted", intent: state.intent, task: state.task };
  return state;
}

function usedBy({ tokens, took }: Used): Used {
  return { ...(tokens !== undefined && { tokens }), ...(took !== undefined && { took }) };
}

/** The take as the lockfile keeps it; undefined for what the service never had. */
export function takeOf(number: number, state: TaskState): Take | undefined {
  if (state.kind === "idle" || state.kind === "waiting") return undefined;
  const { selects, retries, ...intent } = state.intent;
  // A wish that has come true is no fact of the take, and none follows one that is done.
  const wishes = {
    ...(retries !== undefined && { retries }),
    ...(selects !== undefined && { selects }),
  };
  const take = { take: number, ...intent, ...(state.kind !== "done" && wishes) };
  switch (state.kind) {
    case "intended":
      return { ...take, state: "unknown", error: plainError(DIED) };
    case "unknown":
    case "refused":
      return { ...take, state: state.kind, error: plainError(state.error) };
    case "abandoned": {
      const { task, error } = state;
      return { ...take, state: "abandoned", ...(task !== undefined && { task }), error: plainError(error) };
    }
    case "submitted":
      return {
        ...take,
        state: "submitted",
        task: state.task,
        ...(state.error && { error: plainError(state.error) }),
      };
    case "succeeded":
      return { ...take, state: "submitted", task: state.task };
    case "failed":
      return { ...take, state: "failed", task: state.task, error: plainError(state.error) };
    case "done": {
      const { task, clip, differences } = state;
      return {
        ...take,
        state: "done",
        task,
        clip,
        ...usedBy(state),
        ...(differences.length > 0 && { differences }),
      };
    }
    default:
      return unreachable(state);
  }
}

/** The protocol's state of a take that the lockfile knows. */
export function stateOf(take: Take): TaskState {
  const { fingerprint, recipe, provider, at, quote, retries, selects, task = "" } = take;
  const wishes = {
    ...(quote && { quote }),
    ...(retries !== undefined && { retries }),
    ...(selects !== undefined && { selects }),
  };
  const intent: Intent = { fingerprint, recipe, provider, body: take.body ?? "", at, ...wishes };
  const error: ServiceError = take.error ?? { code: "", message: "" };
  switch (take.state) {
    case "submitted":
      return { kind: "submitted", intent, task, ...(take.error && { error }) };
    case "done":
      return take.clip
        ? {
            kind: "done",
            intent,
            task,
            clip: take.clip,
            differences: take.differences ?? [],
            ...usedBy(take),
          }
        : { kind: "submitted", intent, task };
    case "refused":
    case "unknown":
      return { kind: take.state, intent, error };
    case "abandoned":
      return { kind: "abandoned", intent, ...(take.task !== undefined && { task }), error };
    case "failed":
      return { kind: "failed", intent, task, error };
    default:
      return unreachable(take.state);
  }
}

function plainError({ code, message }: ServiceError): { code: string; message: string } {
  return { code, message };
}
