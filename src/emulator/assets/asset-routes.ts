import { readFile } from "node:fs/promises";
import type { Context, Hono } from "hono";
import { bodyLimit } from "hono/body-limit";
import { base64Bytes } from "../../base/limits.ts";
import { isId } from "../ids.ts";
import { refuse } from "../refuse.ts";
import type { ApiError } from "../request.ts";
import type { Stats } from "../stats.ts";
import type { Asset, AssetGroup } from "./asset.ts";
import { assetBytesPath } from "./asset-files.ts";
import type { AssetLibrary } from "./asset-library.ts";
import { missing, type AssetFields } from "./asset-request.ts";
import { MOST_ASSET_BYTES, TOO_LARGE } from "./inspect.ts";

interface AssetRouteOptions {
  readonly library: AssetLibrary;
  readonly stats: Stats;
  readonly folder: string;
  readonly origin: () => string;
}

/**
 * The gateway's asset library. `CreateAssetGroup`, `CreateAsset`, `GetAsset`, `ListAssets` and `ListAssetGroups`
 * are in its documents; that an asset begins as `Processing` is not in those of `GetAsset`, which name `Active`
 * and `Inactive` only, but in those of the library behind it.
 */
export function assetRoutes(app: Hono, { library, stats, folder, origin }: AssetRouteOptions): void {
  app.use(
    "/volc/*",
    bodyLimit({
      maxSize: base64Bytes(MOST_ASSET_BYTES) + 1024 * 1024,
      onError: (c) => refuse(c, { status: 400, code: "InvalidParameter", message: TOO_LARGE }),
    }),
  );
  const route = (name: string, answer: (fields: AssetFields) => Promise<object>): void => {
    app.post(`/volc/asset/${name}`, async (c) => {
      const fields = await fieldsOf(c);
      if (!fields)
        return refuse(c, { status: 400, code: "InvalidParameter", message: "the body is no JSON object" });
      const answered = await answer(fields);
      return isError(answered) ? refuse(c, answered) : c.json(answered);
    });
  };
  route("CreateAssetGroup", async (fields) => {
    const made = await library.createGroup(fields);
    stats.count("createGroup");
    return isError(made) ? made : stats.acceptAsset("groups", { Id: made.id });
  });
  route("CreateAsset", async (fields) => {
    const made = await library.createAsset(fields);
    stats.count("createAsset");
    return isError(made) ? made : stats.acceptAsset("assets", { Id: made.id });
  });
  route("GetAsset", async ({ Id }) => {
    stats.count("getAsset");
    if (typeof Id !== "string" || Id === "") return missing("Id");
    const asset = await library.find(Id);
    return asset ? assetAnswer(asset, origin()) : noAsset(Id);
  });
  route("ListAssets", async (fields) => {
    stats.count("listAssets");
    const { assets } = await library.list();
    return page(
      fields,
      assets,
      (asset) => asset.groupId,
      (asset) => assetAnswer(asset, origin()),
    );
  });
  route("ListAssetGroups", async (fields) => {
    stats.count("listAssets");
    const { groups } = await library.list();
    return page(fields, groups, (group) => group.id, groupAnswer);
  });
  app.get("/assets/:id", async (c) => {
    const id = c.req.param("id");
    const bytes = isId("asset", id) && (await readFile(assetBytesPath(folder, id)).catch(() => undefined));
    return bytes ? c.body(bytes) : c.text("there is no such file\n", 404);
  });
}

async function fieldsOf(c: Context): Promise<AssetFields | undefined> {
  try {
    if (!/^multipart\/form-data/i.test(c.req.header("content-type") ?? "")) {
      const json: unknown = await c.req.json();
      return typeof json === "object" && json !== null ? (json as AssetFields) : undefined;
    }
    const form = await c.req.parseBody();
    const { file } = form;
    return file instanceof File ? { ...form, file: new Uint8Array(await file.arrayBuffer()) } : form;
  } catch {
    return undefined;
  }
}

const STATUS_WORDS = { processing: "Processing", active: "Active", failed: "Failed" } as const;

function assetAnswer(asset: Asset, origin: string): object {
  const { state } = asset;
  return {
    Id: asset.id,
    Name: asset.name,
    URL: `${origin}/assets/${asset.id}`,
    AssetType: asset.type,
    GroupId: asset.groupId,
    Status: STATUS_WORDS[state.kind],
    ...(state.kind === "failed" && { Error: { Code: state.code, Message: state.message } }),
    ProjectName: "default",
    CreateTime: timeOf(asset.createdAt),
    UpdateTime: timeOf(asset.updatedAt),
  };
}

function groupAnswer({ id, name, createdAt }: AssetGroup): object {
  return {
    Id: id,
    Name: name,
    ProjectName: "default",
    CreateTime: timeOf(createdAt),
    UpdateTime: timeOf(createdAt),
  };
}

/** The filter knows a part of the name, and groups by id. */
function page<T extends { readonly name: string }>(
  fields: AssetFields,
  all: readonly T[],
  groupOf: (one: T) => string,
  answer: (one: T) => object,
): object {
  const { PageNumber = 1, PageSize = 10, Filter = {} } = fields;
  const { Name = "", GroupIds } = Filter as { Name?: unknown; GroupIds?: unknown };
  const found = all.filter(
    (one) => one.name.includes(String(Name)) && (!Array.isArray(GroupIds) || GroupIds.includes(groupOf(one))),
  );
  const [number, size] = [Math.max(1, Number(PageNumber) || 1), Math.max(1, Number(PageSize) || 10)];
  const items = found.slice((number - 1) * size, number * size).map(answer);
  return { PageNumber: number, PageSize: size, TotalCount: found.length, Items: items };
}

function noAsset(id: string): ApiError {
  return { status: 404, code: "NotFound.asset_id", message: `The specified asset ${id} is not found.` };
}

function isError(value: object): value is ApiError {
  return "status" in value && "code" in value;
}

/** Without milliseconds, as the library writes it. */
function timeOf(milliseconds: number): string {
  return new Date(milliseconds).toISOString().replace(/\.\d+Z$/, "Z");
}
