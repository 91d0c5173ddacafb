import { basename } from "node:path";
import { placeOf } from "../base/diagnostic.ts";
import { positionAt, type Span } from "../base/source.ts";
import type { Compiled } from "../driver/check.ts";
import { promptText, type LoweredItem, type LoweredScene } from "../seedance/lower.ts";
import { createRequest } from "../seedance/request.ts";
import { MAIN_NAME } from "../storyboard/names.ts";
import type { Scene, Setting, Storyboard } from "../storyboard/types.ts";
import { displayWidth, padDisplay } from "./display-width.ts";
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
    ...rows.map(({ part, from, span }) =>
      [`  ${padDisplay(part, width)}`, from, ...(span ? [placeOf(span)] : [])].join("  "),
    ),
  ].join("\n");
}

export function showJson(compiled: Compiled, scene: Scene, lowered: LoweredScene): Record<string, unknown> {
  return {
    scene: scene.id,
    film: compiled.storyboard.variant,
    mode: scene.mode.kind,
    request: requestOf(compiled, lowered),
    origins: origins(compiled.storyboard, scene, lowered).map(({ part, from, span }) => ({
      part,
      from,
      ...(span && { file: span.source.name, ...positionAt(span.source, span.start) }),
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

/** A part of the request, in words who said it, and where. */
interface Origin {
  readonly part: string;
  readonly from: string;
  readonly span?: Span | undefined;
}

function origins(storyboard: Storyboard, scene: Scene, lowered: LoweredScene): Origin[] {
  const text = lowered.text
    .filter((piece) => piece.text.trim() !== "")
    .map(({ text, from, span }) => ({
      part: `text (${from})`,
      from: JSON.stringify(shorten(text)),
      span,
    }));
  const before = promptText(lowered) === "" ? 0 : 1;
  const items = lowered.items.map((item, i) => itemOrigin(storyboard, item, i + before));
  const settings = Object.entries(scene.settings).map(([part, setting]) =>
    settingOrigin(part, setting as Setting<unknown>),
  );
  const search: Origin[] = lowered.webSearch
    ? [{ part: "tools", from: "web_search, the scene", span: scene.span }]
    : [];
  return [...text, ...items, ...settings, ...search];
}

/** Where it is used; for an asset's medium also where that is written down. */
function itemOrigin({ assets }: Storyboard, item: LoweredItem, index: number): Origin {
  const { ordinal, role, written, span, source } = item;
  const declared = [...assets.values()]
    .flatMap(({ media }) => media)
    .find(({ at }) => at === source && item.key.startsWith("asset:"));
  const what =
    source.kind === "clip"
      ? `, the clip of ${source.scene}`
      : source.kind === "still"
        ? `, the ${source.which} frame of ${source.scene}`
        : declared
          ? `, declared at ${placeOf(declared.span)}`
          : "";
  return { part: `content[${index}] ${ordinal}`, from: `${role}, \`${written}\`${what}`, span };
}

function settingOrigin(part: string, { value, origin, span }: Setting<unknown>): Origin {
  return { part, from: `${String(value)}, ${ORIGINS[origin]}`, span };
}

const ORIGINS: Record<Setting<unknown>["origin"], string> = {
  scene: "the scene",
  defaults: "`defaults`",
  "built-in": "built in",
  matrix: "the matrix",
  profile: "the profile",
  rule: "since a clip that is continued or changed keeps its shape",
};

function shorten(text: string): string {
  const characters = [...text.trim()];
  return characters.length > 60 ? `${characters.slice(0, 59).join("")}…` : characters.join("");
}
