import { join } from "node:path";
import { canonicalJson, digestOf, type Digest } from "../base/digest.ts";
import type { CutPart } from "../film/cut.ts";
import { readText, writeWhole, type Files } from "../store/files.ts";
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
export function filmIsCurrent(compiled: Compiled, kind: RunKind, recipe: Digest, files: Files): boolean {
  const { film } = readRecord(compiled, kind, files);
  const path = filmPath(compiled, kind);
  if (film?.recipe !== recipe || !files.existsSync(path)) return false;
  const { size, mtimeMs } = files.statSync(path);
  return size === film.bytes && mtimeMs === film.mtimeMs;
}

export function recordFilm(compiled: Compiled, kind: RunKind, recipe: Digest, files: Files): void {
  const { size, mtimeMs } = files.statSync(filmPath(compiled, kind));
  const film = { recipe, bytes: size, mtimeMs };
  writeRecord(compiled, kind, { ...readRecord(compiled, kind, files), film }, files);
}

/** Shows each selected clip under its scene's name. Untouched where it stands already. */
export function exposeClips(
  compiled: Compiled,
  kind: RunKind,
  store: ObjectStore,
  clips: ReadonlyMap<string, Digest | undefined>,
  files: Files,
): void {
  const record = readRecord(compiled, kind, files);
  const scenes: Record<string, Digest> = { ...record.scenes };
  let changed = false;
  for (const [scene, digest] of clips) {
    const path = scenePath(compiled, kind, scene);
    if (digest === undefined || (scenes[scene] === digest && files.existsSync(path)) || !store.has(digest))
      continue;
    store.expose(digest, path);
    scenes[scene] = digest;
    changed = true;
  }
  if (changed) writeRecord(compiled, kind, { ...record, scenes }, files);
}

function readRecord({ project, storyboard }: Compiled, kind: RunKind, files: Files): RendersRecord {
  try {
    return JSON.parse(
      readText(files, rendersRecordPath(project, kind, storyboard.variant)) ?? "",
    ) as RendersRecord;
  } catch {
    return { scenes: {} };
  }
}

function writeRecord(
  { project, storyboard }: Compiled,
  kind: RunKind,
  record: RendersRecord,
  files: Files,
): void {
  writeWhole(
    files,
    rendersRecordPath(project, kind, storyboard.variant),
    JSON.stringify(record, null, 2) + "\n",
  );
}
