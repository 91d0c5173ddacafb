import type { Diagnostic } from "../base/diagnostic.ts";
import type { Ways } from "../plan/ways.ts";
import type { S3Settings } from "../service/s3-store.ts";
import type { Files } from "../store/files.ts";
import type { Provider, Storyboard } from "../storyboard/types.ts";
import type { Environment } from "./options.ts";
import { readStore } from "./store-settings.ts";

interface ReadWays {
  readonly ways: Ways;
  /** The bucket, where there is one that can be opened. */
  readonly store?: S3Settings;
  readonly diagnostics: readonly Diagnostic[];
}

/** How media reach the service that cannot travel inside of a request. A rehearsal needs no way: it stays here. */
export function readWays(
  { store: written, handover }: Storyboard,
  provider: Provider,
  environment: Environment,
  cwd: string,
  files: Files,
): ReadWays {
  if (provider === "emulator") {
    const ways: Ways = { provider, sharesDisk: true, store: { kind: "none" }, library: "none" };
    return { ways, diagnostics: [] };
  }
  const { store, diagnostics } = readStore(written, environment, cwd, files);
  // Only the gateway's library is known.
  const library = provider !== "anyfast" ? "none" : handover === "asset-library" ? "chosen" : "not-chosen";
  return {
    ways: { provider, sharesDisk: false, store: store.kind === "store" ? { kind: "ready" } : store, library },
    diagnostics,
    ...(store.kind === "store" && { store: store.settings }),
  };
}
