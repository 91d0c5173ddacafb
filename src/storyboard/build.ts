import type { Diagnostic } from "../base/diagnostic.ts";
import { JOINT_FRAMES } from "../base/limits.ts";
import type { Span } from "../base/source.ts";
import type { SyntaxTree } from "../syntax/parse.ts";
import { entriesOf, get, itemsOf, type MapEntry, type SyntaxNode } from "../syntax/tree.ts";
import { buildPrices } from "./prices.ts";
import { buildSettings } from "./settings.ts";
import type { Located, Provider, Settings } from "./types.ts";
import { Variables } from "./variables.ts";
import { MAIN, type Variant } from "./variants.ts";
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

const NO_PRICES: ReturnType<typeof buildPrices> = { diagnostics: [] };
const DEFAULT_MODEL = "seedance-2.0-mini";

/**
 * The files, which fit the schema, as the author's words: defaults applied, variables filled in. The storyboard
 * itself stands last, after what it includes.
 */
export function build(files: readonly SyntaxTree[], variant: Variant = MAIN): Built {
  const roots = files.map(({ root }) => root);
  const main = roots.at(-1);
  const all = (key: string): MapEntry[] => roots.flatMap((root) => entriesOf(get(root, key)));
  const variables = new Variables(all("variables"), variant.variables);
  const fill: Fill = (node) => {
    const text = located(node);
    return text && { ...text, value: variables.fill(text.value, text.span) };
  };
  const style = fill(get(main, "style"));
  const provider = located(get(main, "provider"));
  const title = fill(get(main, "title"))?.value;
  const defaults = { ...buildSettings(get(main, "defaults"), BUILT_IN, "defaults"), ...variant.settings };
  const priced = get(main, "prices");
  const { prices, diagnostics } = priced ? buildPrices(priced) : NO_PRICES;
  const context = { defaults, forced: variant.profile, style, fill };
  const written: WrittenStoryboard = {
    variant: variant.name,
    model: variant.model ?? located(get(main, "model"))?.value ?? DEFAULT_MODEL,
    assets: all("assets").map((entry) => buildAsset(entry, fill)),
    scenes: roots.flatMap((root) => itemsOf(get(root, "scenes"))).map((node) => buildScene(node, context)),
    film: buildFilm(get(main, "film"), (node) => {
      const text = located(node);
      return text && { ...text, value: fillOutput(text.value, variant, variables, text.span) };
    }),
    ...(title !== undefined && { title }),
    ...(prices && { prices }),
    ...(provider && { provider: { ...provider, value: provider.value as Provider } }),
  };
  return { written, diagnostics: [...diagnostics, ...variables.diagnostics, ...variables.unused()] };
}

/** A film's name may also hold the settings of its variant. A ratio's colon is no part of a file name. */
function fillOutput(text: string, variant: Variant, variables: Variables, span: Span): string {
  const named = text.replace(/\$\{\s*(\w+)\s*\}/g, (place, key: string) => variant.labels.get(key) ?? place);
  return variables.fill(named, span);
}

type Fill = (node: SyntaxNode | undefined) => Located<string> | undefined;

interface SceneContext {
  readonly defaults: Settings;
  /** What the profile sets stands above what a scene says: it was asked for on the command line. */
  readonly forced: Partial<Settings> | undefined;
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

function filledItems(node: SyntaxNode | undefined, fill: Fill): Located<string>[] {
  return itemsOf(node).flatMap((item) => fill(item) ?? []);
}

function buildAsset({ key, keySpan, value }: MapEntry, fill: Fill): WrittenAsset {
  const image = fill(get(value, "image"));
  const video = fill(get(value, "video"));
  const audio = fill(get(value, "audio"));
  const description = fill(get(value, "description"))?.value.trim();
  return {
    name: key,
    span: keySpan,
    image: [...(image ? [image] : []), ...filledItems(get(value, "images"), fill)],
    ...(video && { video }),
    ...(audio && { audio }),
    ...(description && { description }),
  };
}

function buildScene(node: SyntaxNode, { defaults, forced, style, fill }: SceneContext): WrittenScene {
  const id = located(get(node, "id")) ?? { value: "", span: node.span };
  const was = located(get(node, "was"));
  const title = located(get(node, "title"))?.value;
  const prompt = fill(get(node, "prompt"));
  const sceneStyle = buildStyle(get(node, "style"), style, fill);
  return {
    id: id.value,
    span: id.span,
    dialogue: itemsOf(get(node, "dialogue")).map((line) => buildLine(line, fill)),
    references: filledItems(get(node, "references"), fill),
    settings: sceneSettings(node, defaults, forced),
    takes: numberOf(get(node, "takes")) ?? 1,
    ...(was && { was }),
    ...(title !== undefined && { title }),
    ...(prompt && { prompt }),
    ...(sceneStyle && { style: sceneStyle }),
    ...buildModeKeys(node, fill),
  };
}

/** Undefined members would read as keys that were written. */
function buildModeKeys(node: SyntaxNode, fill: Fill): Partial<WrittenScene> {
  const entries = node.kind === "map" ? node.entries : new Map<string, MapEntry>();
  const keyed = (key: string): KeyedReference | undefined => {
    const entry = entries.get(key);
    const text = fill(entry?.value);
    return entry && text ? { ...text, keySpan: entry.keySpan } : undefined;
  };
  const firstFrame = keyed("first_frame");
  const lastFrame = keyed("last_frame");
  const edit = keyed("edit");
  const extend = buildExtend(entries.get("extend"), fill);
  const bridge = entries.get("bridge");
  const webSearch = entries.get("web_search");
  const references = entries.get("references");
  return {
    ...(firstFrame && { firstFrame }),
    ...(lastFrame && { lastFrame }),
    ...(edit && { edit }),
    ...(extend && { extend }),
    ...(references && { referencesKey: references.keySpan }),
    ...(bridge && { bridge: { keySpan: bridge.keySpan, clips: filledItems(bridge.value, fill) } }),
    ...(webSearch && {
      webSearch: {
        keySpan: webSearch.keySpan,
        value: webSearch.value.kind === "scalar" && webSearch.value.value === true,
      },
    }),
  };
}

function buildExtend(entry: MapEntry | undefined, fill: Fill): WrittenScene["extend"] {
  if (!entry) return undefined;
  const clip = fill(entry.value.kind === "map" ? get(entry.value, "clip") : entry.value);
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

function sceneSettings(
  node: SyntaxNode,
  defaults: Settings,
  forced: Partial<Settings> | undefined,
): Settings {
  const settings = buildSettings(node, sceneDefaults(node, defaults), "scene");
  return forced ? { ...settings, ...forced } : settings;
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

function buildFilm(node: SyntaxNode | undefined, fill: Fill): WrittenFilm {
  const output = fill(get(node, "output"));
  const joints = get(node, "joints");
  return {
    dropBefore: numberOf(get(joints, "drop_before")) ?? JOINT_FRAMES.endOfFirst,
    dropAfter: numberOf(get(joints, "drop_after")) ?? JOINT_FRAMES.startOfSecond,
    ...(output && { output }),
    ...(get(node, "scenes") && {
      scenes: itemsOf(get(node, "scenes")).flatMap((item) => located(item) ?? []),
    }),
  };
}
