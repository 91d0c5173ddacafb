// Bundles the simulation beside the packages that it uses, and runs it: `npm run simulate -- --seeds 200000`.
import { spawnSync } from "node:child_process";
import { rmSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const path = (name) => fileURLToPath(new URL(`../${name}`, import.meta.url));
const outfile = path(`node_modules/.cache/storyc/simulate-${process.pid}.mjs`);
await build({
  entryPoints: [path("test/simulation/main.ts")],
  outfile,
  bundle: true,
  packages: "external",
  format: "esm",
  platform: "node",
  target: "node20",
  logLevel: "warning",
});
const { status } = spawnSync(process.execPath, [outfile, ...process.argv.slice(2)], { stdio: "inherit" });
rmSync(outfile);
process.exitCode = status ?? 1;
