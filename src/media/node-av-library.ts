import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import type * as Api from "node-av/api";
import type * as Constants from "node-av/constants";
import type * as Lib from "node-av/lib";

export interface NodeAv {
  readonly api: typeof Api;
  readonly lib: typeof Lib;
  readonly constants: typeof Constants;
  readonly version: string;
}

/** Loads FFmpeg as a library. Throws where its native part does not load (musl, unusual processors). */
export async function loadNodeAv(): Promise<NodeAv> {
  polyfillWithResolvers();
  const [api, lib, constants] = await Promise.all([
    import("node-av/api"),
    import("node-av/lib"),
    import("node-av/constants"),
  ]);
  lib.Log.setLevel(constants.AV_LOG_QUIET);
  return { api, lib, constants, version: version() };
}

/** Node 20 has no `Promise.withResolvers`; without it the demuxer yields no packet at all, and no error. */
function polyfillWithResolvers(): void {
  const target = Promise as unknown as { withResolvers?: () => unknown };
  target.withResolvers ??= () => {
    let resolve: unknown;
    let reject: unknown;
    const promise = new Promise((yes, no) => {
      resolve = yes;
      reject = no;
    });
    return { promise, resolve, reject };
  };
}

function version(): string {
  const main = createRequire(import.meta.url).resolve("node-av");
  const manifest: { version: string } = JSON.parse(readFileSync(join(main, "../../package.json"), "utf8"));
  return manifest.version;
}
