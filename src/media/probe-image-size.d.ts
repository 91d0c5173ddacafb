/** The package's main module also loads an HTTP client, which probing files has no use for. */
declare module "probe-image-size/stream.js" {
  import type { Readable } from "node:stream";
  export default function probe(
    source: Readable,
  ): Promise<{ width: number; height: number; type: string; orientation?: number }>;
}
