import type { PriceTable } from "../base/prices.ts";
import type { Ratio, Resolution } from "../base/sizes.ts";
import type { Source, Span } from "../base/source.ts";

/** A value with the place it was written at. */
export interface Located<T> {
  readonly value: T;
  readonly span: Span;
}

export type Provider = "emulator" | "anyfast" | "ark";
export type Handover = "links" | "asset-library";
export type Medium = "image" | "video" | "audio";

/** A storyboard whose names are all resolved: every reference in it leads to something that exists. */
export interface Storyboard {
  readonly source: Source;
  /** The file's name without its ending: names the lockfile, the renders and the film. */
  readonly name: string;
  /** `main`, or which of the films of a matrix or a profile this is. */
  readonly variant: string;
  readonly title?: string;
  readonly provider?: Located<Provider>;
  /** What the author says that the paid service costs. */
  readonly prices?: PriceTable;
  readonly store?: StorePlace;
  /** Whether videos that nothing else can give to the service are put into the provider's library, which is billed. */
  readonly handover: Handover;
  readonly model: Setting<string>;
  /** What `${name}` stands for. */
  readonly variables: ReadonlyMap<string, Setting<string>>;
  readonly assets: ReadonlyMap<string, Asset>;
  readonly scenes: readonly Scene[];
  readonly film: Film;
}

/** Where the author's bucket is; what is absent has a default. */
export interface StorePlace {
  readonly bucket: string;
  readonly endpoint?: string;
  readonly region?: string;
  readonly prefix?: string;
  readonly pathStyle?: boolean;
}

export interface Asset {
  readonly name: string;
  readonly span: Span;
  readonly media: readonly AssetMedium[];
  readonly description?: string;
}

export interface AssetMedium {
  readonly medium: Medium;
  readonly at: MediaAddress;
  readonly span: Span;
}

/** Where bytes are that no scene makes. */
export type MediaAddress =
  /** `path` is absolute. */
  | { readonly kind: "file"; readonly path: string; readonly written: string }
  | { readonly kind: "url"; readonly url: string }
  /** An entry of the provider's asset library, without `asset://`. */
  | { readonly kind: "library"; readonly id: string };

/** What a reference leads to. */
export type MediaTarget =
  | MediaAddress
  | { readonly kind: "asset"; readonly asset: string }
  | { readonly kind: "clip"; readonly scene: string }
  | { readonly kind: "still"; readonly scene: string; readonly which: "first" | "last" };

export interface MediaUse {
  readonly target: MediaTarget;
  /** As the author wrote it. */
  readonly written: string;
  readonly span: Span;
  readonly via: "first_frame" | "last_frame" | "references" | "mention" | "extend" | "edit" | "bridge";
}

/** What kind of request a scene is; its keys decide. */
export type SceneMode =
  /** `askedAt`: the key that asks for the search. */
  | { readonly kind: "text"; readonly webSearch: boolean; readonly askedAt?: Span }
  | { readonly kind: "frames"; readonly first: MediaUse; readonly last?: MediaUse }
  | { readonly kind: "references" }
  | { readonly kind: "extend"; readonly clip: MediaUse; readonly direction: "forward" | "backward" }
  | { readonly kind: "edit"; readonly clip: MediaUse }
  | { readonly kind: "bridge"; readonly clips: readonly MediaUse[] };

export type PromptPart =
  | { readonly kind: "text"; readonly text: string }
  | { readonly kind: "mention"; readonly target: MediaTarget; readonly written: string; readonly span: Span };

export interface DialogueLine {
  readonly who?: Located<string>;
  readonly says: string;
  /** Seconds from the start of the clip. */
  readonly at?: number;
  readonly seconds?: number;
  readonly span: Span;
}

/** A setting, and who said so. */
export interface Setting<T> {
  readonly value: T;
  readonly origin:
    "scene" | "defaults" | "storyboard" | "variables" | "built-in" | "rule" | "matrix" | "profile";
  readonly span?: Span;
}

/** How often a take is made anew without being asked for, by what it failed of. */
export interface Retry {
  /** Of its output's moderation: so many more takes for each that is wanted. */
  readonly moderation: number;
}

export interface Settings {
  readonly resolution: Setting<Resolution>;
  readonly ratio: Setting<Ratio>;
  /** Whole seconds. */
  readonly duration: Setting<number>;
  readonly generate_audio: Setting<boolean>;
  readonly watermark: Setting<boolean>;
  /** No part of a request, and of no recipe: to change it makes no clip stale. */
  readonly retry: Setting<Retry>;
}

export interface Scene {
  readonly id: string;
  readonly span: Span;
  /** The name that it had before: what was made under it belongs to this scene. */
  readonly was?: string | undefined;
  readonly title?: string | undefined;
  readonly mode: SceneMode;
  readonly prompt: readonly PromptPart[];
  readonly promptSpan?: Span | undefined;
  readonly dialogue: readonly DialogueLine[];
  readonly style?: Located<string> | undefined;
  /** Written references first, then mentions in the order in which they first appear; none twice. */
  readonly references: readonly MediaUse[];
  readonly settings: Settings;
  /** How many takes are wanted. */
  readonly takes: number;
  /** True where something that it names was not found: what it seems to lack may only be that. */
  readonly incomplete?: boolean;
}

export interface Film {
  /** Absent: all scenes, an edit or a bridge in place of its sources. */
  readonly scenes?: readonly Located<string>[];
  /** File name of the film. */
  readonly output: string;
  readonly joints: { readonly dropBefore: number; readonly dropAfter: number };
}

/** One text for one target: two uses of the same thing are one content item. */
export function targetKey(target: MediaTarget): string {
  switch (target.kind) {
    case "file":
      return `file:${target.path}`;
    case "url":
      return `url:${target.url}`;
    case "library":
      return `library:${target.id}`;
    case "asset":
      return `asset:${target.asset}`;
    case "clip":
      return `clip:${target.scene}`;
    case "still":
      return `still:${target.scene}.${target.which}`;
  }
}

const NONE: readonly never[] = [];

/** The clips that a scene is made from by its mode: Video 1 and on. */
export function modeClips(mode: SceneMode): readonly MediaUse[] {
  switch (mode.kind) {
    case "extend":
    case "edit":
      return [mode.clip];
    case "bridge":
      return mode.clips;
    case "text":
    case "frames":
    case "references":
      return NONE;
  }
}

/** The pictures that a scene begins with, or begins and ends with. */
export function frameUses(mode: SceneMode): readonly MediaUse[] {
  if (mode.kind !== "frames") return NONE;
  return mode.last ? [mode.first, mode.last] : [mode.first];
}

/** Every medium that a scene needs, in the order of its request. */
export function usesOf({ mode, references }: Scene): readonly MediaUse[] {
  const own = mode.kind === "frames" ? frameUses(mode) : modeClips(mode);
  if (references.length === 0) return own;
  return own.length === 0 ? references : [...own, ...references];
}

/** The scenes that must have a clip before this one can be sent, each once. */
export function upstreamOf(scene: Scene): string[] {
  const names = new Set<string>();
  for (const { target } of usesOf(scene)) {
    if (target.kind === "clip" || target.kind === "still") names.add(target.scene);
  }
  return [...names];
}
