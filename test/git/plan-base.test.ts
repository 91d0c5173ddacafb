// `plan --format markdown` by the built program, on real branches.
import { afterEach, describe, expect, test } from "vitest";
import { runProgram } from "../support/program.ts";
import { Checkout } from "../support/checkout.ts";

const projects: Checkout[] = [];
afterEach(() => {
  for (const project of projects.splice(0)) project.remove();
});

const board = (...scenes: readonly string[]): string =>
  `version: 1\ndefaults: { resolution: 480p, ratio: "16:9", duration: 4 }\nscenes:\n${scenes.map((one) => `  - ${one}\n`).join("")}`;
const BEFORE = board("{ id: dawn, prompt: A lamp. It burns. }", "{ id: climb, extend: dawn, prompt: On. }");
const AFTER = board(
  "{ id: dawn, prompt: A lamp. It burns low., duration: 8 }",
  "{ id: climb, extend: dawn, prompt: On. }",
  "{ id: dusk, prompt: Night., takes: 2 }",
);

function branched(before: string, after: string): Checkout {
  const project = Checkout.init();
  projects.push(project);
  project.commit("a change", { "film.yaml": before, ".gitignore": ".storyc/\n" });
  project.git("checkout", "-q", "-b", "change");
  project.commit("a change", { "film.yaml": after });
  return project;
}

async function planned(project: Checkout, ...more: readonly string[]) {
  return runProgram(["plan", "--provider", "anyfast", ...more], project.folder);
}

test("a pull request is told what changed, why, and what it costs more", async () => {
  const project = branched(BEFORE, AFTER);
  const { exit, stdout, stderr } = await planned(project, "--format", "markdown");
  const commit = project.git("rev-parse", "main").slice(0, 9);
  expect([exit, stderr]).toEqual([0, ""]);
  expect(stdout).toBe(`<!-- storyc plan film.yaml -->

### storyc plan: \`film.yaml\`

**4 clips to render for 0.82 USD** (281,232 tokens), about 4 min with 3 in flight.

* At \`main\` (${commit}) a run would cost 0.31 USD: this change adds **0.51 USD**.
* The whole film, made from nothing: 0.31 → 0.82 USD.

| scene | since the base | this run | to pay | from nothing |
| :-- | :-- | :-- | --: | --: |
| \`dawn\` | \`duration\` 4 → 8; prompt changed | **render**: new scene | 0.28 USD | 0.14 → 0.28 USD |
| \`climb\` | upstream \`dawn\` will change | **render**: new scene | 0.25 USD | 0.17 → 0.25 USD |
| \`dusk\` | new scene | **render 2 takes** | 0.28 USD | 0.28 USD |

<details><summary>Prompts that changed</summary>

\`dawn\`

\`\`\`diff
  A lamp.
- It burns.
+ It burns low.
\`\`\`

</details>

<sub>Prices: the list of the model's maker of 2026-08; Anyfast does not publish its own.</sub>
`);
  expect(project.git("status", "--porcelain")).toBe("");
});

test("the same for a person, and for a program", async () => {
  const project = branched(BEFORE, AFTER);
  expect((await planned(project, "--base", "main")).stdout).toMatch(
    /Compared with main \(\w+\), where a run would cost 0.31 USD:\n {2}changed +dawn +`duration` 4 → 8; prompt changed +0.14 → 0.28 USD\n {2}follows +climb .*\n {2}added +dusk/,
  );
  const { stdout } = await planned(project, "--base", "main", "--format", "json");
  expect(JSON.parse(stdout)).toMatchObject({
    type: "result",
    base: { compared: true, name: "main", differences: [{ scene: "dawn", change: "changed" }, {}, {}] },
  });
});

describe("what cannot be compared is told, and planned all the same", () => {
  test("a base that is not there", async () => {
    const { exit, stdout } = await planned(
      branched(BEFORE, AFTER),
      ...["--format", "markdown", "--base", "<b>|nowhere"],
    );
    expect(exit).toBe(0);
    expect(stdout).toContain(
      "Not compared with a base: <code>&lt;b&gt;&#124;nowhere</code> is not in this clone.",
    );
    expect(stdout).toContain("| `dusk` | **render 2 takes**: new scene | 0.28 USD | 0.28 USD |");
  });

  test("a storyboard that had mistakes there", async () => {
    const { exit, stdout } = await planned(branched(board("{ id: dawn }"), AFTER), "--format", "markdown");
    expect(exit).toBe(0);
    expect(stdout).toMatch(/Not compared with a base: the storyboard has mistakes: .*`film\.yaml:4`/);
  });
});

test("a storyboard with mistakes is told in a comment too, and the exit code says so", async () => {
  const project = branched(BEFORE, board("{ id: dawn, prompt: 5, ratoi: '```' }"));
  const { exit, stdout } = await planned(project, "--format", "markdown");
  expect(exit).toBe(1);
  expect(stdout).toMatch(
    /^<!-- storyc plan film.yaml -->\n\n### storyc plan: `film.yaml` has 2 errors\n\n````text\n/,
  );
  expect(stdout).toContain("ratoi");
});

test("nothing that an author writes gets out of its place", async () => {
  const evil = "A | b `c` <img src=x onerror=y> @team #1 ``` </details> | x\n## Head";
  const text = JSON.stringify(evil.replace("@", "\\@"));
  const after = board(`{ id: dawn, prompt: ${text} }`).replace(
    "scenes:",
    `title: ${JSON.stringify(evil)}\nscenes:`,
  );
  const { stdout } = await planned(
    branched(board("{ id: dawn, prompt: A lamp. }"), after),
    "--format",
    "markdown",
  );
  const [head = "", block = "", foot = ""] = stdout.split(/^````/m);
  expect(head).not.toMatch(/<img|@team|#1\b|^## /m);
  expect(head).toContain("### storyc plan: A &#124; b \\`c\\` &lt;img src=x onerror=y&gt; @<!-- -->team");
  expect(block).toMatch(/^diff\n- A lamp\.\n\+ A \| b `c` <img/);
  expect(foot).toMatch(/^\n\n<\/details>\n\n<sub>Prices: [^<]*<\/sub>\n$/);
});

test("`--json` and Markdown at once, and a format that there is not, are told", async () => {
  const project = branched(BEFORE, AFTER);
  expect(await planned(project, "--json", "--format", "markdown")).toMatchObject({ exit: 2 });
  expect(await planned(project, "--format", "html")).toMatchObject({ exit: 2, stdout: "" });
});
