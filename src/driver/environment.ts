import { readFileSync, statSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { parseEnv } from "node:util";
import { isLoopback } from "../base/loopback.ts";
import { isProvider, PROVIDER_VARIABLES, PROVIDERS, type Environment } from "./options.ts";
import { rootOf, shownPath } from "./project.ts";

/** The settings of a call, and where those come from that do not come from the process itself. */
export interface ReadEnvironment {
  readonly values: Environment;
  /** The `.env` in which a value stands, by its name. */
  readonly origins: ReadonlyMap<string, string>;
  /** Every `.env` that was read, the nearest first. */
  readonly files: readonly string[];
  /** Why the settings may not be used. */
  readonly problem?: string;
}

/**
 * The process's environment, above the `.env` beside the storyboard, above the one at the root of its git checkout.
 * The files are read, never written.
 */
export function readEnvironment(
  file: string | undefined,
  cwd: string,
  outer: Environment = process.env,
): ReadEnvironment {
  const named = resolve(cwd, file ?? ".");
  const folder = statSync(named, { throwIfNoEntry: false })?.isDirectory() ? named : dirname(named);
  const places = [...new Set([folder, rootOf(folder)])].map((place) => join(place, ".env"));
  const values: Record<string, string | undefined> = { ...outer };
  const origins = new Map<string, string>();
  const files: string[] = [];
  for (const path of places) {
    const text = readDotEnv(path, cwd);
    if (text === undefined) continue;
    files.push(shownPath(path, cwd));
    for (const [name, value] of Object.entries(parseDotEnv(text))) {
      if (values[name] !== undefined) continue;
      values[name] = value;
      origins.set(name, shownPath(path, cwd));
    }
  }
  const problem = unknownProvider(values) ?? strayKey(values, origins);
  return { values, origins, files, ...(problem !== undefined && { problem }) };
}

/** Values by name. As `node:util` reads them, but for the mark and the indentation that editors leave behind. */
export function parseDotEnv(text: string): Record<string, string | undefined> {
  const plain = text
    .replace(/^\uFEFF/, "")
    .replace(/\r\n?/g, "\n")
    .replace(/^[ \t]*(export[ \t]+)?(?=[A-Za-z_])/gm, "");
  return parseEnv(plain);
}

/** PowerShell writes UTF-16. Undefined when there is no such file. */
function readDotEnv(path: string, cwd: string): string | undefined {
  if (!statSync(path, { throwIfNoEntry: false })?.isFile()) return undefined;
  try {
    const bytes = readFileSync(path);
    return bytes[0] === 0xff && bytes[1] === 0xfe ? bytes.toString("utf16le") : bytes.toString("utf8");
  } catch (error) {
    throw new Error(`${shownPath(path, cwd)} cannot be read: ${(error as Error).message}`, { cause: error });
  }
}

/** Misspelt, the storyboard's provider would stand in its place, and that one may be paid. */
function unknownProvider(values: Environment): string | undefined {
  const named = values["STORYC_PROVIDER"];
  if (!named || isProvider(named)) return undefined;
  return `STORYC_PROVIDER is \`${named}\`; it can be ${PROVIDERS.join(", ")}`;
}

/**
 * A checkout must not be able to send the key of whoever works in it elsewhere: a base URL of its `.env` is for a
 * key of its `.env`. Nobody listens on loopback but this machine.
 */
function strayKey(values: Environment, origins: ReadonlyMap<string, string>): string | undefined {
  for (const { key, base } of Object.values(PROVIDER_VARIABLES)) {
    const [url, file] = [values[base]?.trim(), origins.get(base)];
    if (!url || file === undefined || !values[key]?.trim() || origins.has(key)) continue;
    if (URL.canParse(url) && isLoopback(new URL(url))) continue;
    return `${base} stands in ${file}, and ${key} in the environment: a key is sent only where whoever gave it said; put both into the same place`;
  }
  return undefined;
}
