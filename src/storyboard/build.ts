import type { Diagnostic } from "../base/diagnostic.ts";
import { JOINT_FRAMES } from "../base/limits.ts";
import type { Span } from "../base/source.ts";
import {
  entriesOf,
  get,
  itemsOf,
  numberOf,
  type MapEntry,
  type SyntaxNode,
  type SyntaxTree,
} from "../syntax/tree.ts";
import { buildScene, filledItems, textOf, type Fill } from "./build-scene.ts";
import { buildPrices } from "./prices.ts";
import { buildSettings } from "./settings.ts";
import { buildStore } from "./store.ts";
import type { Located, Provider, Setting } from "./types.ts";
import { Variables } from "./variables.ts";
import { MAIN, type Variant } from "./variants.ts";
import { BUILT_IN, type WrittenAsset, type WrittenFilm, type WrittenStoryboard } from "./written.ts";

export interface Built {
  readonly written: WrittenStoryboard;
  readonly diagnostics: readonly Diagnostic[];
}

const NO_PRICES: ReturnType<typeof buildPrices> = { diagnostics: [] };
const NO_STORE: ReturnType<typeof buildStore> = { diagnostics: [] };
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
    const text = textOf(node);
    return text && { value: variables.fill(text.value, text.span), span: text.span };
  };
  const style = fill(get(main, "style"));
  const provider = textOf(get(main, "provider"));
  const title = fill(get(main, "title"))?.value;
  const defaults = { ...buildSettings(get(main, "defaults"), BUILT_IN, "defaults"), ...variant.settings };
  const priced = get(main, "prices");
  const { prices, diagnostics } = priced ? buildPrices(priced) : NO_PRICES;
  const stored = get(main, "store");
  const { store, diagnostics: misplaced } = stored ? buildStore(stored) : NO_STORE;
  const context = { defaults, forced: variant.profile, style, fill };
  const written: WrittenStoryboard = {
    variant: variant.name,
    model: modelOf(variant.model, textOf(get(main, "model"))),
    variables: variables.settings(),
    assets: all("assets").map((entry) => buildAsset(entry, fill)),
    scenes: roots.flatMap((root) => itemsOf(get(root, "scenes"))).map((node) => buildScene(node, context)),
    film: buildFilm(get(main, "film"), (node) => {
      const text = textOf(node);
      return text && { ...text, value: fillOutput(text.value, variant, variables, text.span) };
    }),
    ...(title !== undefined && { title }),
    handover: textOf(get(main, "handover"))?.value === "asset-library" ? "asset-library" : "links",
    ...(prices && { prices }),
    ...(store && { store }),
    ...(provider && { provider: { ...provider, value: provider.value as Provider } }),
  };
  return {
    written,
    diagnostics: [...diagnostics, ...misplaced, ...variables.diagnostics, ...variables.unused()],
  };
}

function modelOf(chosen: Located<string> | undefined, written: Located<string> | undefined): Setting<string> {
  if (chosen) return { ...chosen, origin: "matrix" };
  return written ? { ...written, origin: "storyboard" } : { value: DEFAULT_MODEL, origin: "built-in" };
}

/** A film's name may also hold the settings of its variant. A ratio's colon is no part of a file name. */
function fillOutput(text: string, variant: Variant, variables: Variables, span: Span): string {
  const named = text.replace(/\$\{\s*(\w+)\s*\}/g, (place, key: string) => variant.labels.get(key) ?? place);
  return variables.fill(named, span);
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

function buildFilm(node: SyntaxNode | undefined, fill: Fill): WrittenFilm {
  const output = fill(get(node, "output"));
  const joints = get(node, "joints");
  return {
    dropBefore: numberOf(get(joints, "drop_before")) ?? JOINT_FRAMES.endOfFirst,
    dropAfter: numberOf(get(joints, "drop_after")) ?? JOINT_FRAMES.startOfSecond,
    ...(output && { output }),
    ...(get(node, "scenes") && {
      scenes: itemsOf(get(node, "scenes")).flatMap((item) => textOf(item) ?? []),
    }),
  };
}
