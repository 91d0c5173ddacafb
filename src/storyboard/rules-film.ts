import { diagnose, type Diagnostic } from "../base/diagnostic.ts";
import { upstreamOf, usesOf, type Asset, type Storyboard } from "./types.ts";

/** A scene that is paid for and seen nowhere. Without `film.scenes` every scene is in the film or in an edit of it. */
export function checkUnusedScenes({ film, scenes }: Storyboard): Diagnostic[] {
  if (!film.scenes) return [];
  const ids = new Set(scenes.map(({ id }) => id));
  // A name in the list that no scene has is told, and may be the misspelt name of the one that seems unused.
  if (!film.scenes.every(({ value }) => ids.has(value))) return [];
  const used = new Set([...film.scenes.map(({ value }) => value), ...scenes.flatMap(upstreamOf)]);
  const [first] = film.scenes;
  return scenes
    .filter(({ id }) => !used.has(id))
    .map(({ id, span }) =>
      diagnose("film/unused-scene", span, `the film does not show scene \`${id}\`, and no scene needs it`, {
        labels: first ? [{ span: first.span, message: "the scenes of the film begin here" }] : [],
        help: `add \`${id}\` to \`film: { scenes: … }\`, or remove the scene: its clip would be paid for`,
      }),
    );
}

/**
 * Assets that no scene of any film refers to. All films at once, since each combination of a matrix may use
 * others. An included file may hold the cast of several storyboards, so only the storyboard's own are told.
 */
export function checkUnusedAssets(films: readonly Storyboard[]): Diagnostic[] {
  const scenes = films.flatMap((film) => film.scenes);
  // A name that was not found may be the misspelt name of the asset.
  if (scenes.length === 0 || scenes.some(({ incomplete }) => incomplete)) return [];
  const used = new Set<string>();
  for (const scene of scenes) {
    for (const { target } of usesOf(scene)) if (target.kind === "asset") used.add(target.asset);
    for (const { who } of scene.dialogue) if (who) used.add(who.value);
  }
  const [film] = films;
  const own = [...(film?.assets.values() ?? [])].filter(({ span }) => span.source === film?.source);
  return own.filter(({ name }) => !used.has(name)).map(unusedAsset);
}

function unusedAsset({ name, span }: Asset): Diagnostic {
  return diagnose("assets/unused", span, `no scene uses the asset \`${name}\``, {
    help: `write \`@${name}\` where it belongs, or remove it`,
  });
}
