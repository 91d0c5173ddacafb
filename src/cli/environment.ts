import { existsSync, readFileSync, statSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { parseEnv } from "node:util";
import type { Environment } from "../driver/options.ts";

/** The process's environment over the `.env` beside the storyboard. The file is read, never written. */
export function loadEnvironment(file: string | undefined): Environment {
  const path = resolve(file ?? ".");
  const folder = existsSync(path) && statSync(path).isDirectory() ? path : dirname(path);
  const dotEnv = join(folder, ".env");
  const written = existsSync(dotEnv) ? parseEnv(readFileSync(dotEnv, "utf8")) : {};
  return { ...written, ...process.env };
}
