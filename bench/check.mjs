// `storyc check` of large storyboards, against the yaml library alone parsing the same file with positions.
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { pairs, run } from "./measure.mjs";
import { storyboard } from "./storyboards.mjs";

const main = fileURLToPath(new URL("../dist/main.js", import.meta.url));
const yaml = new URL("../node_modules/yaml/dist/index.js", import.meta.url).href;
const folder = mkdtempSync(join(tmpdir(), "storyc-bench-"));
const file = join(folder, "storyboard.yaml");
const parse = `import { readFileSync } from "node:fs"; import yaml from ${JSON.stringify(yaml)}; yaml.parseDocument(readFileSync(${JSON.stringify(file)}, "utf8"))`;
for (const scenes of process.argv
  .slice(2)
  .map(Number)
  .concat(process.argv.length > 2 ? [] : [100, 1000, 10000])) {
  writeFileSync(file, storyboard(scenes));
  const check = () => run(process.execPath, [main, "check", file]);
  const cold = () => {
    rmSync(join(folder, ".storyc"), { recursive: true, force: true });
    return check();
  };
  const alone = () => run(process.execPath, ["--input-type=module", "-e", parse]);
  const rounds = scenes > 5000 ? 7 : 9;
  const { a, b, ratio, megabytes } = await pairs(cold, alone, rounds);
  const again = await pairs(check, alone, 3);
  console.log(
    `check of ${scenes} scenes: cold ${a.toFixed(2)} s, ${megabytes.toFixed(0)} MB; yaml alone ${b.toFixed(2)} s; ` +
      `ratio ${ratio.toFixed(2)}; a second time ${again.a.toFixed(2)} s`,
  );
}
rmSync(folder, { recursive: true });
