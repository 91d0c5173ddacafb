import { readFileSync } from "node:fs";
import { afterAll, describe, expect, test } from "vitest";
import { createProgram } from "../../src/cli/program.ts";
import { createSource } from "../../src/base/source.ts";
import { FAULT_POINTS } from "../../src/emulator/faults/fault.ts";
import { readFaults } from "../../src/emulator/faults/read-faults.ts";
import { FAULT_WORDS, faultsInWords } from "../../src/emulator/faults/words.ts";
import { SHAPES } from "../../src/emulator/shapes/shapes.ts";
import { call, folders, startQuick } from "./client.ts";

const { folder, remove } = folders();
afterAll(remove);

const page = readFileSync(new URL("../../docs/emulator.md", import.meta.url), "utf8");

/** The part under a heading, up to the next one. */
function section(title: string): string {
  const [, rest = ""] = page.split(`\n## ${title}\n`);
  expect(rest).not.toBe("");
  return rest.split("\n## ")[0] ?? "";
}

/** What stands in the first column of a section's table, in code. */
const firstColumn = (title: string): string[] =>
  [...section(title).matchAll(/^\| ([^|]*`[^|]*)\|/gm)].flatMap(([, cell = ""]) =>
    [...cell.matchAll(/`([^`]+)`/g)].map(([, code = ""]) => code),
  );

const emulator = createProgram("0", () => Promise.resolve()).commands.find(
  (one) => one.name() === "emulator",
);

describe("docs/emulator.md", () => {
  test("names every option of the command, and no other", () => {
    const known = emulator?.options.map(({ long }) => long).sort();
    expect(
      firstColumn("Options")
        .map((code) => code.split(" ")[0])
        .sort(),
    ).toEqual(known);
    const used = [...page.matchAll(/storyc emulator ([^\n`]*)/g)].flatMap(([, rest = ""]) =>
      [...rest.matchAll(/--[a-z-]+/g)].map(([flag]) => flag),
    );
    expect(used.filter((flag) => !known?.includes(flag))).toEqual([]);
  });

  test("names every shape, as the command does", () => {
    const shapes = Object.keys(SHAPES);
    expect(firstColumn("Shapes").filter((code) => code !== "--shape")).toEqual(shapes);
    expect(emulator?.options.find(({ long }) => long === "--shape")?.argChoices).toEqual(shapes);
  });

  test("names every word that makes a fault, and each of its examples is one", () => {
    const examples = [...section("Faults in a prompt").matchAll(/\[\[[^\]]+\]\]/g)].map(
      ([example]) => example,
    );
    for (const example of examples) {
      const { faults, wrong } = faultsInWords(example);
      expect([example, faults.length, wrong]).toEqual([example, 1, []]);
    }
    const words = examples.flatMap((example) => example.slice(2, -2).split(" "));
    expect(Object.keys(FAULT_WORDS).filter((word) => !words.includes(word))).toEqual([]);
  });

  test("has a file of faults that is read without a mistake, and names every place", () => {
    const [, yaml = ""] = /```yaml\n([^]*?)```/.exec(section("Faults in a file")) ?? [];
    const { faults, diagnostics } = readFaults(createSource("f.yaml", "", yaml));
    expect(diagnostics).toEqual([]);
    expect(faults.length).toBeGreaterThan(10);
    for (const point of FAULT_POINTS) expect(section("Faults in a file")).toContain(`\`${point}\``);
  });

  test("names every count", async () => {
    const running = await startQuick({ folder: folder() });
    const { json } = await call(running.url, "GET", "/__stats");
    await running.close();
    expect(firstColumn("Counts").sort()).toEqual(Object.keys(json as object).sort());
  });

  test("names routes that are there", async () => {
    const running = await startQuick({ folder: folder() });
    const named = [...section("Routes").matchAll(/^\| `(GET|POST|PUT|DELETE) ([^`?]+)[^|]*\|/gm)];
    expect(named).toHaveLength(14);
    for (const [, method = "", path = ""] of named) {
      const { json } = await call(running.url, method, path, method === "GET" ? undefined : {});
      expect(JSON.stringify(json)).not.toContain("no route");
    }
    await running.close();
  });
});
