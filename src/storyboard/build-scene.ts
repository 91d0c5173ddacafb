import { get, itemsOf, numberOf, type MapEntry, type SyntaxNode } from "../syntax/tree.ts";
import { buildSettings } from "./settings.ts";
import type { Located, Settings } from "./types.ts";
import type { KeyedReference, WrittenLine, WrittenScene } from "./written.ts";

/** A text with its variables filled in. */
export type Fill = (node: SyntaxNode | undefined) => Located<string> | undefined;

export interface SceneContext {
  readonly defaults: Settings;
  /** What the profile sets stands above what a scene says: it was asked for on the command line. */
  readonly forced: Partial<Settings> | undefined;
  readonly style: Located<string> | undefined;
  readonly fill: Fill;
}

type Entries = ReadonlyMap<string, MapEntry>;

const NO_ENTRIES: Entries = new Map();
const NONE: readonly never[] = [];

export function buildScene(node: SyntaxNode, { defaults, forced, style, fill }: SceneContext): WrittenScene {
  const entries = node.kind === "map" ? node.entries : NO_ENTRIES;
  const value = (key: string): SyntaxNode | undefined => entries.get(key)?.value;
  const settings = buildSettings(node, sceneDefaults(entries, defaults), "scene");
  const id = textOf(value("id")) ?? { value: "", span: node.span };
  return {
    id: id.value,
    span: id.span,
    was: textOf(value("was")),
    title: textOf(value("title"))?.value,
    prompt: fill(value("prompt")),
    dialogue: buildDialogue(value("dialogue"), fill),
    style: buildStyle(value("style"), style, fill),
    firstFrame: keyed(entries.get("first_frame"), fill),
    lastFrame: keyed(entries.get("last_frame"), fill),
    references: filledItems(value("references"), fill),
    extend: buildExtend(entries.get("extend"), fill),
    edit: keyed(entries.get("edit"), fill),
    bridge: buildBridge(entries.get("bridge"), fill),
    webSearch: buildSearch(entries.get("web_search")),
    settings: forced ? { ...settings, ...forced } : settings,
    takes: numberOf(value("takes")) ?? 1,
  };
}

/** The text of a scalar as it was written, whatever YAML takes it for. */
export function textOf(node: SyntaxNode | undefined): Located<string> | undefined {
  if (node?.kind !== "scalar" || node.value === null) return undefined;
  const { value, span } = node;
  return { value: String(value), span };
}

export function filledItems(node: SyntaxNode | undefined, fill: Fill): readonly Located<string>[] {
  return node ? itemsOf(node).flatMap((item) => fill(item) ?? []) : NONE;
}

function keyed(entry: MapEntry | undefined, fill: Fill): KeyedReference | undefined {
  const text = entry && fill(entry.value);
  return text && { value: text.value, span: text.span, keySpan: entry.keySpan };
}

function buildExtend(entry: MapEntry | undefined, fill: Fill): WrittenScene["extend"] {
  if (!entry) return undefined;
  const { keySpan, value } = entry;
  const clip = fill(value.kind === "map" ? get(value, "clip") : value);
  const direction = textOf(get(value, "direction"))?.value === "backward" ? "backward" : "forward";
  return clip && { value: clip.value, span: clip.span, keySpan, direction };
}

function buildBridge(entry: MapEntry | undefined, fill: Fill): WrittenScene["bridge"] {
  return entry && { keySpan: entry.keySpan, clips: filledItems(entry.value, fill) };
}

function buildSearch(entry: MapEntry | undefined): WrittenScene["webSearch"] {
  if (!entry) return undefined;
  const { keySpan, value } = entry;
  return { keySpan, value: value.kind === "scalar" && value.value === true };
}

function buildStyle(
  node: SyntaxNode | undefined,
  style: Located<string> | undefined,
  fill: Fill,
): Located<string> | undefined {
  if (node?.kind === "scalar" && typeof node.value === "boolean") return node.value ? style : undefined;
  return fill(node) ?? style;
}

function buildDialogue(node: SyntaxNode | undefined, fill: Fill): readonly WrittenLine[] {
  return node ? itemsOf(node).map((line) => buildLine(line, fill)) : NONE;
}

function buildLine(node: SyntaxNode, fill: Fill): WrittenLine {
  const says = fill(node.kind === "map" ? get(node, "says") : node)?.value ?? "";
  const who = textOf(get(node, "who"));
  const at = numberOf(get(node, "at"));
  const seconds = numberOf(get(node, "seconds"));
  return {
    says,
    span: node.span,
    ...(who && { who }),
    ...(at !== undefined && { at }),
    ...(seconds !== undefined && { seconds }),
  };
}

/** A clip that is changed or continued keeps its own shape, so the film's ratio does not reach it. */
function sceneDefaults(entries: Entries, defaults: Settings): Settings {
  const follows = entries.get("extend") ?? entries.get("edit") ?? entries.get("bridge");
  if (!follows) return defaults;
  return { ...defaults, ratio: { value: "adaptive", origin: "rule", span: follows.keySpan } };
}
