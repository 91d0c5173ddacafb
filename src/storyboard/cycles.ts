import { diagnose, type Diagnostic } from "../base/diagnostic.ts";
import { usesOf, type MediaUse, type Scene } from "./types.ts";

interface Edge {
  readonly from: Scene;
  readonly to: Scene;
  readonly use: MediaUse;
}

/** Each circle of scenes once, as the path that leads around it. */
export function findCycles(scenes: readonly Scene[]): Diagnostic[] {
  if (looksBackOnly(scenes)) return [];
  const byId = new Map(scenes.map((scene) => [scene.id, scene]));
  const finished = new Set<Scene>();
  const diagnostics: Diagnostic[] = [];
  for (const start of scenes) {
    if (finished.has(start)) continue;
    for (const cycle of cyclesFrom(start, byId, finished)) diagnostics.push(describe(cycle));
  }
  return diagnostics;
}

/** Most storyboards: where each scene uses earlier ones alone there is no way round. */
function looksBackOnly(scenes: readonly Scene[]): boolean {
  const seen = new Set<string>();
  return scenes.every((scene) => {
    const isBack = usesOf(scene).every(({ target }) => {
      return (target.kind !== "clip" && target.kind !== "still") || seen.has(target.scene);
    });
    seen.add(scene.id);
    return isBack;
  });
}

/** Depth first with a stack of its own: a chain may be longer than the call stack is deep. */
function cyclesFrom(start: Scene, byId: ReadonlyMap<string, Scene>, finished: Set<Scene>): Edge[][] {
  const cycles: Edge[][] = [];
  const stack: { scene: Scene; edges: Edge[]; next: number }[] = [
    { scene: start, edges: edgesOf(start, byId), next: 0 },
  ];
  const path: Edge[] = [];
  const open = new Set([start]);
  for (let top = stack.at(-1); top; top = stack.at(-1)) {
    const edge = top.edges[top.next++];
    if (!edge) {
      finished.add(top.scene);
      open.delete(top.scene);
      stack.pop();
      path.pop();
    } else if (open.has(edge.to)) {
      const start = path.findIndex(({ from }) => from === edge.to);
      cycles.push(start === -1 ? [edge] : [...path.slice(start), edge]);
    } else if (!finished.has(edge.to)) {
      open.add(edge.to);
      path.push(edge);
      stack.push({ scene: edge.to, edges: edgesOf(edge.to, byId), next: 0 });
    }
  }
  return cycles;
}

function edgesOf(from: Scene, byId: ReadonlyMap<string, Scene>): Edge[] {
  return usesOf(from).flatMap((use): Edge[] => {
    const scene =
      use.target.kind === "clip" || use.target.kind === "still" ? byId.get(use.target.scene) : undefined;
    return scene ? [{ from, to: scene, use }] : [];
  });
}

function describe(cycle: readonly Edge[]): Diagnostic {
  const [first, ...rest] = cycle;
  if (!first) throw new Error("a cycle has at least one edge");
  const names = [...cycle.map(({ from }) => from.id), first.from.id].map((name) => `\`${name}\``);
  const message =
    cycle.length === 1
      ? `scene ${names[0]} needs its own clip`
      : `the scenes ${names.join(" → ")} need each other's clips`;
  return diagnose("resolve/cycle", first.use.span, message, {
    note: `\`${first.from.id}\` needs \`${first.to.id}\``,
    labels: rest.map(({ from, to, use }) => ({
      span: use.span,
      message: `\`${from.id}\` needs \`${to.id}\``,
    })),
    help: "let one of them start from something else",
  });
}
