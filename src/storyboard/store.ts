import { diagnose, type Diagnostic } from "../base/diagnostic.ts";
import { readServerAddress, type ServerAddress } from "../base/server-address.ts";
import { get, type SyntaxNode } from "../syntax/tree.ts";
import { textOf } from "./build-scene.ts";
import type { StorePlace } from "./types.ts";

interface BuiltStore {
  /** Absent when it has no bucket. */
  readonly store?: StorePlace;
  readonly diagnostics: readonly Diagnostic[];
}

/** The author's bucket, from a mapping that fits the schema. */
export function buildStore(node: SyntaxNode): BuiltStore {
  const bucket = textOf(get(node, "bucket"))?.value;
  // Its shape is wrong, which is told already.
  if (bucket === undefined) return { diagnostics: [] };
  const endpoint = textOf(get(node, "endpoint"));
  const region = textOf(get(node, "region"))?.value;
  const prefix = textOf(get(node, "prefix"))?.value;
  const pathStyle = get(node, "path_style");
  const read = endpoint && readEndpoint(endpoint.value);
  const diagnostics =
    endpoint && read?.kind === "wrong"
      ? [
          diagnose("store/bad-setting", endpoint.span, `the store's endpoint ${read.why}`, {
            help: ENDPOINT_HELP,
          }),
        ]
      : [];
  return {
    store: {
      bucket,
      ...(endpoint && { endpoint: endpoint.value }),
      ...(region !== undefined && { region }),
      ...(prefix !== undefined && { prefix }),
      ...(pathStyle?.kind === "scalar" && { pathStyle: pathStyle.value === true }),
    },
    diagnostics,
  };
}

export const ENDPOINT_HELP =
  "write the server's address, without the bucket, such as `https://s3.example.com`";

/** The address of an S3-compatible server. */
export function readEndpoint(text: string): ServerAddress {
  return readServerAddress(text, "whoever sees a link on its way could use it");
}
