import type { Diagnostic } from "../base/diagnostic.ts";
import type { Span } from "../base/source.ts";
import type { SyntaxTree } from "../syntax/parse.ts";
import { entriesOf, get, itemsOf, type MapEntry, type SyntaxNode } from "../syntax/tree.ts";
import type { Located, Provider, Setting, Settings } from "./types.ts";
import { Variables } from "./variables.ts";
import {
  BUILT_IN,
  type KeyedReference,
  type WrittenAsset,
  type WrittenFilm,
  type WrittenLine,
  type WrittenScene,
  type WrittenStoryboard,
} from "./written.ts";

export interface Built {
  readonly written: WrittenStoryboard;
  readonly diagnostics: readonly Diagnostic[];
}

const DEFAULT_MODEL = "seedance-2.0-mini";
/** What ByteDance advises to leave out at the joint of an extended clip. */
const DROP_BEFORE = 6;
const DROP_AFTER = 1;

/** The tree, which fits the schema, as the author's words: defaults applied, variables filled in. */
export function build(tree: SyntaxTree): Built {
  const { root } = tree;
  const variables = new Variables(entriesOf(get(root, "variables")));
  const fill = (node: SyntaxNode | undefined): Located<string> | undefined => {
    const text = located(node);
    return text && { ...text, value: variables.fill(text.value, text.span) };
  };
  const style = fill(get(root, "style"));
  const provider = located(get(root, "provider"));
  const title = located(get(root, "title"))?.value;
  const defaults = buildSettings(get(root, "defaults"), BUILT_IN, "defaults");
  const written: WrittenStoryboard = {
    model: located(get(root, "model"))?.value ?? DEFAULT_MODEL,
    assets: entriesOf(get(root, "assets")).map((entry) => buildAsset(entry, fill)),
    scenes: itemsOf(get(root, "scenes")).map((node) => buildScene(node, { defaults, style, fill })),
    film: buildFilm(get(root, "film")),
    ...(title !== undefined && { title }),
    ...(provider && { provider: { ...provider, value: provider.value as Provider } }),
  };
  return { written, diagnostics: [...variables.diagnostics, ...variables.unused()] };
}

type Fill = (node: SyntaxNode | undefined) => Located<string> | undefined;

interface SceneContext {
  readonly defaults: Settings;
  readonly style: Located<string> | undefined;
  readonly fill: Fill;
}

function located(node: SyntaxNode | undefined): Located<string> | undefined {
  return node?.kind === "scalar" && node.value !== null
    ? { value: String(node.value), span: node.span }
    : undefined;
}

function numberOf(node: SyntaxNode | undefined): number | undefined {
  return node?.kind === "scalar" && typeof node.value === "number" ? node.value : undefined;
}

function locatedItems(node: SyntaxNode | undefined): Located<string>[] {
  return itemsOf(node).flatMap((item) => located(item) ?? []);
}

function buildAsset({ key, keySpan, value }: MapEntry, fill: Fill): WrittenAsset {
  const image = located(get(value, "image"));
  const video = located(get(value, "video"));
  const audio = located(get(value, "audio"));
  const description = fill(get(value, "description"))?.value.trim();
  return {
    name: key,
    span: keySpan,
    image: [...(image ? [image] : []), ...locatedItems(get(value, "images"))],
    ...(video && { video }),
    ...(audio && { audio }),
    ...(description && { description }),
  };
}

function buildScene(node: SyntaxNode, { defaults, style, fill }: SceneContext): WrittenScene {
  const id = located(get(node, "id")) ?? { value: "", span: node.span };
  const title = located(get(node, "title"))?.value;
  const prompt = fill(get(node, "prompt"));
  const sceneStyle = buildStyle(get(node, "style"), style, fill);
  return {
    id: id.value,
    span: id.span,
    dialogue: itemsOf(get(node, "dialogue")).map((line) => buildLine(line, fill)),
    references: locatedItems(get(node, "references")),
    settings: buildSettings(node, sceneDefaults(node, defaults), "scene"),
    takes: numberOf(get(node, "takes")) ?? 1,
    ...(title !== undefined && { title }),
    ...(prompt && { prompt }),
    ...(sceneStyle && { style: sceneStyle }),
    ...buildModeKeys(node),
  };
}

