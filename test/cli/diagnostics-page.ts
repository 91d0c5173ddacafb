// `docs/diagnostics.md` as a text, made of the catalogue, the fixtures, and what storyc really prints for them.
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { CATALOGUE, type DiagnosticCode } from "../../src/base/catalogue.ts";
import type { CatalogueEntry } from "../../src/base/catalogue-entry.ts";
import type { Diagnostic } from "../../src/base/diagnostic.ts";
import { megabytes } from "../../src/base/limits.ts";
import { diagnosticText } from "../../src/cli/diagnostic-text.ts";
import { plan } from "../../src/driver/plan.ts";
import { formatLock } from "../../src/plan/lock-format.ts";
import { parseLock } from "../../src/plan/lock-read.ts";
import { doneTake } from "../support/takes.ts";
import { FixtureProject, folderOf } from "./fixture-project.ts";

const PLAIN = { columns: 100, style: (_: unknown, text: string): string => text };
/** Longer lines of an example are cut: its point is their length. */
const LONGEST_LINE = 160;

const HEAD = `<!-- Written by \`npm run docs\`; do not edit. -->
<!-- prettier-ignore-start -->

# What storyc tells, and what to do

Every finding of storyc has a code. The list is closed, and a code never changes its meaning, so scripts may
rely on it. An **error** stands in the way of rendering; a **warning** does not, but money may be spent on
something that was not meant. Each entry shows a storyboard with the mistake, what storyc prints for it, and
the storyboard without it.

\`storyc check\` prints all findings in one run. With \`--json\` each is an object with \`code\`, \`severity\`,
\`message\`, \`file\`, \`line\`, \`column\`, \`endLine\`, \`endColumn\`, \`labels\` and \`help\`.
`;

/** The whole page. `root` is the folder of this repository. */
export async function diagnosticsPage(root: string): Promise<string> {
  const project = new FixtureProject(join(root, "test/fixtures/diagnostics"));
  try {
    const codes = Object.keys(CATALOGUE) as DiagnosticCode[];
    const entries: string[] = [];
    for (const code of codes) entries.push(await entry(code, project));
    return [HEAD, index(codes), ...entries, "<!-- prettier-ignore-end -->\n"].join("\n");
  } finally {
    project.remove();
  }
}

function index(codes: readonly DiagnosticCode[]): string {
  const areas = new Map<string, DiagnosticCode[]>();
  for (const code of codes) {
    const [area = ""] = code.split("/");
    areas.set(area, [...(areas.get(area) ?? []), code]);
  }
  const rows = [...areas.values()].map(
    (ofArea) => `* ${ofArea.map((code) => `[${code}](#${code.replace("/", "")})`).join(" · ")}\n`,
  );
  return rows.join("");
}

async function entry(code: DiagnosticCode, project: FixtureProject): Promise<string> {
  const { severity, what, why, repair }: CatalogueEntry = CATALOGUE[code];
  const example = existsSync(join(project.folder, folderOf(code)))
    ? await fixtureExample(code, project)
    : await otherExample(code, project);
  return `## ${code}\n\n**${severity}** · ${what} ${why}\n\n${example.bad}\n**Repair.** ${repair}\n${example.good}`;
}

interface Example {
  readonly bad: string;
  readonly good: string;
}

async function fixtureExample(code: DiagnosticCode, project: FixtureProject): Promise<Example> {
  const told = await project.told(code, "bad.yaml");
  const { profile, pictures } = project.expectation(code).conditions;
  const files = (name: string): string => filesFrom(join(project.folder, folderOf(code)), name);
  const asked = profile === undefined ? "" : `Rendered with \`--profile ${profile}\`:\n\n`;
  const sizes = Object.entries(pictures ?? {}).map(([name, bytes]) => `\`${name}\` ${megabytes(bytes)}`);
  const large = sizes.length > 0 ? `With pictures of these sizes: ${sizes.join(", ")}.\n\n` : "";
  return {
    bad: `${files("bad.yaml")}\n${large}${asked}${printed(told, project).replaceAll(`${folderOf(code)}/`, "")}`,
    good: `\n${files("good.yaml")}`,
  };
}

/** Lockfiles that show the codes which are about them. */
const LOCKS: Readonly<Partial<Record<DiagnosticCode, string>>> = {
  "lock/unreadable":
    '{\n  "version": 1,\n  "scenes": {\n    "dawn": { "selected": { "main": 2 }, "takes": [] }\n  }\n}\n',
  "lock/conflict":
    '{\n<<<<<<< HEAD\n  "version": 1,\n=======\n  "version": 1,\n>>>>>>> storm\n  "scenes": {}\n}\n',
  "lock/newer": '{\n  "version": 2,\n  "scenes": {}\n}\n',
};

const STORYBOARD = "version: 1\nscenes:\n  - { id: dawn, prompt: At dawn. }\n";

/** Folders that show the codes which are about what lies beside a storyboard. */
const FILES: Readonly<Partial<Record<DiagnosticCode, Readonly<Record<string, string>>>>> = {
  "lock/left-behind": {
    "lighthouse.yaml": STORYBOARD,
    "film.lock.json": formatLock({
      scenes: new Map([["dawn", { selected: { main: 1 }, takes: [doneTake(1)] }]]),
    }),
  },
  "journal/unreadable": {
    "film.yaml": STORYBOARD,
    ".storyc/journal/film.paid.jsonl": '{"v":1,"kind":"selected","scene":"dawn","take":}\n',
  },
};

/** The codes that no storyboard can show by its text. */
async function otherExample(code: DiagnosticCode, project: FixtureProject): Promise<Example> {
  const lock = LOCKS[code];
  if (lock !== undefined) {
    const { diagnostics } = parseLock("storyboard.lock.json", "", lock);
    return { bad: printed(diagnostics, project), good: "" };
  }
  const files = FILES[code];
  if (files) {
    for (const [name, text] of Object.entries(files)) {
      mkdirSync(join(project.folder, code, name, ".."), { recursive: true });
      writeFileSync(join(project.folder, code, name), text);
    }
    const options = { cwd: join(project.folder, code), provider: "anyfast" as const, environment: {} };
    return { bad: printed((await plan(options)).diagnostics, project), good: "" };
  }
  writeFileSync(join(project.folder, "storybord.yaml"), "version: 1\n");
  return { bad: printed(await project.tellOf("storyboard.yaml"), project), good: "" };
}

function printed(told: readonly Diagnostic[], project: FixtureProject): string {
  return fence("text", told.map((one) => project.anywhere(diagnosticText(one, PLAIN))).join("\n\n"));
}

/** A file, and after it those that it includes, each once. */
function filesFrom(folder: string, name: string): string {
  const names = new Set([name]);
  const others = readdirSync(folder).filter((file) => /\.yaml$/.test(file));
  const texts: string[] = [];
  for (const one of names) {
    const text = readFileSync(join(folder, one), "utf8");
    for (const other of others) if (text.includes(`./${other}`)) names.add(other);
    // Named above and not inside of it, so that the lines are counted as the finding counts them.
    texts.push(`\`${one}\`\n\n${fence("yaml", text.trimEnd())}`);
  }
  return texts.join("\n");
}

function fence(language: string, text: string): string {
  const lines = text.split("\n").map((line) => {
    const characters = [...line];
    const rest = characters.length - LONGEST_LINE;
    return rest > 0 ? `${characters.slice(0, LONGEST_LINE).join("")}… (${rest} characters more)` : line;
  });
  return `\`\`\`${language}\n${lines.join("\n")}\n\`\`\`\n`;
}
