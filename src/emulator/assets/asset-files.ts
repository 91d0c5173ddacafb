import { mkdir, readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { syncFolder, writeDurably } from "../durable.ts";
import { isId } from "../ids.ts";
import type { Asset, AssetGroup } from "./asset.ts";

/** Where an asset's bytes lie; not there for one that is kept elsewhere, which is never fetched. */
export function assetBytesPath(folder: string, id: string): string {
  return join(folder, `${id}.bytes`);
}

/** The library on disk: both kinds of create are billed, so what was answered must outlive this process. */
export class AssetFiles {
  readonly folder: string;
  private made: Promise<unknown> | undefined;

  constructor(folder: string) {
    this.folder = folder;
  }

  async saveGroup(group: AssetGroup): Promise<void> {
    await this.save(`${group.id}.json`, JSON.stringify(group, null, 2));
  }

  async saveAsset(asset: Asset): Promise<void> {
    await this.save(`${asset.id}.json`, JSON.stringify(asset, null, 2));
  }

  async saveBytes(id: string, bytes: Uint8Array): Promise<void> {
    await (this.made ??= mkdir(this.folder, { recursive: true }));
    await writeDurably(assetBytesPath(this.folder, id), bytes);
  }

  async readGroup(id: string): Promise<AssetGroup | undefined> {
    return isId("group", id) ? this.read<AssetGroup>(id) : undefined;
  }

  async readAsset(id: string): Promise<Asset | undefined> {
    return isId("asset", id) ? this.read<Asset>(id) : undefined;
  }

  /** Oldest first. */
  async groups(): Promise<AssetGroup[]> {
    return this.all<AssetGroup>("group");
  }

  /** Oldest first. */
  async assets(): Promise<Asset[]> {
    return this.all<Asset>("asset");
  }

  private async save(name: string, text: string): Promise<void> {
    await (this.made ??= mkdir(this.folder, { recursive: true }));
    await writeDurably(join(this.folder, name), text);
    await syncFolder(this.folder);
  }

  private async read<T>(id: string): Promise<T | undefined> {
    try {
      return JSON.parse(await readFile(join(this.folder, `${id}.json`), "utf8")) as T;
    } catch {
      // Gone, or a file that is not ours: both mean that no such thing is known.
      return undefined;
    }
  }

  private async all<T>(kind: "asset" | "group"): Promise<T[]> {
    const names = await readdir(this.folder).catch(() => []);
    const ids = names.filter((name) => name.endsWith(".json")).map((name) => name.slice(0, -".json".length));
    const found = await Promise.all(
      ids
        .filter((id) => isId(kind, id))
        .sort()
        .map((id) => this.read<T>(id)),
    );
    return found.filter((one) => one !== undefined);
  }
}
