import type { SceneResult } from "../execute/events.ts";
import type { Clip } from "../plan/lock.ts";
import { ObjectStore } from "../store/objects.ts";
import type { Machine } from "./machine.ts";
import type { Plan } from "./plan.ts";
import { filmIsCurrent, filmPath, filmRecipe, recordFilm } from "./renders.ts";

export type FilmResult =
  | { readonly kind: "made"; readonly path: string; readonly seconds: number }
  | { readonly kind: "current"; readonly path: string }
  | { readonly kind: "not-made"; readonly reason: string };

/** Joins the film when every scene of the cut has its clip. A film that stands already is not touched. */
export async function makeFilm(
  plan: Plan,
  clipOf: (scene: string) => Clip | undefined,
  results: ReadonlyMap<string, SceneResult>,
  { files, assemble }: Pick<Machine, "files" | "assemble">,
): Promise<FilmResult> {
  const stale = plan.cut.find(({ scene }) => !isReady(results.get(scene)) || clipOf(scene) === undefined);
  if (stale) return { kind: "not-made", reason: `scene \`${stale.scene}\` has no current clip` };
  const recipe = filmRecipe(plan.cut, (scene) => clipOf(scene)?.sha256 ?? "");
  const path = filmPath(plan, plan.kind);
  if (filmIsCurrent(plan, plan.kind, recipe, files)) return { kind: "current", path };
  const store = new ObjectStore(files, plan.project.hidden);
  const parts = plan.cut.map((part) => ({ ...part, path: store.pathOf(clipOf(part.scene)?.sha256 ?? "") }));
  const assembled = await assemble(parts, path);
  if (assembled.kind === "cannot-join") return { kind: "not-made", reason: assembled.reason };
  recordFilm(plan, plan.kind, recipe, files);
  return { kind: "made", path, seconds: assembled.seconds };
}

function isReady(result: SceneResult | undefined): boolean {
  return result?.kind === "done" || result?.kind === "reused";
}
