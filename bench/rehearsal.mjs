// A rehearsal of the lighthouse from nothing: seconds of clips made per second of the clock. Wanted: 3 or more.
import { cpSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { median, run } from "./measure.mjs";

const main = fileURLToPath(new URL("../dist/main.js", import.meta.url));
const example = fileURLToPath(new URL("../examples/lighthouse", import.meta.url));
const rounds = [];
for (let i = 0; i < 3; i++) {
  const folder = mkdtempSync(join(tmpdir(), "storyc-bench-"));
  for (const part of ["storyboard.yaml", "assets"])
    cpSync(join(example, part), join(folder, part), { recursive: true });
  const { code, seconds } = await run(process.execPath, [main, "rehearse", folder]);
  if (code !== 0) throw new Error(`rehearse ended with ${code}`);
  const { scenes } = JSON.parse(readFileSync(join(folder, "storyboard.rehearsal.lock.json"), "utf8"));
  const made = Object.values(scenes).reduce((sum, { takes }) => sum + takes[0].clip.seconds, 0);
  rounds.push({ made, seconds });
  rmSync(folder, { recursive: true });
}
const rate = median(rounds.map(({ made, seconds }) => made / seconds));
console.log(
  `${rounds[0].made.toFixed(0)} s of clips in ${median(rounds.map((r) => r.seconds)).toFixed(1)} s: ${rate.toFixed(1)} times real time (wanted ≥ 3)`,
);
