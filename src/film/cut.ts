import { modeClips, type Scene, type Storyboard } from "../storyboard/types.ts";

/** One clip of the film. Frames. */
export interface CutPart {
  readonly scene: string;
  readonly dropHead: number;
  readonly dropTail: number;
}

/**
 * The timeline. Without `film.scenes`: all scenes in story order, an edit or a bridge in place of its sources.
 * Where a scene goes on from the one before it, the joint loses the frames that both have.
 */
export function cutOf(storyboard: Storyboard): CutPart[] {
  const byId = new Map(storyboard.scenes.map((scene) => [scene.id, scene]));
  const ids = storyboard.film.scenes?.map(({ value }) => value) ?? storyOrder(storyboard.scenes);
  const scenes = ids.flatMap((id) => byId.get(id) ?? []);
  const { dropBefore, dropAfter } = storyboard.film.joints;
  const joined = scenes.map((scene, i) => isJoint(scenes[i - 1], scene, byId));
  return scenes.map(({ id }, i) => ({
    scene: id,
    dropHead: joined[i] ? dropAfter : 0,
    dropTail: joined[i + 1] ? dropBefore : 0,
  }));
}

/** An edit or a bridge stands where the first of its sources stood; the sources are not shown. */
function storyOrder(scenes: readonly Scene[]): string[] {
  const standsAt = new Map<string, string>();
  const replaced = new Set<string>();
  for (const { id, mode } of scenes) {
    if (mode.kind !== "edit" && mode.kind !== "bridge") continue;
    const sources = modeClips(mode).flatMap(({ target }) => (target.kind === "clip" ? [target.scene] : []));
    for (const source of sources) replaced.add(source);
    const [first] = sources;
    if (first !== undefined) standsAt.set(id, first);
  }
  const followers = new Map<string, string[]>();
  for (const [id, source] of standsAt) followers.set(source, [...(followers.get(source) ?? []), id]);
  const order: string[] = [];
  // A stack of its own: a chain of edits may be longer than the call stack is deep.
  const stack = scenes.flatMap(({ id }) => (standsAt.has(id) ? [] : [id])).reverse();
  for (let id = stack.pop(); id !== undefined; id = stack.pop()) {
    if (!replaced.has(id)) order.push(id);
    stack.push(...[...(followers.get(id) ?? [])].reverse());
  }
  return order;
}

/** True where the second clip begins with the moment in which the first one ends. */
function isJoint(before: Scene | undefined, after: Scene, byId: ReadonlyMap<string, Scene>): boolean {
  if (!before) return false;
  return extendsShot(after, "forward", before, byId) || extendsShot(before, "backward", after, byId);
}

function extendsShot(
  scene: Scene,
  direction: "forward" | "backward",
  other: Scene,
  byId: ReadonlyMap<string, Scene>,
): boolean {
  const { mode } = scene;
  if (mode.kind !== "extend" || mode.direction !== direction || mode.clip.target.kind !== "clip")
    return false;
  return mode.clip.target.scene === other.id || shotOf(other, byId) === mode.clip.target.scene;
}

/** An edit shows the same shot as the clip that it changes. */
function shotOf(scene: Scene, byId: ReadonlyMap<string, Scene>): string {
  let at = scene;
  for (let rounds = 0; at.mode.kind === "edit" && rounds < byId.size; rounds++) {
    const { target } = at.mode.clip;
    const source = target.kind === "clip" ? byId.get(target.scene) : undefined;
    if (!source) break;
    at = source;
  }
  return at.id;
}
