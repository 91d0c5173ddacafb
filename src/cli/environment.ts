import { readEnvironment } from "../driver/environment.ts";
import type { Environment } from "../driver/options.ts";
import { UsageError } from "./exit.ts";

/** The settings of a call about a storyboard: the environment's, above those of `.env` files. */
export function loadEnvironment(file: string | undefined): Environment {
  const { values, problem } = readEnvironment(file, process.cwd());
  if (problem !== undefined) throw new UsageError(problem);
  return values;
}
