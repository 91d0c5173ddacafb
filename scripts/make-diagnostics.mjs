// Writes docs/diagnostics.md. The page is made by a TypeScript module that its test uses too, so it is bundled first.
import { rmSync, writeFileSync } from "node:fs";
import { fileURLToPath, pathToFileURL } from "node:url";
import { join } from "node:path";
import { build } from "esbuild";

const root = fileURLToPath(new URL("..", import.meta.url));
// Inside of the project, so that the packages that stay outside of the bundle are found.
const bundle = join(root, "node_modules/.cache/diagnostics-page.mjs");

await build({
  entryPoints: [join(root, "test/cli/diagnostics-page.ts")],
  outfile: bundle,
  bundle: true,
  packages: "external",
  format: "esm",
  platform: "node",
  target: "node20",
  logLevel: "warning",
});
try {
  const { diagnosticsPage } = await import(pathToFileURL(bundle).href);
  writeFileSync(join(root, "docs/diagnostics.md"), await diagnosticsPage(root));
} finally {
  rmSync(bundle);
}
