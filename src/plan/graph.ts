import { upstreamOf, usesOf, type Scene, type Storyboard } from "../storyboard/types.ts";

/** A node of the graph. `generate` is remote and paid, `frame` takes a still out of a clip, `film` is the cut. */
export type Step =
  | { readonly kind: "generate"; readonly id: string; readonly scene: Scene }
  | { readonly kind: "frame"; readonly id: string; readonly scene: string; readonly which: "first" | "last" }
  | { readonly kind: "film"; readonly id: "film" };

export interface StepGraph {
  /** Each after everything that it needs; otherwise in story order. */
  readonly steps: readonly Step[];
  /** Ids of the steps that a step needs. */
  readonly needs: ReadonlyMap<string, readonly string[]>;
  /** Ids of the steps that need it. */
  readonly feeds: ReadonlyMap<string, readonly string[]>;
}

function generateId(scene: string): string {
  return `generate:${scene}`;
}

function frameId(scene: string, which: "first" | "last"): string {
  return `frame:${scene}.${which}`;
}

/** `filmScenes` are the scenes of the cut. The storyboard must be free of circles. */
export function buildGraph(storyboard: Storyboard, filmScenes: readonly string[]): StepGraph {
  const steps: Step[] = [];
  const needs = new Map<string, string[]>();
  const add = (step: Step, from: string[]): void => {
    steps.push(step);
    needs.set(step.id, from);
  };
  for (const scene of inOrder(storyboard.scenes)) {
    const stills = stillsOf(scene);
    for (const still of stills) {
      const id = frameId(still.scene, still.which);
      if (!needs.has(id)) add({ kind: "frame", id, ...still }, [generateId(still.scene)]);
    }
    const clips = usesOf(scene).flatMap(({ target }) =>
      target.kind === "clip" ? [generateId(target.scene)] : [],
    );
    const frames = stills.map(({ scene: from, which }) => frameId(from, which));
    add({ kind: "generate", id: generateId(scene.id), scene }, [...new Set([...clips, ...frames])]);
  }
  add({ kind: "film", id: "film" }, [...new Set(filmScenes.map(generateId))]);
  return { steps, needs, feeds: turnRound(needs) };
}

function stillsOf(scene: Scene): { scene: string; which: "first" | "last" }[] {
  return usesOf(scene).flatMap(({ target }) =>
    target.kind === "still" ? [{ scene: target.scene, which: target.which }] : [],
  );
}

/** Story order, but each scene after those whose clips it uses. */
export function inOrder(scenes: readonly Scene[]): Scene[] {
  const byId = new Map(scenes.map((scene) => [scene.id, scene]));
  const placed = new Set<string>();
  const order: Scene[] = [];
  for (const start of scenes) {
    // A stack of its own: chains may be longer than the call stack is deep.
    const stack = [start];
    for (let top = stack.at(-1); top; top = stack.at(-1)) {
      const missing = upstreamOf(top).find((id) => !placed.has(id) && byId.has(id));
      const next = missing === undefined ? undefined : byId.get(missing);
      if (next) {
        stack.push(next);
        continue;
      }
      stack.pop();
      if (!placed.has(top.id)) order.push(top);
      placed.add(top.id);
    }
  }
  return order;
}

function turnRound(needs: ReadonlyMap<string, readonly string[]>): Map<string, string[]> {
  const feeds = new Map<string, string[]>([...needs.keys()].map((id) => [id, []]));
  for (const [id, from] of needs) for (const need of from) feeds.get(need)?.push(id);
  return feeds;
}

/** The longest way from a step to the end of the film, its own cost included. */
export function longestRemaining(graph: StepGraph, cost: (step: Step) => number): Map<string, number> {
  const remaining = new Map<string, number>();
  for (const step of [...graph.steps].reverse()) {
    const after = (graph.feeds.get(step.id) ?? []).map((id) => remaining.get(id) ?? 0);
    remaining.set(step.id, cost(step) + Math.max(0, ...after));
  }
  return remaining;
}
