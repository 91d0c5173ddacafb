import type { Scene } from "../storyboard/types.ts";
import type { Lock, LockedScene } from "./lock.ts";
import { mergeScenes } from "./scene-merge.ts";

/**
 * The lock in which each scene has what was made under the name that it had before. Where a branch that did not know
 * of the new name has gone on under the old one, its takes come after those of the new.
 */
export function renameScenes(lock: Lock, scenes: readonly Pick<Scene, "id" | "was">[]): Lock {
  const renamed = scenes.filter(({ was }) => was !== undefined && lock.scenes.has(was));
  if (renamed.length === 0) return lock;
  const moved = new Map<string, LockedScene>(lock.scenes);
  for (const { id, was = "" } of renamed) {
    const sides = { base: undefined, ours: moved.get(id), theirs: moved.get(was) };
    moved.delete(was);
    moved.set(id, mergeScenes(id, sides, []));
  }
  return { ...lock, scenes: moved };
}
