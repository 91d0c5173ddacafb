import { placeOf } from "../base/diagnostic.ts";
import type { Span } from "../base/source.ts";
import { promptText, type LoweredItem, type LoweredScene, type TextPiece } from "../seedance/lower.ts";
import type { Retry, Scene, Setting, Storyboard } from "../storyboard/types.ts";

/** A part of a request: in words who said it, and where. */
export interface Origin {
  readonly part: string;
  readonly from: string;
  /** Absent for what stands in no file. */
  readonly place?: Place | undefined;
}

export interface Place {
  readonly span: Span;
  /** In a file that the storyboard includes. */
  readonly isIncluded: boolean;
}

/** Each part of a scene's request, in the order of the body. */
export function origins(storyboard: Storyboard, scene: Scene, lowered: LoweredScene): Origin[] {
  const place = (span: Span | undefined): Place | undefined =>
    span && { span, isIncluded: span.source !== storyboard.source };
  const { retry, ...settings } = scene.settings;
  const before = promptText(lowered) === "" ? 0 : 1;
  return [
    settingRow("model", storyboard.model),
    ...textRows(storyboard, lowered),
    ...lowered.items.map((item, i) => itemRow(storyboard, item, i + before)),
    ...Object.entries(settings).map(([part, setting]) => settingRow(part, setting as Setting<unknown>)),
    ...(scene.mode.kind === "text" && scene.mode.webSearch
      ? [{ part: "tools", from: "web_search, the scene", span: scene.mode.askedAt }]
      : []),
    ...retryRows(retry),
  ].map(({ part, from, span }) => ({ part, from, place: place(span) }));
}

/** No part of the body: told where somebody has said it. */
function retryRows({ value, ...setting }: Setting<Retry>): Row[] {
  if (setting.origin === "built-in") return [];
  return [settingRow("retry.moderation", { ...setting, value: value.moderation })];
}

/** Where it stands is told by a span at first. */
interface Row {
  readonly part: string;
  readonly from: string;
  readonly span?: Span | undefined;
}

function textRows(storyboard: Storyboard, { text, items }: LoweredScene): Row[] {
  const pieces = text.filter((piece) => piece.text.trim() !== "");
  const rows = pieces.map((piece): Row => {
    const { from, span } = piece;
    return {
      part: `text (${from})`,
      from: `${JSON.stringify(shorten(piece.text))}${picturesOf(piece, items)}`,
      span,
    };
  });
  return [...rows, ...variableRows(storyboard, pieces)];
}

/** The pictures that a label stands for. */
function picturesOf({ from, text }: TextPiece, items: readonly LoweredItem[]): string {
  const ordinals = items.filter(({ key }) => key === `asset:${text}`).map(({ ordinal }) => ordinal);
  return from === "mention" && ordinals.length > 0 ? `, ${ordinals.join(" and ")}` : "";
}

/** The variables that were filled into the text. */
function variableRows({ variables }: Storyboard, pieces: readonly TextPiece[]): Row[] {
  const written = pieces
    .map(({ span }) => (span ? span.source.text.slice(span.start, span.end) : ""))
    .join("\n");
  const names = new Set([...written.matchAll(/\$\{([^}]*)\}/g)].map(([, name = ""]) => name.trim()));
  return [...variables]
    .filter(([name]) => names.has(name))
    .map(([name, { value, ...setting }]) =>
      settingRow(`text \${${name}}`, { ...setting, value: JSON.stringify(shorten(value)) }),
    );
}

/** Where it is used; for an asset's medium also where that is written down. */
function itemRow({ assets }: Storyboard, item: LoweredItem, index: number): Row {
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

function settingRow(part: string, { value, origin, span }: Setting<unknown>): Row {
  return { part, from: `${String(value)}, ${ORIGINS[origin]}`, span };
}

const ORIGINS: Record<Setting<unknown>["origin"], string> = {
  scene: "the scene",
  defaults: "`defaults`",
  storyboard: "the storyboard",
  variables: "`variables`",
  "built-in": "built in",
  matrix: "the matrix",
  profile: "the profile",
  rule: "since a clip that is continued or changed keeps its shape",
};

function shorten(text: string): string {
  const characters = [...text.trim()];
  return characters.length > 60 ? `${characters.slice(0, 59).join("")}…` : characters.join("");
}
