import type { ApiError } from "../request.ts";
import { ASSET_MODELS, type AssetType } from "./asset.ts";

/** What a call of the library brings; a form's file stands under `file`. */
export type AssetFields = Readonly<Record<string, unknown>>;

export interface NewAsset {
  readonly groupId: string;
  readonly name: string;
  readonly type: AssetType;
  readonly source:
    | { readonly kind: "url"; readonly url: string }
    /** From a data URL, from bare Base64 or from a form. */
    | { readonly kind: "bytes"; readonly bytes: Uint8Array };
}

export function readGroupRequest(fields: AssetFields): { readonly name: string } | ApiError {
  const { model, Name } = fields;
  if (model !== undefined && model !== "volc-asset")
    return wrong(`model must be volc-asset, not ${shown(model)}`);
  return isText(Name) ? { name: Name } : missing("Name");
}

export function readAssetRequest(fields: AssetFields): NewAsset | ApiError {
  const { GroupId, AssetType = "Image", Name = "", model = "volc-asset", file } = fields;
  if (!isText(GroupId)) return missing("GroupId");
  if (!isAssetType(AssetType))
    return wrong(`AssetType must be Image, Video or Audio, not ${shown(AssetType)}`);
  // Uploading under another kind's model would be billed as that kind.
  if (model !== ASSET_MODELS[AssetType])
    return wrong(
      `model must be ${ASSET_MODELS[AssetType]} for the AssetType ${AssetType}, not ${shown(model)}`,
    );
  const source = sourceOf(fields["URL"], file);
  if ("code" in source) return source;
  return { groupId: GroupId, name: String(Name), type: AssetType, source };
}

export function missing(field: string): ApiError {
  return { status: 400, code: "MissingParameter", message: `${field} is required` };
}

function sourceOf(url: unknown, file: unknown): NewAsset["source"] | ApiError {
  if (file instanceof Uint8Array) return { kind: "bytes", bytes: file };
  if (!isText(url)) return missing("URL");
  if (/^https?:\/\//i.test(url))
    return URL.canParse(url) ? { kind: "url", url } : wrong("URL is no address that can be read");
  const data = /^data:[^,]{0,200};base64,/i.exec(url);
  const text = url.slice(data?.[0].length ?? 0);
  // A path or a misspelt address is made of the letters of Base64 too, but hardly has its length.
  const isBase64 = text.length % 4 === 0 && /^[A-Za-z0-9+/]+={0,2}$/.test(text);
  if (!isBase64) return wrong("URL must be an http(s) address, a data URL with Base64, or Base64");
  return { kind: "bytes", bytes: Buffer.from(text, "base64") };
}

function wrong(message: string): ApiError {
  return { status: 400, code: "InvalidParameter", message };
}

function isText(value: unknown): value is string {
  return typeof value === "string" && value.trim() !== "";
}

function isAssetType(value: unknown): value is AssetType {
  return typeof value === "string" && Object.hasOwn(ASSET_MODELS, value);
}

function shown(value: unknown): string {
  return JSON.stringify(value).slice(0, 80);
}
