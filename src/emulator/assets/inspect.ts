import { megabytes, VIDEO } from "../../base/limits.ts";
import { limitFault } from "../../storyboard/rules-media.ts";
import type { AssetType } from "./asset.ts";

const KINDS = { Image: "image", Video: "video", Audio: "audio" } as const;

/** Why the library would not take a file as this kind of asset; `undefined` when it would. */
export type InspectAsset = (path: string, type: AssetType) => Promise<string | undefined>;

export const inspectAsset: InspectAsset = async (path, type) => {
  // The readers of media are large, and most emulators never see an asset.
  const { probeMedia } = await import("../../media/probe.ts");
  const facts = await probeMedia(path);
  if (facts.kind === "unreadable") return `the file cannot be read: ${facts.reason}`;
  if (facts.kind !== KINDS[type]) return `the file is of the kind ${facts.kind}, not ${KINDS[type]}`;
  const fault = limitFault(facts);
  return fault && `the file ${fault.message}; ${fault.help}`;
};

/** No asset is larger; what is fetched beyond that is dropped. */
export const MOST_ASSET_BYTES = VIDEO.bytes;
export const TOO_LARGE = `the file is larger than ${megabytes(MOST_ASSET_BYTES)}`;
