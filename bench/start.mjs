// `storyc --version` against a Node that does nothing. Wanted: below 2.5 times.
import { fileURLToPath } from "node:url";
import { pairs, run } from "./measure.mjs";

const main = fileURLToPath(new URL("../dist/main.js", import.meta.url));
const { a, b, ratio } = await pairs(
  () => run(process.execPath, [main, "--version"]),
  () => run(process.execPath, ["-e", "0"]),
  15,
);
console.log(
  `storyc --version ${(a * 1000).toFixed(0)} ms, node -e 0 ${(b * 1000).toFixed(0)} ms, ratio ${ratio.toFixed(2)} (wanted < 2.5)`,
);
