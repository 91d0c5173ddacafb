import type { AssetLibrary, NewAsset } from "../execute/asset-library.ts";
import { readAssetAnswer, readAssetList } from "../seedance/answer-asset.ts";
import type { Answer } from "../seedance/answer.ts";
import type { AssetLook, AssetSearch, CreateOutcome, ServiceError } from "../seedance/outcome.ts";
import type { Medium } from "../storyboard/types.ts";
import { commonHeaders, withoutKey } from "./ask.ts";
import { createOutcome, TIMEOUTS } from "./client.ts";
import { openOnce, type NetworkSettings } from "./network.ts";
import { readBaseUrl } from "./routes.ts";
import { sendOnce, type Sent } from "./send-once.ts";

interface LibrarySettings {
  /** Without `/v1`. `http` on loopback only. */
  readonly baseUrl: string;
  readonly apiKey: string;
  /** Where the proxy's address is looked for; by default the process's environment. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** Milliseconds since 1970, for `Retry-After` with a date. */
  readonly now?: () => number;
}

/** Uploading under another kind's model would be billed as that kind. */
const KINDS: Readonly<Record<Medium, { readonly model: string; readonly type: string }>> = {
  image: { model: "volc-asset", type: "Image" },
  video: { model: "volc-asset-video", type: "Video" },
  audio: { model: "volc-asset-audio", type: "Audio" },
};
const MODEL = KINDS.image.model;
/** More of one name than a list shows at once do not come about. */
const PAGE = { PageNumber: 1, PageSize: 100 };

/**
 * The asset library of the gateway. Throws an `Error` with a sentence for people when the base URL cannot be used; no
 * method of the result ever throws.
 */
export function connectAssetLibrary(settings: LibrarySettings): AssetLibrary {
  const base = readBaseUrl(settings.baseUrl);
  if (base.kind === "wrong") throw new Error(base.message);
  return new GatewayLibrary(base.url, settings);
}

class GatewayLibrary implements AssetLibrary {
  readonly #base: URL;
  readonly #key: string;
  readonly #now: () => number;
  readonly #network: NetworkSettings;

  constructor(base: URL, { apiKey, env = process.env, now = Date.now }: LibrarySettings) {
    this.#base = base;
    this.#key = apiKey.trim();
    this.#now = now;
    this.#network = { connectTimeoutMs: TIMEOUTS.connect, env };
  }

  async createGroup(name: string, signal: AbortSignal): Promise<CreateOutcome> {
    return this.#created(
      await this.#post("CreateAssetGroup", { model: MODEL, Name: name }, TIMEOUTS.createAnswer, signal),
    );
  }

  async createAsset({ group, name, medium, url }: NewAsset, signal: AbortSignal): Promise<CreateOutcome> {
    const { model, type } = KINDS[medium];
    const body = { model, GroupId: group, Name: name, AssetType: type, URL: url };
    return this.#created(await this.#post("CreateAsset", body, TIMEOUTS.createAnswer, signal));
  }

  async look(id: string, signal: AbortSignal): Promise<AssetLook> {
    const answer = this.#answered(
      await this.#post("GetAsset", { model: MODEL, Id: id }, TIMEOUTS.poll, signal),
    );
    return "text" in answer ? readAssetAnswer(answer) : { kind: "unreadable", error: answer };
  }

  async find(kind: "group" | "asset", name: string, signal: AbortSignal): Promise<AssetSearch> {
    const route = kind === "group" ? "ListAssetGroups" : "ListAssets";
    const body = { model: MODEL, Filter: { Name: name }, ...PAGE };
    const answer = this.#answered(await this.#post(route, body, TIMEOUTS.poll, signal));
    return "text" in answer ? readAssetList(answer, name) : { kind: "unreadable", error: answer };
  }

  async #post(route: string, body: object, answerMs: number, signal: AbortSignal): Promise<Sent> {
    const url = new URL(this.#base);
    url.pathname = `${url.pathname.replace(/\/$/, "")}/volc/asset/${route}`;
    const headers = { ...commonHeaders(this.#key), "content-type": "application/json" };
    const request = { url, body: JSON.stringify(body), headers };
    const { connect: connectMs, uploadMegabyte: uploadMsPerMegabyte } = TIMEOUTS;
    const timeouts = { connectMs, answerMs, uploadMsPerMegabyte };
    return sendOnce(openOnce(url, this.#network), request, timeouts, signal);
  }

  #created(sent: Sent): CreateOutcome {
    return createOutcome({ key: this.#key, now: this.#now }, sent, this.#base.host);
  }

  #answered(sent: Sent): Answer | ServiceError {
    if (sent.kind === "answered") return withoutKey(sent.answer, this.#key);
    return { code: "", message: `${this.#base.host}: ${sent.reason}` };
  }
}
