import { readdirSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, describe, expect, test } from "vitest";
import { readBase, type Base } from "../../src/driver/base.ts";
import { digestOf } from "../../src/base/digest.ts";
import { planMarkdown } from "../../src/cli/plan-markdown.ts";
import { thisMachine } from "../../src/driver/machine.ts";
import { plan, type Plan } from "../../src/driver/plan.ts";
import { totalOf } from "../../src/driver/spend-gate.ts";
import { formatLock } from "../../src/plan/lock-format.ts";
import { reasonText } from "../../src/plan/reasons.ts";
import type { Recipe } from "../../src/plan/recipe.ts";
import { lockOf, recipesOf, takeOf } from "../plan/planned.ts";
import { Checkout } from "../support/checkout.ts";

const FACE = readFileSync(join(import.meta.dirname, "../fixtures/diagnostics/media/face.png"));
/** The same picture in other bytes: what stands behind its end is not looked at. */
const OTHER_FACE = Buffer.concat([FACE, Buffer.from("other")]);

const projects: Checkout[] = [];
afterEach(() => {
  for (const project of projects.splice(0)) project.remove();
});

function made(project: Checkout): Checkout {
  projects.push(project);
  return project;
}

const head = 'version: 1\ndefaults: { resolution: 480p, ratio: "16:9", duration: 4 }\n';
const scenes = (...lines: readonly string[]): string =>
  `${head}scenes:\n${lines.map((line) => `  - ${line}\n`).join("")}`;
const FIRST = scenes(
  "{ id: dawn, prompt: At dawn. }",
  "{ id: climb, extend: dawn, prompt: He climbs. }",
  "{ id: gone, prompt: It goes. }",
);
const SECOND = scenes(
  "{ id: dawn, prompt: At dusk., duration: 8 }",
  "{ id: climb, extend: dawn, prompt: He climbs. }",
  "{ id: fresh, prompt: It comes., takes: 2 }",
);

async function compared(
  project: Checkout,
  { ref, file, environment = {} }: { ref?: string; file?: string; environment?: Record<string, string> } = {},
): Promise<{ films: readonly Plan[]; base: Base; told: string[] }> {
  const asked = { XDG_CONFIG_HOME: join(project.folder, "none"), ...environment };
  const { films, diagnostics } = await plan({
    file,
    cwd: project.folder,
    provider: "anyfast",
    environment: asked,
  });
  const [first, ...others] = films;
  if (!first) throw new Error(diagnostics.map(({ message }) => message).join("; "));
  const base = await readBase([first, ...others], { ref, environment: asked }, thisMachine);
  return { films, base, told: base.kind === "base" ? films.flatMap((film) => toldOf(base, film)) : [] };
}

function toldOf(base: Extract<Base, { kind: "base" }>, film: Plan): string[] {
  return (base.differences.get(film.storyboard.variant) ?? []).map(
    ({ scene, change, reasons, before, now }) => {
      const why = reasons.map(reasonText).join("; ");
      const price = `${before?.amount.toFixed(2) ?? "-"} → ${now?.amount.toFixed(2) ?? "-"}`;
      return `${change} ${scene}: ${why || "-"}: ${price}`;
    },
  );
}

test("each scene is compared with what it was, and priced before and after", async () => {
  const project = made(Checkout.init());
  const commit = project.commit("a change", { "film.yaml": FIRST });
  project.git("checkout", "-q", "-b", "change");
  project.commit("a change", { "film.yaml": SECOND });
  const { base, told } = await compared(project);
  expect(base).toMatchObject({ kind: "base", name: "main", commit });
  expect(told).toEqual([
    "changed dawn: `duration` 4 → 8; prompt changed: 0.14 → 0.28",
    "follows climb: upstream `dawn` will change: 0.17 → 0.25",
    "added fresh: new scene: - → 0.28",
    "removed gone: -: 0.14 → -",
  ]);
});

test("what is not committed yet counts, and nothing of the checkout is touched", async () => {
  const project = made(Checkout.init());
  project.commit("a change", { "film.yaml": FIRST });
  project.write("film.yaml", SECOND);
  const before = [
    project.git("status", "--porcelain"),
    project.git("worktree", "list"),
    readdirSync(join(project.folder, ".git")),
  ];
  const { told } = await compared(project);
  expect(told).toHaveLength(4);
  expect([
    project.git("status", "--porcelain"),
    project.git("worktree", "list"),
    readdirSync(join(project.folder, ".git")),
  ]).toEqual(before);
  expect(readdirSync(tmpdir()).filter((name) => name.startsWith("storyc-base-"))).toEqual([]);
});

