import { readFile } from "node:fs/promises";
import type { Context, Hono } from "hono";
import { bodyLimit } from "hono/body-limit";
import { base64Bytes } from "../../base/limits.ts";
import { isId } from "../ids.ts";
import type { Core } from "../core.ts";
import { refuse } from "../refuse.ts";
import type { ApiError } from "../request.ts";
import { SHAPES } from "../shapes/shapes.ts";
import { strike } from "../task-routes.ts";
import type { Asset, AssetGroup } from "./asset.ts";
import { assetBytesPath } from "./asset-files.ts";
import { missing, type AssetFields } from "./asset-request.ts";
import { MOST_ASSET_BYTES, TOO_LARGE } from "./inspect.ts";

const COUNTED = {
  CreateAssetGroup: "createGroup",
  CreateAsset: "createAsset",
  GetAsset: "getAsset",
  ListAssets: "listAssets",
  ListAssetGroups: "listAssets",
} as const;

type Route = (
  name: keyof typeof COUNTED,
  at: "create-group" | "create-asset" | "get-asset",
  answer: (fields: AssetFields) => Promise<object>,
) => void;

/**
 * The gateway's asset library. `CreateAssetGroup`, `CreateAsset`, `GetAsset`, `ListAssets` and `ListAssetGroups`
 * are in its documents; that an asset begins as `Processing` is not in those of `GetAsset`, which name `Active`
 * and `Inactive` only, but in those of the library behind it.
 */
export function assetRoutes(app: Hono, { parts }: Core): void {
  const { library, stats, faults, origin } = parts;
  const folder = parts.book.files.assets;
  app.use(
    "/volc/*",
    bodyLimit({
      maxSize: base64Bytes(MOST_ASSET_BYTES) + 1024 * 1024,
      onError: (c) => refuse(c, { status: 400, code: "InvalidParameter", message: TOO_LARGE }),
    }),
  );
  const route: Route = (name, at, answer) => {
    app.post(`/volc/asset/${name}`, async (c) => {
      stats.count(COUNTED[name]);
      const fields = await fieldsOf(c);
      if (!fields)
        return refuse(c, { status: 400, code: "InvalidParameter", message: "the body is no JSON object" });
      const what = String(fields["Name"] ?? fields["Id"] ?? "");
      const fault = faults.atCall(at, { label: "", prompt: what, key: what });
      if (fault && !fault.done && at !== "get-asset") return strike(c, fault, SHAPES.envelope);
      const answered = await answer(fields);
      return strike(c, fault, SHAPES.envelope, isError(answered) ? refuse(c, answered) : c.json(answered));
    });
  };
  route("CreateAssetGroup", "create-group", async (fields) => {
    const made = await library.createGroup(fields);
    return isError(made) ? made : stats.acceptAsset("groups", { Id: made.id });
  });
  route("CreateAsset", "create-asset", async (fields) => {
    const made = await library.createAsset(fields);
    return isError(made) ? made : stats.acceptAsset("assets", { Id: made.id });
  });
  route("GetAsset", "get-asset", async ({ Id }) => {
    if (typeof Id !== "string" || Id === "") return missing("Id");
    const asset = await library.find(Id);
    return asset ? assetAnswer(asset, origin()) : noAsset(Id);
  });
  listRoutes(route, parts);
  app.get("/assets/:id", async (c) => {
    const id = c.req.param("id");
    const bytes = isId("asset", id) && (await readFile(assetBytesPath(folder, id)).catch(() => undefined));
    return bytes ? c.body(bytes) : c.text("there is no such file\n", 404);
  });
}

function listRoutes(route: Route, { library, origin }: Core["parts"]): void {
  route("ListAssets", "get-asset", async (fields) => {
    const { assets } = await library.list();
    return page(
      fields,
      assets,
      (asset) => asset.groupId,
      (asset) => assetAnswer(asset, origin()),
    );
  });
  route("ListAssetGroups", "get-asset", async (fields) => {
    const { groups } = await library.list();
    return page(fields, groups, (group) => group.id, groupAnswer);
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
