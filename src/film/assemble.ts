import { mkdirSync } from "node:fs";
import { dirname } from "node:path";
import { joinClips } from "../media/join.ts";
import type { CutPart } from "./cut.ts";

export type Assembled =
  /** `seconds` of the film. */
  | { readonly kind: "joined"; readonly seconds: number }
  | { readonly kind: "cannot-join"; readonly reason: string };

/** Joins the clips of a cut without re-encoding them. Nothing half-written stands under `output`. */
export async function assembleFilm(
  parts: readonly (CutPart & { readonly path: string })[],
  output: string,
): Promise<Assembled> {
  mkdirSync(dirname(output), { recursive: true });
  const joined = await joinClips(parts, output);
  if (joined.kind === "joined") return { kind: "joined", seconds: joined.seconds };
  const scene = parts[joined.part]?.scene ?? "";
  return {
    kind: "cannot-join",
    reason: `the clip of \`${scene}\` cannot be joined to the ones before it: ${joined.reason}`,
  };
}
