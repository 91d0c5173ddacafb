import { join } from "node:path";
import type { Digest } from "../base/digest.ts";
import { readText, type Files } from "../store/files.ts";
import { filesBelow, listClips, listHalves, listStills, type HiddenFile } from "../store/hidden-files.ts";
import { digestsIn } from "./git-reach.ts";

/** A file that nothing needs. */
export interface Garbage extends HiddenFile {
  readonly kind: "clip" | "still" | "half" | "record" | "emulator";
}

/** What names clips, and so keeps them. */
export interface Needed {
  /** By lockfiles and journals. */
  readonly locked: ReadonlySet<Digest>;
  /** By the record of all takes alone. */
  readonly remembered: ReadonlySet<Digest>;
}

export interface Sorted {
  readonly garbage: readonly Garbage[];
  readonly kept: readonly HiddenFile[];
  /** Of those, what only the record names. */
  readonly onlyRemembered: readonly HiddenFile[];
}

/** Tells what is needed in `.storyc` from what is not. Writes nothing. */
export function sortHidden(files: Files, hidden: string, { locked, remembered }: Needed): Sorted {
  const clips = listClips(files, hidden);
  const isNeeded = (digest: Digest): boolean => locked.has(digest) || remembered.has(digest);
  const kept = [...clips].filter(([digest]) => isNeeded(digest));
  const garbage: Garbage[] = [...clips].flatMap(([digest, file]): Garbage[] =>
    isNeeded(digest) ? [] : [{ kind: "clip", ...file }],
  );
  for (const { clip, file } of listStills(files, hidden))
    if (!clips.has(clip) || !isNeeded(clip)) garbage.push({ kind: "still", ...file });
  for (const file of listHalves(files, hidden)) garbage.push({ kind: "half", ...file });
  return {
    garbage,
    kept: kept.map(([, file]) => file),
    onlyRemembered: kept.filter(([digest]) => !locked.has(digest)).map(([, file]) => file),
  };
}

/** The files of the record, each with the clips of its takes. */
export function listRecords(
  files: Files,
  hidden: string,
  kind: "paid" | "rehearsal",
): { readonly file: HiddenFile; readonly clips: readonly Digest[] }[] {
  const records = filesBelow(files, join(hidden, "takes", kind)).filter(({ path }) => path.endsWith(".json"));
  return records.map((file) => ({ file, clips: clipsIn(readText(files, file.path) ?? "") }));
}

/** A record that cannot be read names what it can. */
function clipsIn(text: string): Digest[] {
  try {
    const takes = JSON.parse(text) as readonly ({ readonly clip?: { readonly sha256?: unknown } } | null)[];
    const digests = takes.map((take) => take?.clip?.sha256);
    return digests.filter((digest): digest is Digest => typeof digest === "string");
  } catch {
    return digestsIn(text);
  }
}
