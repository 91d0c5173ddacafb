import type { Digest } from "../base/digest.ts";
import { MAIN_NAME } from "../storyboard/names.ts";
import type { Recipe } from "./recipe.ts";

/**
 * What has been made for a storyboard, as it stands in `NAME.lock.json`. Each record below may also hold fields that
 * a newer minor version has added; whoever makes a new record of an old one keeps them (`laterFields`).
 */
export interface Lock {
  readonly scenes: ReadonlyMap<string, LockedScene>;
  /** What was put into a provider's asset library: by provider, then by digest of the bytes. */
  readonly library?: ReadonlyMap<string, ReadonlyMap<Digest, LibraryEntry>>;
  /** What a newer minor version says at the top of the file. */
  readonly later?: Readonly<Record<string, unknown>>;
}

/** Bytes in a provider's asset library. Putting them there is billed, so it is written down before it is asked for. */
export interface LibraryEntry {
  readonly state: "intended" | "processing" | "active" | "failed" | "unknown";
  /** The provider's id, as in `asset://ID`. */
  readonly id?: string;
  readonly group?: string;
  /** When it was asked for; ISO 8601, UTC. */
  readonly at: string;
}

export interface LockedScene {
  /**
   * The take that the film and the following scenes use, by the name of the variant: each film of a matrix and
   * each profile has its own, so that a draft never stands in for a final clip.
   */
  readonly selected: Readonly<Record<string, number>>;
  /** By number, from 1; never overwritten. */
  readonly takes: readonly Take[];
  /**
   * The recipe, by its fingerprint, for which the selected take is good enough although it was made from another
   * one; by the name of the variant. Any further change makes the scene stale again.
   */
  readonly kept?: Readonly<Record<string, Digest>>;
}

export type TakeState =
  /** The service has it, or may still have it: `task` is known. */
  | "submitted"
  /** The clip is in the store, its bytes verified. */
  | "done"
  /** The service would not do this request. */
  | "refused"
  /** The task ended without a clip; not billed. */
  | "failed"
  /** Nobody knows whether the service has accepted it. Never sent again on its own. */
  | "unknown"
  /**
   * It was unknown, or the service did not know its task, and a person has decided to go on without it; a task that
   * turns up can still be adopted.
   */
  | "abandoned";

/** One attempt of the service at a scene. */
export interface Take {
  readonly take: number;
  readonly state: TakeState;
  readonly fingerprint: Digest;
  readonly recipe: Recipe;
  readonly provider: string;
  /** Digest of the request's body. */
  readonly body?: Digest;
  /** The provider's id of the task. */
  readonly task?: string;
  /** When the request was about to be sent; ISO 8601, UTC. */
  readonly at: string;
  /** What the estimate said before it was sent. */
  readonly quote?: Quote;
  /** How many more takes may follow it by themselves, should its output be moderated; from 1. */
  readonly retries?: number;
  /** The variant whose selected take it becomes as soon as its clip is here. */
  readonly selects?: string;
  readonly clip?: Clip;
  /** Tokens billed, where the service says so. */
  readonly tokens?: number;
  /** Seconds from the task's acceptance to its end, as near as is known. */
  readonly took?: number;
  /** Why there is no clip; of a submitted take: the service did not know the task when it was last asked. */
  readonly error?: { readonly code: string; readonly message: string };
  /** What came otherwise than asked. */
  readonly differences?: readonly string[];
}

/** A price before the fact. */
export interface Quote {
  readonly kind: "exact" | "upper-bound";
  readonly tokens: number;
  /** Units of `currency`. */
  readonly amount: number;
  /** ISO 4217, such as `USD`. */
  readonly currency: string;
}

/** A clip's bytes and what they hold. Seconds and pixels. */
export interface Clip {
  readonly sha256: Digest;
  readonly bytes: number;
  readonly seconds: number;
  readonly width: number;
  readonly height: number;
  readonly fps: number;
  readonly frames: number;
  readonly sound: boolean;
}

export const EMPTY_LOCK: Lock = { scenes: new Map() };

export function takesOf(lock: Lock, scene: string): readonly Take[] {
  return lock.scenes.get(scene)?.takes ?? [];
}

export function selectedTake(lock: Lock, scene: string, variant = MAIN_NAME): Take | undefined {
  const locked = lock.scenes.get(scene);
  return locked?.takes.find(({ take }) => take === locked.selected[variant]);
}
