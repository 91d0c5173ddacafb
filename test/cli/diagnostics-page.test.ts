import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { CATALOGUE } from "../../src/base/catalogue.ts";
import { diagnosticsPage } from "./diagnostics-page.ts";

const ROOT = join(import.meta.dirname, "../..");
const page = readFileSync(join(ROOT, "docs/diagnostics.md"), "utf8").replaceAll("\r\n", "\n");

test("docs/diagnostics.md is what `npm run docs` would write now", async () => {
  expect(page).toBe(await diagnosticsPage(ROOT));
});

test.each(Object.keys(CATALOGUE))("%s has an entry that shows it", (code) => {
  const [, entry = ""] = page.split(`\n## ${code}\n`);
  expect(entry.split("\n## ")[0]).toContain(`[${code}]: `);
});

test("no path of the machine that wrote it is in the page", () => {
  expect(page).not.toMatch(/\/(tmp|work|root|Users|private|var)\//);
});
