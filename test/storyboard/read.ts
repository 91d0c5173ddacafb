import { digestOf } from "../../src/base/digest.ts";
import type { Diagnostic } from "../../src/base/diagnostic.ts";
import type { MediaFacts } from "../../src/base/media-facts.ts";
import { createSource } from "../../src/base/source.ts";
import { build } from "../../src/storyboard/build.ts";
import { filesOf, type MediaFile } from "../../src/storyboard/media-index.ts";
import { resolveStoryboard } from "../../src/storyboard/resolve.ts";
import { checkRules } from "../../src/storyboard/rules.ts";
import type { Scene, Storyboard } from "../../src/storyboard/types.ts";
import { parse } from "../../src/syntax/parse.ts";
import { checkSchema } from "../../src/syntax/schema.ts";

export interface Read {
  readonly diagnostics: readonly Diagnostic[];
  readonly storyboard: Storyboard;
  readonly media: ReadonlyMap<string, MediaFile>;
}

/** Facts for each path by its ending; a test gives its own by the path as written. */
const FACTS: Record<string, MediaFacts> = {
  png: { kind: "image", format: "png", bytes: 1000, width: 1280, height: 720 },
  mp4: {
    kind: "video",
    format: "mp4",
    bytes: 1000,
    width: 864,
    height: 496,
    seconds: 5,
    fps: 24,
    frames: 120,
    sound: true,
  },
  wav: { kind: "audio", format: "wav", bytes: 1000, seconds: 4 },
};

/** A text through all phases that need no disk: each file that it names is there, its digest made of its path. */
export function readText(
  text: string,
  facts: Readonly<Record<string, MediaFacts>> = {},
  path = "/film/film.yaml",
): Read {
  const source = createSource("film.yaml", path, text);
  const { tree, diagnostics } = parse(source);
  if (!tree) throw new Error(`not YAML: ${diagnostics.map(({ message }) => message).join("; ")}`);
  const built = build([tree]);
  const resolved = resolveStoryboard(source, built.written);
  const { storyboard } = resolved;
  const media = new Map<string, MediaFile>();
  for (const [file, span] of filesOf(storyboard)) {
    const written = span.source.text.slice(span.start, span.end);
    const found = facts[written] ?? FACTS[file.split(".").at(-1) ?? ""];
    if (found) media.set(file, { kind: "read", digest: digestOf(written), facts: found });
    else media.set(file, { kind: "absent", reason: "does not exist" });
  }
  const rules = checkRules(storyboard, media);
  return {
    storyboard,
    media,
    diagnostics: [...checkSchema(tree), ...built.diagnostics, ...resolved.diagnostics, ...rules],
  };
}

const ASSETS = `assets:
  keeper: { images: [./face.png, ./full.png] }
  tower: { image: ./tower.png, description: a white lighthouse }
  waves: { audio: ./waves.wav }
  dolly: { video: ./dolly.mp4 }
`;

/** A storyboard of these scenes, one a line, with four assets to refer to. */
export function board(...scenes: readonly string[]): string {
  return `version: 1\n${ASSETS}scenes:\n${scenes.map((scene) => `  - ${scene}\n`).join("")}`;
}

export function sceneIn({ storyboard }: Read, id: string): Scene {
  const scene = storyboard.scenes.find((one) => one.id === id);
  if (!scene) throw new Error(`no scene ${id}`);
  return scene;
}
