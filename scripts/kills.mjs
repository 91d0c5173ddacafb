// Kills real runs: after each flush in turn, and at random moments. `npm run kills -- --times 100 [--seed 1]`.
import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";

const { values } = parseArgs({
  options: { times: { type: "string", default: "100" }, seed: { type: "string", default: "1" } },
});
const root = fileURLToPath(new URL("..", import.meta.url));
const env = { ...process.env, STORYC_KILLS: values.times, STORYC_KILLS_SEED: values.seed };
const run = (...args) => spawnSync(process.execPath, args, { cwd: root, env, stdio: "inherit" }).status ?? 1;
process.exitCode =
  run("scripts/build.mjs", "--no-types") ||
  run("node_modules/vitest/vitest.mjs", "run", "test/run/kills.test.ts");
