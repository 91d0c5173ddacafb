import { execFile } from "node:child_process";
import {
  copyFileSync,
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, test } from "vitest";

const ROOT = join(import.meta.dirname, "../..");
const TSC = createRequire(import.meta.url).resolve("typescript/bin/tsc");
const run = promisify(execFile);

/** A program of a user: each value that it takes from the library is put into a place of a type. */
const PROGRAM = `
import { check, plan, positionAt, render, status, storyboardSchema } from "storyc";
import type { Checked, Diagnostic, DiagnosticCode, Planned, RenderResult, RunEvent, Severity, Status } from "storyc";

const file = process.argv[2] ?? "";
const checked: Checked = await check({ file });
const planned: Planned = await plan({ file, provider: "emulator", environment: {} });
const seen: Status = await status({ file, environment: {} });
const wrong: Checked = await check({ file: process.argv[3] });

function told({ code, severity, message, span, help }: Diagnostic) {
  const known: DiagnosticCode = code;
  const weight: Severity = severity;
  return { known, weight, message, help, ...(span && positionAt(span.source, span.start)) };
}

// Not called: rendering has tests of its own, here its types are what counts.
export async function make(): Promise<RenderResult> {
  const events: RunEvent[] = [];
  return render({ file, provider: "emulator", onEvent: (event) => void events.push(event) });
}

// @ts-expect-error There is no such provider.
void (() => plan({ provider: "nobody" }));
// @ts-expect-error The codes are a closed list.
export const code: DiagnosticCode = "no/such-code";
// @ts-expect-error What was read is not to be changed.
void (() => checked.films.push());

const [film] = planned.films;
console.log(
  JSON.stringify({
    diagnostics: checked.diagnostics.map(told),
    title: checked.films[0]?.storyboard.title,
    scenes: film?.scenes.map(({ scene, action, renders }) => [scene.id, action, renders]),
    modes: checked.films[0]?.storyboard.scenes.map(({ mode }) => mode.kind),
    provider: film?.provider.value,
    film: film?.film.action,
    unfolded: seen.unfolded,
    wrong: wrong.diagnostics.map(told),
    schema: Object.keys(storyboardSchema).includes("properties"),
  }),
);
`;

const SETTINGS = {
  compilerOptions: {
    target: "es2022",
    module: "nodenext",
    strict: true,
    exactOptionalPropertyTypes: true,
    // The library's declarations are read as well, with nothing beside them but those of Node.
    skipLibCheck: false,
    typeRoots: [join(ROOT, "node_modules/@types")],
    types: ["node"],
  },
  files: ["main.ts"],
};

let folder: string;

/** The package as it is published, in the `node_modules` of a user; its own packages are found from its real place. */
beforeAll(async () => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), "storyc-library-")));
  const published = join(folder, "published");
  mkdirSync(join(published, "dist"), { recursive: true });
  mkdirSync(join(folder, "user/node_modules"), { recursive: true });
  copyFileSync(join(ROOT, "package.json"), join(published, "package.json"));
  for (const name of readdirSync(join(ROOT, "dist")).filter((one) => one !== "types"))
    symlinkSync(join(ROOT, "dist", name), join(published, "dist", name));
  // A build for the tests leaves the declarations out.
  await run(process.execPath, [
    TSC,
    "-p",
    join(ROOT, "tsconfig.types.json"),
    "--outDir",
    join(published, "dist/types"),
    // They are checked with the sources, and here by the one who uses them.
    "--noCheck",
  ]);
  symlinkSync(published, join(folder, "user/node_modules/storyc"), "dir");
  cpSync(join(ROOT, "examples/one-take"), join(folder, "user/film"), { recursive: true });
  writeFileSync(join(folder, "user/wrong.yaml"), "version: 1\nscenes:\n  - id: a\n    promt: A fox.\n");
  writeFileSync(join(folder, "user/package.json"), '{ "type": "module" }');
  writeFileSync(join(folder, "user/main.ts"), PROGRAM);
  writeFileSync(join(folder, "user/tsconfig.json"), JSON.stringify(SETTINGS));
});

afterAll(() => {
  rmSync(folder, { recursive: true });
});

test("a program of a user is checked by its types and runs", async () => {
  const cwd = join(folder, "user");
  const compiled = await run(process.execPath, [TSC, "-p", "."], { cwd }).catch((error: unknown) => error);
  expect(compiled).toMatchObject({ stdout: "", stderr: "" });
  const { stdout, stderr } = await run(process.execPath, ["main.js", "film/storyboard.yaml", "wrong.yaml"], {
    cwd,
  });
  expect(stderr).toBe("");
  expect(JSON.parse(stdout)).toEqual({
    diagnostics: [],
    title: "Paper Boat, in one take",
    scenes: ["spring", "village", "city", "sea"].map((id) => [id, "render", 1]),
    modes: ["references", "extend", "extend", "extend"],
    provider: "emulator",
    film: "assemble",
    unfolded: false,
    wrong: [
      {
        known: "schema/unknown-key",
        weight: "error",
        message: "there is no key `promt` here",
        help: "write `prompt`",
        line: 4,
        column: 5,
      },
    ],
    schema: true,
  });
});
