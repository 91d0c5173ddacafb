import { basename } from "node:path";
import { diagnose, type Diagnostic } from "../base/diagnostic.ts";
import type { Source, Span } from "../base/source.ts";
import { readAddress, shownAddress } from "./addresses.ts";
import { findCycles } from "./cycles.ts";
import { MAIN_NAME } from "./names.ts";
import { NameTable } from "./name-table.ts";
import { resolveFilm } from "./resolve-film.ts";
import { SceneResolver } from "./resolve-scene.ts";
import type { Asset, AssetMedium, Located, Medium, Scene, Storyboard } from "./types.ts";
import type { WrittenAsset, WrittenStoryboard } from "./written.ts";

export interface Resolved {
  readonly storyboard: Storyboard;
  readonly diagnostics: readonly Diagnostic[];
}

/** Looks every name up. The storyboard is whole only where the diagnostics hold no error. */
export function resolveStoryboard(source: Source, written: WrittenStoryboard): Resolved {
  const names = new NameTable(written.assets, written.scenes);
  const diagnostics: Diagnostic[] = [];
  const assets = new Map<string, Asset>();
  for (const asset of written.assets) assets.set(asset.name, resolveAsset(asset, diagnostics));
  const scenes = written.scenes.map((scene, index): Scene => {
    const resolver = new SceneResolver({ names, previous: written.scenes[index - 1]?.id }, scene);
    const resolved = resolver.resolve();
    // One by one: a hostile prompt has more of them than a call takes arguments.
    for (const diagnostic of resolver.diagnostics) diagnostics.push(diagnostic);
    return resolved;
  });
  const name = basename(source.path).replace(/\.ya?ml$/i, "");
  if (scenes.length === 0) diagnostics.push(noScenes(source));
  const film = resolveFilm(
    written.film,
    written.variant === MAIN_NAME ? name : `${name}-${written.variant}`,
    new Map(scenes.map((scene) => [scene.id, scene])),
    diagnostics,
  );
  const storyboard: Storyboard = {
    source,
    name,
    variant: written.variant,
    model: written.model,
    variables: written.variables,
    handover: written.handover,
    assets,
    scenes,
    film,
    ...(written.title !== undefined && { title: written.title }),
    ...(written.provider && { provider: written.provider }),
    ...(written.prices && { prices: written.prices }),
    ...(written.store && { store: written.store }),
  };
  return { storyboard, diagnostics: [...names.diagnostics, ...diagnostics, ...findCycles(scenes)] };
}

function resolveAsset(written: WrittenAsset, diagnostics: Diagnostic[]): Asset {
  const media: AssetMedium[] = [];
  const add = (medium: Medium, { value, span }: Located<string>): void => {
    const at = readAddress(value, span.source.path);
    if (at.kind === "file" || at.kind === "url" || at.kind === "library") media.push({ medium, at, span });
    else if (at.kind === "malformed") diagnostics.push(badAddress(value, at.why, at.help, span));
    else diagnostics.push(notAnAddress(value, span));
  };
  for (const image of written.image) add("image", image);
  if (written.video) add("video", written.video);
  if (written.audio) add("audio", written.audio);
  const kinds = new Set(media.map(({ medium }) => medium));
  if (media.length === 0 && written.image.length === 0 && !written.video && !written.audio) {
    diagnostics.push(
      diagnose("resolve/empty-asset", written.span, `the asset \`${written.name}\` has no medium`, {
        help: "give it `image`, `images`, `video` or `audio`",
      }),
    );
  } else if (kinds.size > 1) {
    diagnostics.push(
      diagnose(
        "resolve/mixed-asset",
        written.span,
        `the asset \`${written.name}\` mixes ${[...kinds].join(" and ")}`,
        {
          help: "make one asset of each, so that a prompt can say which it means",
        },
      ),
    );
  }
  const { name, span, description } = written;
  return { name, span, media, ...(description !== undefined && { description }) };
}

function noScenes(source: Source): Diagnostic {
  return diagnose("resolve/no-scenes", { source, start: 0, end: 0 }, "the storyboard has no scenes", {
    help: "add `scenes:` with at least one `- id: …`, or `include` a file that has some",
  });
}

/** A name where nothing but the medium itself can stand. */
function notAnAddress(value: string, span: Span): Diagnostic {
  const why = "an asset's medium is a path, a web address or `asset://ID`";
  const help = `write \`./${shownAddress(value)}\` for a file beside the storyboard`;
  return badAddress(value, why, help, span);
}

function badAddress(value: string, why: string, help: string, span: Span): Diagnostic {
  return diagnose("resolve/bad-address", span, `\`${shownAddress(value)}\`: ${why}`, { help });
}
