import type { TakeContext } from "./take-context.ts";

/** A request that an earlier run has lost a moment ago may be a task in flight. */
export function keepPlaces({ ledger, provider, times, taskSeconds, clock, remote }: TakeContext): void {
  for (const { takes } of ledger.lock().scenes.values())
    for (const { state, provider: asked, at, recipe } of takes) {
      const ends = Date.parse(at) + 1000 * (times.typical(recipe) ?? taskSeconds);
      if (state === "unknown" && asked === provider && ends > clock.now())
        remote.keepPlace(ends - clock.now());
    }
}