test("what the branch itself has not changed is no difference, whatever has come on main since", async () => {
  const project = made(Checkout.init());
  const commit = project.commit("a change", { "film.yaml": FIRST });
  project.git("checkout", "-q", "-b", "change");
  project.commit("a change", { "notes.txt": "x" });
  project.git("checkout", "-q", "main");
  project.commit("a change", { "film.yaml": SECOND });
  project.git("checkout", "-q", "change");
  expect(await compared(project)).toMatchObject({ base: { kind: "base", commit }, told: [] });
});

test("includes and pictures are those of the commit; a picture that git does not keep is the one that is here", async () => {
  const project = made(Checkout.init());
  const act = (prompt: string): string =>
    `assets:\n  keeper: { images: [../face.png, ../local/face.png] }\nscenes:\n  - { id: dawn, prompt: "${prompt} @keeper" }\n`;
  const film = `${head}include: [./acts/one.yaml]\nscenes:\n  - { id: climb, extend: dawn, prompt: He climbs. }\n`;
  project.write("film/local/face.png", FACE);
  project.commit("a change", {
    ".gitignore": "local\n",
    "film/film.yaml": film,
    "film/acts/one.yaml": act("At dawn"),
    "film/face.png": FACE,
  });
  project.git("checkout", "-q", "-b", "change");
  expect((await compared(project, { file: "film" })).told).toEqual([]);
  project.commit("a change", { "film/face.png": OTHER_FACE });
  expect((await compared(project, { file: "film" })).told).toEqual([
    "changed dawn: asset `keeper` changed: 0.14 → 0.14",
    "follows climb: upstream `dawn` will change: 0.17 → 0.17",
  ]);
  project.commit("a change", { "film/acts/one.yaml": act("At dusk") });
  expect((await compared(project, { file: "film" })).told[0]).toMatch(/prompt changed/);
});

test("each film of a matrix is compared with itself", async () => {
  const project = made(Checkout.init());
  const film = (ratios: string): string =>
    FIRST.replace("scenes:", `matrix: { ratio: [${ratios}] }\nscenes:`);
  project.commit("a change", { "film.yaml": film('"16:9", "9:16"') });
  project.write("film.yaml", film('"16:9", "1:1"'));
  const { films, base } = await compared(project);
  const told = films.map((one) => (base.kind === "base" ? toldOf(base, one).length : -1));
  expect(told).toEqual([0, 3]);
});

test("prices that change are a difference too", async () => {
  const project = made(Checkout.init());
  const priced = (plain: number): string =>
    `${FIRST}prices: { currency: USD, as_of: 2026-11, seedance-2.0-mini: { plain: ${plain}, with_video: 2.1 } }\n`;
  project.commit("a change", { "film.yaml": priced(3.5) });
  project.write("film.yaml", priced(7));
  expect((await compared(project)).told).toEqual([
    "priced dawn: -: 0.14 → 0.28",
    "priced gone: -: 0.14 → 0.28",
  ]);
});

test("a scene with another name is the one that it was, and what another currency costs is no sum", async () => {
  const project = made(Checkout.init());
  project.commit("a change", { "film.yaml": FIRST });
  const prices =
    "prices: { currency: EUR, as_of: 2026-11, seedance-2.0-mini: { plain: 3, with_video: 2 } }\n";
  const renamed = scenes(
    "{ id: morning, was: dawn, prompt: At dawn. }",
    "{ id: climb, extend: morning, prompt: He climbs. }",
    "{ id: gone, prompt: It goes. }",
  );
  project.write("film.yaml", renamed);
  const { base, told } = await compared(project);
  expect(told).toEqual(["renamed morning: -: 0.14 → 0.14"]);
  expect(base).toMatchObject({ differences: new Map([["main", [{ scene: "morning", was: "dawn" }]]]) });
  project.write("film.yaml", FIRST + prices);
  const priced = await compared(project);
  expect(priced.told.map((line) => line.split(" ")[0])).toEqual(["priced", "priced", "priced"]);
  expect(priced.base.kind === "base" && planMarkdown(priced.films, priced.base, 0)).toMatch(
    /would cost 0\.45 USD\.[^]*0\.14 USD → 0\.12 EUR/,
  );
});

