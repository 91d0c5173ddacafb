import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";

/**
 * The path of a child's bundled entry, such as `media-child`. This module lies in `dist/` or `dist/chunks/` once
 * bundled, and in `src/media/` when tests run it from its source; the children are always the bundled ones, since
 * the oldest Node that must work cannot run TypeScript.
 */
export function childEntry(name: string): string {
  const places = [`./${name}.js`, `../${name}.js`, `../../dist/${name}.js`];
  const paths = places.map((place) => fileURLToPath(new URL(place, import.meta.url)));
  const found = paths.find((path) => existsSync(path));
  if (found === undefined) throw new Error(`${name}.js is not built (looked in ${paths.join(", ")})`);
  return found;
}
