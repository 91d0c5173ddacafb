import { diagnose, type Diagnostic } from "../base/diagnostic.ts";
import { nearNames } from "../base/near.ts";
import { foldName } from "./names.ts";
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
  const output = written.output?.value ?? `${name}.mp4`;
  const filmName = foldName(output.replace(/\.mp4$/i, ""));
  const taken = [...scenes.values()].find(({ id }) => foldName(id) === filmName);
  if (taken) diagnostics.push(outputTaken(output, taken, written.output));
  return {
    output,
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

/** Clips lie beside the film, each under its scene's name. */
function outputTaken(output: string, scene: Scene, written: Located<string> | undefined): Diagnostic {
  return diagnose(
    "film/output-taken",
    written?.span ?? scene.span,
    `the film and the clip of scene \`${scene.id}\` would both be ${output}`,
    {
      labels: written ? [{ span: scene.span, message: "this scene's clip has the name" }] : [],
      help: "give the film another name under `film: { output: … }`",
    },
  );
}
