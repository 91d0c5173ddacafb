import { readdirSync, readFileSync, statSync } from "node:fs";
import { basename, dirname } from "node:path";
import { diagnose, type Diagnostic } from "../base/diagnostic.ts";
import { digestOf } from "../base/digest.ts";
import { nearNames } from "../base/near.ts";
import type { Span } from "../base/source.ts";
import { filesOf, type MediaFile, type MediaIndex } from "../storyboard/media-index.ts";
import type { Storyboard } from "../storyboard/types.ts";
import { stampOf, type MediaCache } from "./media-cache.ts";
import { isInside } from "./project.ts";

export interface ReadMedia {
  readonly index: MediaIndex;
  readonly diagnostics: readonly Diagnostic[];
}

/** Reads every local file that the storyboards name. Nothing remote is fetched. `root` undefined: no bounds. */
export async function readMedia(
  storyboards: readonly Storyboard[],
  root: string | undefined,
  cache: MediaCache,
): Promise<ReadMedia> {
  const index = new Map<string, MediaFile>();
  const diagnostics: Diagnostic[] = [];
  for (const [path, span] of storyboards.flatMap((storyboard) => [...filesOf(storyboard)])) {
    if (index.has(path)) continue;
    if (root !== undefined && !isInside(path, root)) {
      diagnostics.push(outside(path, span));
      continue;
    }
    index.set(path, await readMediaFile(path, cache));
  }
  return { index, diagnostics };
}

async function readMediaFile(path: string, cache: MediaCache): Promise<MediaFile> {
  try {
    // A pipe or a device would be read for ever.
    if (!statSync(path).isFile())
      return { kind: "absent", reason: statSync(path).isDirectory() ? "is a folder" : "is not a file" };
    const stamp = stampOf(path);
    const known = stamp && cache.find(path, stamp);
    if (known) return known;
    const digest = digestOf(readFileSync(path));
    // Loaded for the first file only: a storyboard without media need not wait for the readers of all formats.
    const { probeMedia } = await import("../media/probe.ts");
    const file = { kind: "read", digest, facts: await probeMedia(path) } as const;
    if (stamp) cache.remember(path, stamp, file, Date.now());
    return file;
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === "ENOENT" || code === "ENOTDIR") return missing(path);
    return { kind: "absent", reason: `cannot be read: ${message}` };
  }
}

function missing(path: string): MediaFile {
  const [near] = nearNames(basename(path), siblingsOf(path));
  return { kind: "absent", reason: "does not exist", ...(near !== undefined && { near }) };
}

function siblingsOf(path: string): string[] {
  try {
    return readdirSync(dirname(path));
  } catch {
    return [];
  }
}

function outside(path: string, span: Span): Diagnostic {
  return diagnose("media/outside-root", span, `${path} is outside of the project`, {
    help: "copy it into the project, or allow it with `--allow-outside`",
  });
}
