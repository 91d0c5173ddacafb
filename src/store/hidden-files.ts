import { join } from "node:path";
import type { Digest } from "../base/digest.ts";
import type { Files } from "./files.ts";

/** A file in `.storyc`. */
export interface HiddenFile {
  readonly path: string;
  readonly bytes: number;
  /** Names under which the disk knows the same bytes: those under `renders/` too. */
  readonly links: number;
}

/** Clips by their digest. What is not named by one is left alone. */
export function listClips(files: Files, hidden: string): Map<Digest, HiddenFile> {
  const clips = new Map<Digest, HiddenFile>();
  for (const file of filesBelow(files, join(hidden, "objects"))) {
    const digest = /([0-9a-f]{64})\.mp4$/.exec(file.path)?.[1];
    if (digest !== undefined) clips.set(digest, file);
  }
  return clips;
}

/** Stills, each with the digest of its clip. */
export function listStills(
  files: Files,
  hidden: string,
): { readonly clip: Digest; readonly file: HiddenFile }[] {
  return filesBelow(files, join(hidden, "stills")).flatMap((file) => {
    const clip = /([0-9a-f]{64})\.(first|last)\.png$/.exec(file.path)?.[1];
    return clip === undefined ? [] : [{ clip, file }];
  });
}

/** What a process that died has left: clips half received, and files that never got their name. */
export function listHalves(files: Files, hidden: string): HiddenFile[] {
  const temporary = ["objects", "takes", "journal", "renders", "cache", "stills", "runs"].flatMap((folder) =>
    filesBelow(files, join(hidden, folder)).filter(({ path }) => path.endsWith(".tmp")),
  );
  return [...filesBelow(files, join(hidden, "incoming")), ...temporary];
}

export function filesBelow(files: Files, folder: string): HiddenFile[] {
  if (!files.existsSync(folder)) return [];
  return files
    .readdirSync(folder)
    .map(String)
    .sort()
    .flatMap((name) => {
      const path = join(folder, name);
      const stat = files.statSync(path, { throwIfNoEntry: false });
      if (!stat) return [];
      return stat.isDirectory() ? filesBelow(files, path) : [{ path, bytes: stat.size, links: stat.nlink }];
    });
}