describe("a picture that Git LFS keeps", () => {
  const pointer = (bytes: Uint8Array): string =>
    `version https://git-lfs.github.com/spec/v1\noid sha256:${digestOf(bytes)}\nsize ${bytes.length}\n`;
  const film = `${head}assets:\n  keeper: { image: ./face.png }\nscenes:\n  - { id: dawn, prompt: "@keeper at dawn." }\n`;

  /** In git there is the pointer, in the checkout the picture, as the filter of Git LFS leaves them. */
  function kept(before: Uint8Array, now: Uint8Array): Checkout {
    const project = made(Checkout.init());
    project.commit("a change", { "film.yaml": film, "face.png": pointer(before) });
    project.git("update-index", "--assume-unchanged", "face.png");
    project.write("face.png", now);
    return project;
  }

  test("is compared by the digest that stands in its pointer", async () => {
    expect((await compared(kept(FACE, FACE))).told).toEqual([]);
    expect((await compared(kept(OTHER_FACE, FACE))).told).toEqual([
      "changed dawn: asset `keeper` changed: 0.14 → 0.14",
    ]);
  });
});

describe("which commit is the base", () => {
  async function changed(): Promise<Checkout> {
    const project = made(Checkout.init());
    project.commit("a change", { "film.yaml": FIRST });
    project.git("checkout", "-q", "-b", "change");
    project.commit("a change", { "film.yaml": SECOND });
    return Promise.resolve(project);
  }

  test("in a clone, the branch of the origin that checks name, or the one that it calls its head", async () => {
    const project = await changed();
    project.git("checkout", "-q", "main");
    const clone = made(project.clone());
    clone.git("checkout", "-q", "change");
    expect((await compared(clone)).base).toMatchObject({ kind: "base", name: "origin/main" });
    const environment = { GITHUB_BASE_REF: "main" };
    expect((await compared(clone, { environment })).base).toMatchObject({
      kind: "base",
      name: "origin/main",
    });
  });

  test("any that is named", async () => {
    const project = await changed();
    const { base, told } = await compared(project, { ref: "HEAD" });
    expect(base).toMatchObject({ kind: "base", name: "HEAD" });
    expect(told).toEqual([]);
  });

  test.each([
    ["nowhere", "`nowhere` is not in this clone"],
    ["--all", "`--all` is not in this clone"],
  ])("one that is not there (%s) is told", async (ref, reason) => {
    expect((await compared(await changed(), { ref })).base).toEqual({ kind: "none", reason });
  });

  test("a shallow clone says what it lacks", async () => {
    const clone = made((await changed()).clone("--depth", "1", "--branch", "change"));
    const environment = { GITHUB_BASE_REF: "main" };
    expect((await compared(clone, { environment })).base).toMatchObject({
      kind: "none",
      reason: expect.stringMatching(/`origin\/main` is not in this clone; .*fetch-depth: 0/),
    });
  });

  test("without git there is none", async () => {
    const project = made(new Checkout());
    project.write("film.yaml", FIRST);
    expect((await compared(project)).base).toEqual({ kind: "none", reason: "there is no git checkout here" });
  });
});

describe("a base that does not help", () => {
  test("has no such storyboard: everything is new", async () => {
    const project = made(Checkout.init());
    project.commit("a change", { "other.txt": "x" });
    project.write("film.yaml", FIRST);
    expect((await compared(project)).base).toMatchObject({ kind: "new", name: "main" });
  });

  test("has a storyboard with mistakes, which are told", async () => {
    const project = made(Checkout.init());
    project.commit("a change", { "film.yaml": scenes("{ id: dawn }") });
    project.write("film.yaml", FIRST);
    const { base } = await compared(project);
    expect(base).toMatchObject({
      kind: "none",
      reason: expect.stringMatching(
        /the storyboard has mistakes: .*without a prompt \(`film.yaml:4`\), at `main`/,
      ),
    });
  });

  test("has a lockfile that is damaged", async () => {
    const project = made(Checkout.init());
    project.commit("a change", { "film.yaml": FIRST, "film.lock.json": "{" });
    project.write("film.lock.json", '{ "version": 1, "scenes": {} }');
    expect((await compared(project)).base).toMatchObject({ kind: "none" });
  });
});

test("what a run at the base would have cost is told by its own lockfile", async () => {
  const project = made(Checkout.init());
  project.commit("a change", { "film.yaml": FIRST });
  const { base } = await compared(project);
  expect(base.kind === "base" && totalOf(base.films).amount).toBeCloseTo(0.44997, 4);
  const take = takeOf(recipesOf(FIRST).get("gone") as Recipe);
  project.commit("a change", { "film.lock.json": formatLock(lockOf({ gone: [take] })) });
  const later = await compared(project);
  // It is not here, but it is made: it would be fetched, and nothing paid.
  expect(later.base.kind === "base" && totalOf(later.base.films).amount).toBeCloseTo(0.30936, 4);
});
