import type { AssetLook, AssetSearch, CreateOutcome } from "../seedance/outcome.ts";
import type { Medium } from "../storyboard/types.ts";

/**
 * The provider's asset library. Both creates are billed: each is sent exactly once, never retried. Implemented by
 * `service/`; no method throws for anything that a network or a service can do.
 */
export interface AssetLibrary {
  /** `accepted` holds the group's id. */
  createGroup(name: string, signal: AbortSignal): Promise<CreateOutcome>;
  /** `accepted` holds the asset's id. */
  createAsset(asset: NewAsset, signal: AbortSignal): Promise<CreateOutcome>;
  look(id: string, signal: AbortSignal): Promise<AssetLook>;
  /** What there is of exactly this name. */
  find(kind: "group" | "asset", name: string, signal: AbortSignal): Promise<AssetSearch>;
}

export interface NewAsset {
  readonly group: string;
  readonly name: string;
  readonly medium: Medium;
  /** A web address or a data URL. */
  readonly url: string;
}
