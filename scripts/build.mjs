// Bundles the program into dist/. Packages that carry native code or data files of their own stay outside.
import { execFileSync } from "node:child_process";
import { readFileSync, renameSync, rmSync, chmodSync } from "node:fs";
import { basename } from "node:path";
import { Ajv } from "ajv";
import standalone from "ajv/dist/standalone/index.js";
import { build } from "esbuild";

const root = new URL("..", import.meta.url);
process.chdir(root.pathname ? decodeURIComponent(root.pathname.replace(/^\/([A-Za-z]:)/, "$1")) : ".");
const { version } = JSON.parse(readFileSync("package.json", "utf8"));

/** The modules of src/syntax/ that compile a schema, with the options that they give to the compiler. */
const VALIDATORS = {
  "validator.ts": {
    schema: "schemas/storyboard.schema.json",
    name: "validateStoryboard",
    options: {
      allErrors: true,
      allowUnionTypes: true,
      verbose: true,
      keywords: ["markdownDescription", "defaultSnippets"],
    },
  },
  "faults-validator.ts": {
    schema: "schemas/faults.schema.json",
    name: "validateFaults",
    options: { allErrors: true, allowUnionTypes: true, verbose: true },
  },
  "request-validator.ts": {
    schema: "schemas/request.schema.json",
    name: "validateRequest",
    options: { verbose: true, strictTypes: false },
  },
  "lock-validator.ts": {
    schema: "schemas/lock.schema.json",
    name: "validateLock",
    options: { allErrors: true, verbose: true, strictRequired: false, strictTypes: false },
  },
  "plan-validator.ts": {
    schema: "schemas/plan.schema.json",
    name: "validatePlan",
    options: { allErrors: true },
  },
};

/** Validators as code instead of the compiler that makes them: every start is shorter by that. */
const compiledValidators = {
  name: "compiled-validators",
  setup(plugins) {
    plugins.onLoad(
      { filter: /src[\\/]syntax[\\/](request-|faults-|lock-|plan-)?validator\.ts$/ },
      ({ path }) => {
        const { schema, name, options } = VALIDATORS[basename(path)];
        const ajv = new Ajv({ ...options, code: { source: true, esm: true } });
        const validate = ajv.compile(JSON.parse(readFileSync(schema, "utf8")));
        const contents = standalone
          .default(ajv, validate)
          .replace("export const validate =", `export const ${name} =`);
        return { contents, loader: "js", resolveDir: process.cwd() };
      },
    );
  },
};

// Built aside and swapped in: a build that fails leaves the last good program in place.
rmSync("dist.new", { recursive: true, force: true });
await build({
  entryPoints: {
    main: "src/main.ts",
    index: "src/index.ts",
    "media-child": "src/media/child-main.ts",
    "animatic-child": "src/emulator/child-main.ts",
  },
  plugins: [compiledValidators],
  outdir: "dist.new",
  chunkNames: "chunks/[name]-[hash]",
  bundle: true,
  splitting: true,
  format: "esm",
  platform: "node",
  target: "node20",
  legalComments: "none",
  minifyWhitespace: true,
  minifySyntax: true,
  // The library's modules as it gives them to bundlers: its build for Node asks the environment, for each token that
  // it reads, whether to log it, which is an eighth of the time.
  alias: { yaml: `${process.cwd()}/node_modules/yaml/browser/dist/index.js` },
  external: ["@napi-rs/canvas", "@fontsource-variable/noto-sans-sc", "node-av", "node-av/*", "mediabunny"],
  define: { STORYC_VERSION: JSON.stringify(version) },
  // Bundled CommonJS packages call require() for node's own modules; an ES module has none.
  banner: {
    js: 'import { createRequire as __createRequire } from "node:module"; const require = __createRequire(import.meta.url);',
  },
  logLevel: "warning",
});
chmodSync("dist.new/main.js", 0o755);
rmSync("dist", { recursive: true, force: true });
renameSync("dist.new", "dist");

if (!process.argv.includes("--no-types")) {
  execFileSync(process.execPath, ["node_modules/typescript/bin/tsc", "-p", "tsconfig.types.json"], {
    stdio: "inherit",
  });
}
