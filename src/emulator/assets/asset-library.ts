import { fetchLoopback, isLoopback } from "../animatic/fetch-loopback.ts";
import type { FaultBook } from "../faults/fault-book.ts";
import { newId } from "../ids.ts";
import type { ApiError, RequestMedium } from "../request.ts";
import { fateOf } from "../task.ts";
import { ASSET_MEDIA, type Asset, type AssetGroup, type AssetState } from "./asset.ts";
import { assetBytesPath, type AssetFiles } from "./asset-files.ts";
import { readAssetRequest, readGroupRequest, type AssetFields } from "./asset-request.ts";
import { MOST_ASSET_BYTES, TOO_LARGE, type InspectAsset } from "./inspect.ts";

interface AssetLibraryOptions {
  readonly files: AssetFiles;
  readonly inspect: InspectAsset;
  readonly faults: FaultBook;
  /** Milliseconds for which an asset is `Processing` at least. */
  readonly atLeast: number;
}

/** Media that are uploaded once and then named by `asset://ID`. Both creates are billed. */
export class AssetLibrary {
  private readonly options: AssetLibraryOptions;
  private readonly timers = new Set<NodeJS.Timeout>();
  private readonly begun = new Set<string>();
  private resumed: Promise<void> | undefined;
  private closed = false;

  constructor(options: AssetLibraryOptions) {
    this.options = options;
  }

  async createGroup(fields: AssetFields): Promise<AssetGroup | ApiError> {
    const read = readGroupRequest(fields);
    if ("code" in read) return read;
    const now = Date.now();
    const group: AssetGroup = { id: newId("group", now), name: read.name, createdAt: now };
    await this.options.files.saveGroup(group);
    return group;
  }

  async createAsset(fields: AssetFields): Promise<Asset | ApiError> {
    const read = readAssetRequest(fields);
    if ("code" in read) return read;
    const { files } = this.options;
    if (!(await files.readGroup(read.groupId))) return noGroup(read.groupId);
    const { source, ...rest } = read;
    if (source.kind === "bytes" && source.bytes.length > MOST_ASSET_BYTES)
      return { status: 400, code: "InvalidParameter", message: TOO_LARGE };
    const now = Date.now();
    const asset: Asset = {
      ...rest,
      id: newId("asset", now),
      createdAt: now,
      updatedAt: now,
      ...(source.kind === "url" && { url: source.url }),
      state: { kind: "processing" },
    };
    if (source.kind === "bytes") await files.saveBytes(asset.id, source.bytes);
    await files.saveAsset(asset);
    this.process(asset);
    return asset;
  }

  async find(id: string): Promise<Asset | undefined> {
    await this.resume();
    return this.options.files.readAsset(id);
  }

  async list(): Promise<{ readonly groups: AssetGroup[]; readonly assets: Asset[] }> {
    await this.resume();
    const { files } = this.options;
    return { groups: await files.groups(), assets: await files.assets() };
  }

  /**
   * Why an asset that a request names cannot be used. One that was never created here is let through: it may be
   * in the library of the real provider, and is drawn as a placeholder.
   */
  async problem({ type, url, index }: RequestMedium): Promise<string | undefined> {
    if (!url.startsWith("asset://")) return undefined;
    const id = url.slice("asset://".length);
    const asset = await this.find(id);
    if (!asset) return undefined;
    const place = `content[${index}].${type}.url`;
    // The service speaks of an asset that is not ready as of one that is not there.
    if (asset.state.kind !== "active") return `${place}: the specified asset ${id} is not found`;
    if (ASSET_MEDIA[asset.type] === type) return undefined;
    return `${place}: the asset ${id} is of the type ${asset.type}`;
  }

  close(): void {
    this.closed = true;
    for (const timer of this.timers) clearTimeout(timer);
  }

  /** Takes up what an earlier process left in the middle; only who uses the library pays for looking. */
  private resume(): Promise<void> {
    return (this.resumed ??= this.options.files.assets().then((assets) => {
      const left = assets.filter(({ id, state }) => state.kind === "processing" && !this.begun.has(id));
      for (const asset of left) this.process(asset);
    }));
  }

  private process(asset: Asset): void {
    this.begun.add(asset.id);
    const fate = this.options.faults.atThing("asset", { label: "", prompt: asset.name, key: asset.id });
    if (fateOf({ fate }, "hang")) return;
    const atLeast = Math.max(this.options.atLeast, (fateOf({ fate }, "slow")?.seconds ?? 0) * 1000);
    void this.outcome(asset, fateOf({ fate }, "fail")).then((state) => {
      const rest = asset.createdAt + atLeast - Date.now();
      if (this.closed) return;
      const timer = setTimeout(
        () => {
          this.timers.delete(timer);
          // A disk that is full or gone: the asset stays as it is on that disk.
          this.options.files.saveAsset({ ...asset, updatedAt: Date.now(), state }).catch(() => undefined);
        },
        Math.max(0, rest),
      );
      this.timers.add(timer);
    });
  }

  private async outcome(
    asset: Asset,
    fail: { readonly code: string; readonly message: string } | undefined,
  ): Promise<AssetState> {
    const { files, inspect } = this.options;
    if (fail) return failed(fail.code, fail.message);
    try {
      if (asset.url !== undefined) {
        // What lies elsewhere is taken as it is: nothing is sent anywhere.
        if (!isLoopback(asset.url)) return { kind: "active" };
        await files.saveBytes(asset.id, await fetchLoopback(asset.url, ASSET_MEDIA[asset.type]));
      }
      const problem = await inspect(assetBytesPath(files.folder, asset.id), asset.type);
      return problem === undefined ? { kind: "active" } : failed("InvalidParameter", problem);
    } catch (error) {
      return failed("InvalidParameter.URL", error instanceof Error ? error.message : String(error));
    }
  }
}

function failed(code: string, message: string): AssetState {
  return { kind: "failed", code, message };
}

/** As a gateway passes on what the library of the model's maker answers. */
function noGroup(id: string): ApiError {
  const message = `upstream_error: [NotFound.group_id] The specified asset_group ${id} is not found.`;
  return { status: 404, code: "NotFound.group_id", message };
}
