import { diagnose, type Diagnostic } from "../base/diagnostic.ts";
import { EXTEND_ROUNDS_ADVICE } from "../base/limits.ts";
import type { Board } from "./rules-board.ts";
import type { MediaUse, Scene } from "./types.ts";

/** Rounds of extension up to and with each scene; told once, where a chain grows too long. */
export function checkChains({ storyboard, byId }: Board): Diagnostic[] {
  const chains = new Map<string, number>();
  return storyboard.scenes
    .filter(({ mode }) => mode.kind === "extend")
    .flatMap((scene) => tooLong(scene, chainLength(scene, byId, chains)));
}

function tooLong(scene: Scene, rounds: number): Diagnostic[] {
  if (rounds !== EXTEND_ROUNDS_ADVICE + 1 || scene.mode.kind !== "extend") return [];
  const { clip } = scene.mode;
  return [
    diagnose("extend/long-chain", clip.span, `scene \`${scene.id}\` is the ${rounds}th extension in a row`, {
      note: "each round loses picture quality",
      help: `begin anew from a still: \`first_frame: ${clip.target.kind === "clip" ? clip.target.scene : clip.written}.last_frame\``,
    }),
  ];
}

/** `chains` has the lengths that are known; 0 while one is looked for. */
function chainLength(scene: Scene, byId: ReadonlyMap<string, Scene>, chains: Map<string, number>): number {
  const path: Scene[] = [];
  let at: Scene | undefined = scene;
  while (at?.mode.kind === "extend" && !chains.has(at.id)) {
    path.push(at);
    chains.set(at.id, 0);
    const { target }: MediaUse = at.mode.clip;
    at = target.kind === "clip" ? byId.get(target.scene) : undefined;
  }
  let length = (at && chains.get(at.id)) ?? 0;
  // A circle is told of as one; it has no length.
  if (!at || length > 0 || !path.includes(at)) {
    for (const link of path.reverse()) chains.set(link.id, ++length);
  }
  return chains.get(scene.id) ?? 0;
}
