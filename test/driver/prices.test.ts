import { homedir } from "node:os";
import { expect, test } from "vitest";
import { DEFAULT_PRICES, type PriceTable } from "../../src/base/prices.ts";
import { diagnosticJson } from "../../src/cli/diagnostic-json.ts";
import { ownPricesPath, readPrices } from "../../src/driver/prices.ts";
import { writeWhole, type Files } from "../../src/store/files.ts";
import { memoryFiles } from "../support/memory-files.ts";

const CWD = "/project/film";
const OWN = "/home/me/.config/storyc/prices.yaml";
const ENVIRONMENT = { XDG_CONFIG_HOME: "/home/me/.config" };
const WRITTEN: PriceTable = { ...DEFAULT_PRICES, from: "film.yaml" };

function table(plain: number, more = ""): string {
  return `currency: EUR\nas_of: 2026-11\n${more}seedance-2.0-mini: { plain: ${plain}, with_video: 1 }\n`;
}

function disk(texts: Readonly<Record<string, string>>): Files {
  const files = memoryFiles();
  for (const [path, text] of Object.entries(texts)) writeWhole(files, path, text);
  return files;
}

test("the file that STORYC_PRICES names stands above the storyboard's prices, those above one's own file", () => {
  const files = disk({ "/project/film/contract.yaml": table(9), [OWN]: table(8) });
  const named = { ...ENVIRONMENT, STORYC_PRICES: "contract.yaml" };
  expect(readPrices(WRITTEN, named, CWD, files).prices).toEqual({
    currency: "EUR",
    asOf: "2026-11",
    from: "contract.yaml",
    rates: { "seedance-2.0-mini": { plain: 9, withVideo: 1 } },
  });
  expect(readPrices(WRITTEN, ENVIRONMENT, CWD, files).prices).toBe(WRITTEN);
  expect(readPrices(undefined, ENVIRONMENT, CWD, files).prices).toMatchObject({
    from: OWN,
    rates: { "seedance-2.0-mini": { plain: 8 } },
  });
  expect(readPrices(undefined, ENVIRONMENT, CWD, disk({})).prices).toBe(DEFAULT_PRICES);
});

test("a currency alone takes the maker's list in it", () => {
  const files = disk({ [OWN]: "currency: CNY\n" });
  expect(readPrices(undefined, ENVIRONMENT, CWD, files).prices).toMatchObject({
    currency: "CNY",
    rates: { "seedance-2.0-mini": { plain: 23, withVideo: 14 } },
  });
});

test.each([
  ["currency: EUR\n", "prices/incomplete", "there is no price list in EUR", 1],
  ["currency: USD\nas_of: 2026-11\n", "prices/incomplete", "there is a date, but no rates that are of it", 2],
  [table(3, "sedance-2.0-mini: 3\n"), "schema/unknown-key", "there is no key `sedance-2.0-mini` here", 3],
  [table(-1), "schema/value", "`plain` must be at least 0", 3],
  ["", "schema/type", "the file of prices must be a mapping, not empty", 1],
  ["a: b: c\n", "syntax/yaml", expect.any(String), 1],
])("what is wrong with a file of prices is told with its place: %j", (text, code, message, line) => {
  const { diagnostics } = readPrices(undefined, ENVIRONMENT, CWD, disk({ [OWN]: text }));
  const [first] = diagnostics.map(diagnosticJson);
  expect(first).toMatchObject({ code, message, line, file: OWN });
});

test("a file that is named and not there is an error, one's own need not be", () => {
  const { diagnostics } = readPrices(WRITTEN, { STORYC_PRICES: "gone.yaml" }, CWD, disk({}));
  expect(diagnostics.map(diagnosticJson)).toEqual([
    expect.objectContaining({
      code: "file/unreadable",
      message: "there is no file gone.yaml",
      help: "check the path in STORYC_PRICES",
    }),
  ]);
});

test.runIf(process.platform !== "win32")("one's own file lies where settings lie", () => {
  expect(ownPricesPath({ XDG_CONFIG_HOME: "/etc/mine" })).toBe("/etc/mine/storyc/prices.yaml");
  expect(ownPricesPath({})).toBe(`${homedir()}/.config/storyc/prices.yaml`);
});
