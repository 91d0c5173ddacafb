import { homedir } from "node:os";
import { join, resolve } from "node:path";
import { diagnose, hasErrors, type Diagnostic } from "../base/diagnostic.ts";
import { DEFAULT_PRICES, type PriceTable } from "../base/prices.ts";
import { createSource } from "../base/source.ts";
import type { Files } from "../store/files.ts";
import { readText } from "../store/files.ts";
import { buildPrices } from "../storyboard/prices.ts";
import { parse } from "../syntax/parse.ts";
import { checkPricesSchema } from "../syntax/prices-schema.ts";
import type { Environment } from "./options.ts";
import { shownPath } from "./project.ts";

interface ReadPrices {
  readonly prices: PriceTable;
  readonly diagnostics: readonly Diagnostic[];
}

/** Names a file of prices for this call. */
const PRICES_VARIABLE = "STORYC_PRICES";

/**
 * Whose prices count: the file that `STORYC_PRICES` names, then the storyboard's, then the person's own file, then
 * the list that storyc comes with. One whole table: prices of two currencies do not add up.
 */
export function readPrices(
  written: PriceTable | undefined,
  environment: Environment,
  cwd: string,
  files: Files,
): ReadPrices {
  const named = environment[PRICES_VARIABLE]?.trim();
  if (named) return readPricesFile(resolve(cwd, named), cwd, files) ?? missing(named);
  if (written) return { prices: written, diagnostics: [] };
  const own = readPricesFile(ownPricesPath(environment), cwd, files);
  return own ?? { prices: DEFAULT_PRICES, diagnostics: [] };
}

/** Where a person's own settings lie on this system. */
export function ownPricesPath(environment: Environment): string {
  const { APPDATA, XDG_CONFIG_HOME } = environment;
  const folder =
    process.platform === "win32" && APPDATA ? APPDATA : XDG_CONFIG_HOME || join(homedir(), ".config");
  return join(folder, "storyc", "prices.yaml");
}

/** Undefined when there is no such file. */
function readPricesFile(path: string, cwd: string, files: Files): ReadPrices | undefined {
  const name = shownPath(path, cwd);
  let text: string | undefined;
  try {
    text = readText(files, path);
  } catch (error) {
    return wrong([unreadable(`${name} cannot be read: ${(error as Error).message}`)]);
  }
  if (text === undefined) return undefined;
  const { tree, diagnostics } = parse(createSource(name, path, text));
  if (!tree || hasErrors(diagnostics)) return wrong(diagnostics);
  const problems = checkPricesSchema(tree);
  if (problems.length > 0) return wrong(problems);
  const built = buildPrices(tree.root);
  return built.prices ? { prices: built.prices, diagnostics: [] } : wrong(built.diagnostics);
}

function missing(named: string): ReadPrices {
  return wrong([unreadable(`there is no file ${named}`)]);
}

function unreadable(message: string): Diagnostic {
  return diagnose("file/unreadable", undefined, message, { help: `check the path in ${PRICES_VARIABLE}` });
}

/** With errors nothing is planned, so the table is not looked at. */
function wrong(diagnostics: readonly Diagnostic[]): ReadPrices {
  return { prices: DEFAULT_PRICES, diagnostics };
}
