import { existsSync, statSync } from "node:fs";
import { join } from "node:path";
import { canonicalJson, digestOf, type Digest } from "../base/digest.ts";
import type { CutPart } from "../film/cut.ts";
import { diskFiles, readText, writeWhole } from "../store/files.ts";
import type { ObjectStore } from "../store/objects.ts";
import type { Compiled } from "./check.ts";
import { rendersPath, rendersRecordPath, type RunKind } from "./project.ts";

/** What was put into `renders/` last, so that a rerun can tell that it still stands. */
interface RendersRecord {
  readonly film?: { readonly recipe: Digest; readonly bytes: number; readonly mtimeMs: number };
  /** Digest of the clip shown under a scene's name. */
  readonly scenes: Readonly<Record<string, Digest>>;
}

export function filmPath({ project, storyboard }: Compiled, kind: RunKind): string {
  return join(rendersPath(project, kind, storyboard.variant), storyboard.film.output);
}

export function scenePath({ project, storyboard }: Compiled, kind: RunKind, scene: string): string {
  return join(rendersPath(project, kind, storyboard.variant), `${scene}.mp4`);
}

/** The digest of all that makes the film what it is. */
export function filmRecipe(cut: readonly CutPart[], clipOf: (scene: string) => Digest): Digest {
  return digestOf(
    canonicalJson({
      film: 1,
      parts: cut.map((part) => ({ ...part, scene: undefined, clip: clipOf(part.scene) })),
    }),
  );
}

/** True when the file that stands there is the one that was made from this recipe. */
export function filmIsCurrent(compiled: Compiled, kind: RunKind, recipe: Digest): boolean {
  const { film } = readRecord(compiled, kind);
  const path = filmPath(compiled, kind);
  if (film?.recipe !== recipe || !existsSync(path)) return false;
  const { size, mtimeMs } = statSync(path);
  return size === film.bytes && mtimeMs === film.mtimeMs;
}

export function recordFilm(compiled: Compiled, kind: RunKind, recipe: Digest): void {
  const { size, mtimeMs } = statSync(filmPath(compiled, kind));
  writeRecord(compiled, kind, {
    ...readRecord(compiled, kind),
    film: { recipe, bytes: size, mtimeMs },
  });
}

/** Shows each selected clip under its scene's name. Untouched where it stands already. */
export function exposeClips(
  compiled: Compiled,
  kind: RunKind,
  store: ObjectStore,
  clips: ReadonlyMap<string, Digest | undefined>,
): void {
  const record = readRecord(compiled, kind);
  const scenes: Record<string, Digest> = { ...record.scenes };
  let changed = false;
  for (const [scene, digest] of clips) {
    const path = scenePath(compiled, kind, scene);
    if (digest === undefined || (scenes[scene] === digest && existsSync(path)) || !store.has(digest))
      continue;
    store.expose(digest, path);
    scenes[scene] = digest;
    changed = true;
  }
  if (changed) writeRecord(compiled, kind, { ...record, scenes });
}

function readRecord({ project, storyboard }: Compiled, kind: RunKind): RendersRecord {
  try {
    return JSON.parse(
      readText(diskFiles, rendersRecordPath(project, kind, storyboard.variant)) ?? "",
    ) as RendersRecord;
  } catch {
    return { scenes: {} };
  }
}

function writeRecord({ project, storyboard }: Compiled, kind: RunKind, record: RendersRecord): void {
  writeWhole(
    diskFiles,
    rendersRecordPath(project, kind, storyboard.variant),
    JSON.stringify(record, null, 2) + "\n",
  );
}