/** Undefined members would read as keys that were written. */
function buildModeKeys(node: SyntaxNode): Partial<WrittenScene> {
  const entries = node.kind === "map" ? node.entries : new Map<string, MapEntry>();
  const keyed = (key: string): KeyedReference | undefined => {
    const entry = entries.get(key);
    const text = located(entry?.value);
    return entry && text ? { ...text, keySpan: entry.keySpan } : undefined;
  };
  const firstFrame = keyed("first_frame");
  const lastFrame = keyed("last_frame");
  const edit = keyed("edit");
  const extend = buildExtend(entries.get("extend"));
  const bridge = entries.get("bridge");
  const webSearch = entries.get("web_search");
  const references = entries.get("references");
  return {
    ...(firstFrame && { firstFrame }),
    ...(lastFrame && { lastFrame }),
    ...(edit && { edit }),
    ...(extend && { extend }),
    ...(references && { referencesKey: references.keySpan }),
    ...(bridge && { bridge: { keySpan: bridge.keySpan, clips: locatedItems(bridge.value) } }),
    ...(webSearch && {
      webSearch: {
        keySpan: webSearch.keySpan,
        value: webSearch.value.kind === "scalar" && webSearch.value.value === true,
      },
    }),
  };
}

function buildExtend(entry: MapEntry | undefined): WrittenScene["extend"] {
  if (!entry) return undefined;
  const clip = located(entry.value.kind === "map" ? get(entry.value, "clip") : entry.value);
  const direction = located(get(entry.value, "direction"))?.value === "backward" ? "backward" : "forward";
  return clip && { ...clip, keySpan: entry.keySpan, direction };
}

function buildStyle(
  node: SyntaxNode | undefined,
  style: Located<string> | undefined,
  fill: Fill,
): Located<string> | undefined {
  if (node?.kind === "scalar" && typeof node.value === "boolean") return node.value ? style : undefined;
  return fill(node) ?? style;
}

function buildLine(node: SyntaxNode, fill: Fill): WrittenLine {
  const says = fill(node.kind === "map" ? get(node, "says") : node)?.value ?? "";
  const who = located(get(node, "who"));
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
function sceneDefaults(node: SyntaxNode, defaults: Settings): Settings {
  const follows = ["extend", "edit", "bridge"]
    .map((key) => (node.kind === "map" ? node.entries.get(key) : undefined))
    .find(Boolean);
  return follows
    ? { ...defaults, ratio: { value: "adaptive", origin: "rule", span: follows.keySpan } }
    : defaults;
}

function buildSettings(
  node: SyntaxNode | undefined,
  below: Settings,
  origin: "scene" | "defaults",
): Settings {
  const pick = <K extends keyof Settings>(key: K): Settings[K] => {
    const written = get(node, key);
    if (written?.kind !== "scalar" || written.value === null) return below[key];
    const span: Span = written.span;
    return { value: written.value, origin, span } as Settings[K] & Setting<unknown>;
  };
  return {
    resolution: pick("resolution"),
    ratio: pick("ratio"),
    duration: pick("duration"),
    generate_audio: pick("generate_audio"),
    watermark: pick("watermark"),
  };
}

function buildFilm(node: SyntaxNode | undefined): WrittenFilm {
  const output = located(get(node, "output"));
  const joints = get(node, "joints");
  return {
    dropBefore: numberOf(get(joints, "drop_before")) ?? DROP_BEFORE,
    dropAfter: numberOf(get(joints, "drop_after")) ?? DROP_AFTER,
    ...(output && { output }),
    ...(get(node, "scenes") && { scenes: locatedItems(get(node, "scenes")) }),
  };
}
