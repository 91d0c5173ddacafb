import { readFileSync, rmSync } from "node:fs";
import { fileURLToPath, pathToFileURL } from "node:url";
import { build, type Plugin } from "esbuild";
import type { Program } from "./run.ts";

/** One thing done wrong, in one place of the sources. */
export interface Mutation {
  /** What the program then does. */
  readonly name: string;
  /** Below `src`. */
  readonly file: string;
  /** Stands there exactly once, as it is. */
  readonly from: string;
  readonly to: string;
}

const SRC = fileURLToPath(new URL("../../src/", import.meta.url));
const CACHE = fileURLToPath(new URL("../../node_modules/.cache/storyc/", import.meta.url));

let serial = 0;

/** The program with a mutation in it: bundled with the changed text, so that no file is touched. */
export async function loadMutant(mutation: Mutation): Promise<Program> {
  const outfile = `${CACHE}mutant-${process.pid}-${++serial}.mjs`;
  await build({
    stdin: {
      contents: `export { renderOn } from "./driver/render.ts"; export { amendChecked } from "./driver/amend.ts";`,
      resolveDir: SRC,
      loader: "ts",
    },
    plugins: [mutated(mutation)],
    outfile,
    bundle: true,
    packages: "external",
    format: "esm",
    platform: "node",
    target: "node20",
    logLevel: "silent",
  });
  try {
    return (await import(pathToFileURL(outfile).href)) as Program;
  } finally {
    rmSync(outfile);
  }
}

function mutated({ file, from, to }: Mutation): Plugin {
  return {
    name: "mutated",
    setup: ({ onLoad }) => {
      onLoad({ filter: /\.ts$/ }, ({ path }) => {
        if (path !== SRC + file) return undefined;
        const text = readFileSync(path, "utf8");
        if (text.split(from).length !== 2) throw new Error(`${file} no longer has this once: ${from}`);
        // A function, since `$` means something in a text that replaces.
        return { contents: text.replace(from, () => to), loader: "ts" };
      });
    },
  };
}
