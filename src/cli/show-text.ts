import { basename } from "node:path";
import { placeOf } from "../base/diagnostic.ts";
import type { Compiled } from "../driver/check.ts";
import type { LoweredItem, LoweredScene } from "../seedance/lower.ts";
import { createRequest } from "../seedance/request.ts";
import type { Scene, Setting } from "../storyboard/types.ts";
import { padDisplay } from "./display-width.ts";
import type { Terminal } from "./terminal.ts";

/** A scene's request, and under it where each part comes from. */
export function showText(
  compiled: Compiled,
  scene: Scene,
  lowered: LoweredScene,
  terminal: Pick<Terminal, "style">,
): string {
  const rows = origins(scene, lowered);
  const width = Math.max(...rows.map(([what]) => what.length));
  return [
    terminal.style("bold", `POST …/generations   # scene ${scene.id}, ${scene.mode.kind}`),
    JSON.stringify(requestOf(compiled, lowered), null, 2),
    "",
    terminal.style("bold", "Where it comes from"),
    ...rows.map(([what, from]) => `  ${padDisplay(what, width)}  ${from}`),
  ].join("\n");
}

export function showJson(compiled: Compiled, scene: Scene, lowered: LoweredScene): Record<string, unknown> {
  return {
    scene: scene.id,
    mode: scene.mode.kind,
    request: requestOf(compiled, lowered),
    origins: origins(scene, lowered).map(([part, from]) => ({ part, from })),
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
      const bytes = file?.kind === "read" ? file.facts.bytes.toLocaleString("en") : "?";
      const what = `${basename(source.path)}, ${bytes} bytes`;
      if (type === "video_url") return `<link to ${what}>`;
      return `data:${type === "image_url" ? "image" : "audio"}/…;base64,<${what}>`;
    }
  }
}

function origins(scene: Scene, lowered: LoweredScene): [string, string][] {
  const { settings } = scene;
  const text = lowered.text
    .filter((piece) => piece.text.trim() !== "")
    .map(({ text, from, span }): [string, string] => [
      `text (${from})`,
      `${span ? `${placeOf(span)}  ` : ""}${JSON.stringify(shorten(text))}`,
    ]);
  const items = lowered.items.map(({ ordinal, role, written, span }): [string, string] => [
    ordinal,
    `${role}, \`${written}\` at ${placeOf(span)}`,
  ]);
  const set = Object.entries(settings).map(([name, setting]): [string, string] => [
    name,
    settingOrigin(setting as Setting<unknown>),
  ]);
  return [...text, ...items, ...set];
}

function settingOrigin({ value, origin, span }: Setting<unknown>): string {
  const at = span ? ` at ${placeOf(span)}` : "";
  switch (origin) {
    case "scene":
      return `${String(value)}, the scene${at}`;
    case "defaults":
      return `${String(value)}, \`defaults\`${at}`;
    case "built-in":
      return `${String(value)}, built in`;
    case "matrix":
    case "profile":
      return `${String(value)}, the ${origin}${at}`;
    case "rule":
      return `${String(value)}, since a clip that is continued or changed keeps its shape${at}`;
  }
}

function shorten(text: string): string {
  const characters = [...text.trim()];
  return characters.length > 60 ? `${characters.slice(0, 59).join("")}…` : characters.join("");
}
