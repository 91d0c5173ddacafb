import type { LoweredItem, LoweredScene } from "../seedance/lowered.ts";
import type { Take } from "./lock.ts";

/** The ways by which the service of a run can be given bytes that it did not make, or has forgotten. */
export interface Reach {
  readonly provider: string;
  /** Milliseconds since 1970. */
  readonly now: number;
  /** A bucket is configured, from which it can fetch anything. */
  readonly hasBucket: boolean;
}

/** So long the provider keeps the record of a task, by which a fresh link to its clip can be had. */
const TASK_LIVES_MS = 7 * 24 * 3_600_000;

/**
 * The first video of a request that the service could not be given: videos go by link alone, and the provider's own
 * link lives for a day. `takeOf`: the take that a scene has by then; undefined for one that is yet to be made, whose
 * link is fresh.
 */
export function unreachableItem(
  { items }: LoweredScene,
  takeOf: (scene: string) => Take | undefined,
  reach: Reach,
): LoweredItem | undefined {
  if (reach.hasBucket) return undefined;
  return items.find(({ type, source }) => {
    if (type !== "video_url") return false;
    if (source.kind === "file") return true;
    if (source.kind !== "clip") return false;
    const take = takeOf(source.scene);
    return take !== undefined && !isKnown(take, reach);
  });
}

function isKnown({ task, provider, at }: Take, reach: Reach): boolean {
  return task !== undefined && provider === reach.provider && reach.now - Date.parse(at) < TASK_LIVES_MS;
}
