import type { AssetLibrary, NewAsset } from "../../src/execute/asset-library.ts";
import type { AssetLook, AssetSearch, CreateOutcome } from "../../src/seedance/outcome.ts";
import { serviceError } from "./fake-service.ts";

/** A provider's library in memory, which outlives the runs that use it; and what it has billed. */
export class FakeLibrary implements AssetLibrary {
  readonly groups = new Map<string, string>();
  readonly assets = new Map<string, NewAsset>();
  readonly looks: string[] = [];
  readonly searches: string[] = [];
  /** What a create is answered after it was done; undefined where it is not done. */
  onCreate: (kind: "group" | "asset", done: () => CreateOutcome) => CreateOutcome = (_, done) => done();
  onLook: (id: string) => AssetLook = (id) =>
    this.assets.has(id) ? { kind: "active" } : { kind: "missing", error: serviceError("NotFound.asset_id") };
  canSearch = true;

  createGroup(name: string): Promise<CreateOutcome> {
    return this.#create("group", () => {
      const id = `group-${this.groups.size + 1}`;
      this.groups.set(id, name);
      return id;
    });
  }

  createAsset(asset: NewAsset): Promise<CreateOutcome> {
    return this.#create("asset", () => {
      const id = `asset-${this.assets.size + 1}`;
      this.assets.set(id, asset);
      return id;
    });
  }

  look(id: string): Promise<AssetLook> {
    this.looks.push(id);
    return Promise.resolve(this.onLook(id));
  }

  find(kind: "group" | "asset", name: string): Promise<AssetSearch> {
    this.searches.push(`${kind} ${name}`);
    if (!this.canSearch) return Promise.resolve({ kind: "unreadable", error: serviceError("", "HTTP 502") });
    const names: [string, string][] =
      kind === "group" ? [...this.groups] : [...this.assets].map(([id, asset]) => [id, asset.name]);
    return Promise.resolve({
      kind: "found",
      ids: names.filter(([, one]) => one === name).map(([id]) => id),
    });
  }

  async #create(kind: "group" | "asset", make: () => string): Promise<CreateOutcome> {
    await Promise.resolve();
    return this.onCreate(kind, () => ({ kind: "accepted", taskId: make() }));
  }
}
