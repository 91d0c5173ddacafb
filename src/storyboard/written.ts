import type { PriceTable } from "../base/prices.ts";
import type { Span } from "../base/source.ts";
import type { Ratio, Resolution } from "../base/sizes.ts";
import type { Handover, Located, Provider, Retry, Setting, Settings, StorePlace } from "./types.ts";

/** A storyboard as it was written: defaults and variables are in place, names are not looked up yet. */
export interface WrittenStoryboard {
  readonly variant: string;
  readonly title?: string;
  readonly provider?: Located<Provider>;
  readonly prices?: PriceTable;
  readonly store?: StorePlace;
  readonly handover: Handover;
  readonly model: Setting<string>;
  readonly variables: ReadonlyMap<string, Setting<string>>;
  readonly assets: readonly WrittenAsset[];
  readonly scenes: readonly WrittenScene[];
  readonly film: WrittenFilm;
}

export interface WrittenAsset {
  readonly name: string;
  readonly span: Span;
  readonly image: readonly Located<string>[];
  readonly video?: Located<string>;
  readonly audio?: Located<string>;
  readonly description?: string;
}

/** What is undefined was not written. */
export interface WrittenScene {
  readonly id: string;
  readonly span: Span;
  /** The name that it had before. */
  readonly was: Located<string> | undefined;
  readonly title: string | undefined;
  readonly prompt: Located<string> | undefined;
  readonly dialogue: readonly WrittenLine[];
  readonly style: Located<string> | undefined;
  readonly firstFrame: KeyedReference | undefined;
  readonly lastFrame: KeyedReference | undefined;
  readonly references: readonly Located<string>[];
  readonly extend: (KeyedReference & { readonly direction: "forward" | "backward" }) | undefined;
  readonly edit: KeyedReference | undefined;
  readonly bridge: { readonly keySpan: Span; readonly clips: readonly Located<string>[] } | undefined;
  readonly webSearch: { readonly keySpan: Span; readonly value: boolean } | undefined;
  readonly settings: Settings;
  readonly takes: number;
}

/** A reference with the place of the key that it stands under. */
export interface KeyedReference extends Located<string> {
  readonly keySpan: Span;
}

export interface WrittenLine {
  readonly who?: Located<string>;
  readonly says: string;
  readonly at?: number;
  readonly seconds?: number;
  readonly span: Span;
}

export interface WrittenFilm {
  readonly scenes?: readonly Located<string>[];
  readonly output?: Located<string>;
  readonly dropBefore: number;
  readonly dropAfter: number;
}

const built = <T>(value: T): Setting<T> => ({ value, origin: "built-in" });

/**
 * What a scene gets when nobody says otherwise. The API's own default for `ratio` is `adaptive`, which for a
 * text alone leaves the shape of the film to the model.
 */
export const BUILT_IN: Settings = {
  resolution: built<Resolution>("720p"),
  ratio: built<Ratio>("16:9"),
  duration: built(5),
  generate_audio: built(true),
  watermark: built(false),
  retry: built<Retry>({ moderation: 0 }),
};
