import type { Digest } from "../base/digest.ts";
import type { ServiceError } from "../seedance/outcome.ts";

/** What happens in a run, for whoever shows or records it. Seconds; `progress` from 0 to 1. */
export type RunEvent =
  | { readonly type: "scene-sending"; readonly scene: string; readonly take: number }
  | {
      readonly type: "scene-busy";
      readonly scene: string;
      readonly take: number;
      readonly seconds: number;
      readonly message: string;
    }
  | {
      readonly type: "scene-running";
      readonly scene: string;
      readonly take: number;
      readonly task: string;
      readonly progress?: number;
    }
  | { readonly type: "scene-downloading"; readonly scene: string; readonly take: number }
  /** What came of the take did not pass moderation, and another one is made in its place. */
  | {
      readonly type: "scene-retried";
      readonly scene: string;
      readonly take: number;
      readonly code: string;
      /** How many more may follow the one that is made now. */
      readonly left: number;
    }
  | { readonly type: "scene-ended"; readonly scene: string; readonly result: SceneResult }
  /** A request whose answer was lost has turned up in the provider's list. */
  | { readonly type: "take-found"; readonly scene: string; readonly take: number; readonly task: string }
  /** Several tasks in the list could be it, so none is taken for it. */
  | {
      readonly type: "take-in-doubt";
      readonly scene: string;
      readonly take: number;
      readonly tasks: readonly string[];
    }
  | { readonly type: "frame-taken"; readonly scene: string; readonly which: "first" | "last" };

/** How a scene ended in this run. */
export type SceneResult =
  | { readonly kind: "reused"; readonly take: number; readonly clip: string }
  | {
      readonly kind: "done";
      readonly take: number;
      readonly clip: string;
      readonly differences: readonly string[];
    }
  | { readonly kind: "refused" | "failed" | "unknown"; readonly take: number; readonly error: ServiceError }
  /** The task is known and goes on remotely; the next run collects it. */
  | {
      readonly kind: "unfinished";
      readonly take: number;
      readonly task: string;
      readonly message: string;
      /** Why the service does not deliver the clip: it has no such task, or its link is dead. */
      readonly denial?: string;
    }
  /** The clip was made and paid; its bytes are not in the store, and the service does not deliver them. */
  | { readonly kind: "gone"; readonly take: number; readonly sha256: Digest; readonly message: string }
  | { readonly kind: "blocked"; readonly message: string }
  /** Not asked for in this run, and not current. `clip`: of the selected take, which others may build on. */
  | { readonly kind: "left"; readonly message: string; readonly take?: number; readonly clip?: string }
  /** Could not be sent or stored for a reason of this machine or its network; nothing is lost. */
  | { readonly kind: "stopped"; readonly message: string };

export type Emit = (event: RunEvent) => void;
