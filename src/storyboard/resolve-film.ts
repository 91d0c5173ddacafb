import { diagnose, type Diagnostic } from "../base/diagnostic.ts";
import { nearNames } from "../base/near.ts";
import type { Film, Located, Scene } from "./types.ts";
import type { WrittenFilm } from "./written.ts";

export function resolveFilm(
  written: WrittenFilm,
  name: string,
  scenes: ReadonlyMap<string, Scene>,
  diagnostics: Diagnostic[],
): Film {
  for (const scene of written.scenes ?? []) {
    if (!scenes.has(scene.value)) diagnostics.push(unknownScene(scene, scenes));
  }
  return {
    output: written.output?.value ?? `${name}.mp4`,
    joints: { dropBefore: written.dropBefore, dropAfter: written.dropAfter },
    ...(written.scenes && { scenes: written.scenes }),
  };
}

function unknownScene({ value, span }: Located<string>, scenes: ReadonlyMap<string, Scene>): Diagnostic {
  const [near] = nearNames(value, scenes.keys());
  const similar = near === undefined ? undefined : scenes.get(near);
  return diagnose("resolve/unknown-name", span, `no scene is named \`${value}\``, {
    note: "named in the film",
    labels: similar ? [{ span: similar.span, message: "a scene with a similar name is declared here" }] : [],
    help: near ? `write \`${near}\`` : "name one of the storyboard's scenes",
  });
}
