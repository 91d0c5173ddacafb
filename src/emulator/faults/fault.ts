import type { FixedRatio, Resolution } from "../../base/sizes.ts";
import type { ApiError } from "../request.ts";

/** Where a fault strikes: at a call, or at the thing that a call has made. */
export const FAULT_POINTS = [
  ...(["create", "poll", "list", "cancel", "download"] as const),
  ...(["create-group", "create-asset", "get-asset"] as const),
  ...(["task", "asset"] as const),
] as const;

/** Those of the asset library. */
export const ASSET_POINTS: readonly FaultPoint[] = ["create-group", "create-asset", "get-asset", "asset"];

export type FaultPoint = (typeof FAULT_POINTS)[number];
export type ThingPoint = "task" | "asset";
export type CallPoint = Exclude<FaultPoint, ThingPoint>;

/** What a call is answered in place of its own answer. */
export type CallEffect =
  | { readonly kind: "error"; readonly error: ApiError; readonly relayed: boolean }
  /** What a proxy puts where an answer should be; `garbage` is no JSON. */
  | { readonly kind: "page"; readonly body: "html" | "empty" | "garbage"; readonly status: number }
  /** The connection is reset without an answer. */
  | { readonly kind: "reset" }
  /** No answer for so long, then a reset; without `seconds` until the client hangs up. */
  | { readonly kind: "stall"; readonly seconds?: number }
  /** The answer ends in its middle, or after so many bytes. */
  | { readonly kind: "cut"; readonly bytes?: number }
  /** Polls only: the gateway knows of no task yet. */
  | { readonly kind: "data-null" }
  /** Polls only: the task has succeeded, but no link is there. */
  | { readonly kind: "no-link" }
  /** Downloads only: the whole file, whatever part was asked for. */
  | { readonly kind: "no-range" };

/** What is delivered in place of what was asked for. */
export interface Deliver {
  readonly ratio?: FixedRatio;
  readonly resolution?: Resolution;
  readonly duration?: number;
  readonly generate_audio?: boolean;
}

/** What becomes of a task or an asset. */
export type ThingEffect =
  | { readonly kind: "fail"; readonly code: string; readonly message: string }
  | { readonly kind: "expire" }
  | { readonly kind: "hang" }
  /** Seconds that it takes at least. */
  | { readonly kind: "slow"; readonly seconds: number }
  /** Seconds for which it is not begun. */
  | { readonly kind: "queued"; readonly seconds: number }
  | { readonly kind: "deliver"; readonly deliver: Deliver };

export interface FaultMatch {
  /** As the header `X-Client-Request-Id` names it; `*` stands for anything. */
  readonly scene?: string;
  readonly take?: number;
  /** A part of the prompt, or of an asset's name. */
  readonly prompt?: string;
}

interface Strikes {
  readonly match: FaultMatch;
  /** How often it strikes; `Infinity` for always. */
  readonly times: number;
  /** How many calls it lets through first. */
  readonly skip: number;
  /** Counted for each request, task or asset on its own, and not for all together. */
  readonly each: boolean;
  /** As a person wrote it, for the statistics. */
  readonly written: string;
}

export interface CallFault extends Strikes {
  readonly at: CallPoint;
  readonly effect: CallEffect;
  /** The call is carried out all the same, and only its answer is lost. */
  readonly done: boolean;
  /** Polls only: strikes before or after the end of the task. */
  readonly when?: "pending" | "ended";
}

export interface ThingFault extends Strikes {
  readonly at: ThingPoint;
  readonly effect: ThingEffect;
}

export type Fault = CallFault | ThingFault;

export function isThingFault(fault: Fault): fault is ThingFault {
  return fault.at === "task" || fault.at === "asset";
}
