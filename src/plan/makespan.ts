import { upstreamOf } from "../storyboard/types.ts";
import type { ScenePlan } from "./scene-plan.ts";

interface Waiting {
  readonly tasks: number;
  /** Rounds from its start to the end of all that hangs on it. */
  readonly height: number;
  readonly followers: Waiting[];
  missing: number;
}

/**
 * Rounds until all is done with so many tasks in flight. Tasks are taken to last equally long, so that they start
 * and end together; those that most hangs on start first, as the runner does it.
 */
export function roundsNeeded(plans: readonly ScenePlan[], concurrency: number): number {
  const ready = new Ready(concurrency);
  for (const scene of waitingScenes(plans)) if (scene.missing === 0) ready.add(scene);
  let rounds = 0;
  for (; ready.isWaiting; rounds++) for (const scene of ready.run()) ready.release(scene);
  return rounds;
}

/** From the last scene to the first, so that each knows what hangs on it. */
function waitingScenes(plans: readonly ScenePlan[]): Waiting[] {
  const followers = new Map<string, Waiting[]>();
  const known = new Set(plans.map(({ scene }) => scene.id));
  return [...plans].reverse().map(({ scene, renders, collect }) => {
    const mine = followers.get(scene.id) ?? [];
    const tasks = renders + collect.length;
    const upstream = upstreamOf(scene).filter((id) => known.has(id));
    const height = mine.reduce((most, { height: one }) => Math.max(most, one), 0) + (tasks > 0 ? 1 : 0);
    const waiting: Waiting = { tasks, height, followers: mine, missing: upstream.length };
    for (const id of upstream) {
      const others = followers.get(id);
      if (others) others.push(waiting);
      else followers.set(id, [waiting]);
    }
    return waiting;
  });
}

/** The scenes that could start, by height. */
class Ready {
  readonly #byHeight: { readonly scene: Waiting; left: number }[][] = [];
  readonly #concurrency: number;
  #highest = 0;

  constructor(concurrency: number) {
    this.#concurrency = concurrency;
  }

  get isWaiting(): boolean {
    return this.#highest > 0;
  }

  add(scene: Waiting): void {
    if (scene.tasks === 0) {
      this.release(scene);
      return;
    }
    (this.#byHeight[scene.height] ??= []).push({ scene, left: scene.tasks });
    this.#highest = Math.max(this.#highest, scene.height);
  }

  /** A scene is done; what has nothing to do itself is done at once. */
  release(scene: Waiting): void {
    const done = [scene];
    for (let one = done.pop(); one; one = done.pop()) {
      for (const follower of one.followers) {
        if (--follower.missing > 0) continue;
        if (follower.tasks === 0) done.push(follower);
        else this.add(follower);
      }
    }
  }

  /** One round: fills the places from the highest, and gives the scenes whose last task it held. */
  run(): Waiting[] {
    const ended: Waiting[] = [];
    for (let places = this.#concurrency; places > 0 && this.isWaiting;) {
      const here = this.#byHeight[this.#highest];
      const first = here?.at(-1);
      if (!here || !first) {
        this.#highest--;
        continue;
      }
      const started = Math.min(places, first.left);
      places -= started;
      first.left -= started;
      if (first.left === 0) ended.push(first.scene);
      if (first.left === 0) here.pop();
    }
    while (this.isWaiting && !this.#byHeight[this.#highest]?.length) this.#highest--;
    return ended;
  }
}
