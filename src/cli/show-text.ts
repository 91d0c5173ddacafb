import { basename } from "node:path";
import { placeOf } from "../base/diagnostic.ts";
import { positionAt } from "../base/source.ts";
import type { Compiled } from "../driver/check.ts";
import type { LoweredItem, LoweredScene } from "../seedance/lower.ts";
import { createRequest } from "../seedance/request.ts";
import { MAIN_NAME } from "../storyboard/names.ts";
import type { Scene } from "../storyboard/types.ts";
import { displayWidth, padDisplay } from "./display-width.ts";
import { origins, type Place } from "./origins.ts";
import type { Terminal } from "./terminal.ts";

/** A scene's request, and under it where each part comes from. */
export function showText(
  compiled: Compiled,
  scene: Scene,
  lowered: LoweredScene,
  terminal: Pick<Terminal, "style">,
): string {
  const { variant } = compiled.storyboard;
  const film = variant === MAIN_NAME ? "" : `, film ${variant}`;
  const rows = origins(compiled.storyboard, scene, lowered);
  const width = Math.max(...rows.map(({ part }) => displayWidth(part)));
  return [
    terminal.style("bold", `POST …/generations   # scene ${scene.id}, ${scene.mode.kind}${film}`),
    JSON.stringify(requestOf(compiled, lowered), null, 2),
    "",
    terminal.style("bold", "Where it comes from"),
    ...rows.map(({ part, from, place }) =>
      [`  ${padDisplay(part, width)}`, from, ...(place ? [placeText(place)] : [])].join("  "),
    ),
  ].join("\n");
}

export function showJson(compiled: Compiled, scene: Scene, lowered: LoweredScene): Record<string, unknown> {
  return {
    scene: scene.id,
    film: compiled.storyboard.variant,
    mode: scene.mode.kind,
    request: requestOf(compiled, lowered),
    origins: origins(compiled.storyboard, scene, lowered).map(({ part, from, place }) => ({
      part,
      from,
      ...(place && {
        file: place.span.source.name,
        ...positionAt(place.span.source, place.span.start),
        included: place.isIncluded,
      }),
    })),
  };
}

/** The body as it would be sent; bytes and links that exist only then are named instead. */
function requestOf(compiled: Compiled, lowered: LoweredScene): object {
  return createRequest(
    lowered,
    lowered.items.map((item) => mediaText(compiled, item)),
  );
}

function mediaText({ media }: Compiled, { source, type }: LoweredItem): string {
  switch (source.kind) {
    case "url":
      return source.url;
    case "library":
      return `asset://${source.id}`;
    case "clip":
      return `<link to the clip of ${source.scene}>`;
    case "still":
      return `data:image/png;base64,<${source.which} frame of ${source.scene}>`;
    case "file": {
      const file = media.get(source.path);
      const facts = file?.kind === "read" ? file.facts : undefined;
      const what = `${basename(source.path)}, ${facts?.bytes.toLocaleString("en") ?? "?"} bytes`;
      if (type === "video_url") return `<link to ${what}>`;
      const format = facts && "format" in facts ? facts.format : "…";
      // The one format whose name in an address is another.
      return `data:${type.replace("_url", "")}/${format === "mp3" ? "mpeg" : format};base64,<${what}>`;
    }
  }
}

function placeText({ span, isIncluded }: Place): string {
  return isIncluded ? `${placeOf(span)} (included)` : placeOf(span);
}
