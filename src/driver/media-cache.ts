import { statSync } from "node:fs";
import { join } from "node:path";
import { SOURCE_VERSION } from "../base/version.ts";
import type { MediaFile } from "../storyboard/media-index.ts";
import { diskFiles, readText, writeWhole } from "../store/files.ts";

/** What tells one state of a file from another without reading it. */
export interface FileStamp {
  readonly size: number;
  readonly mtimeMs: number;
  /** Nobody can set it back, as `cp -p` does with the time of change. */
  readonly ctimeMs: number;
  readonly ino: number;
}

export type ReadFile = Extract<MediaFile, { kind: "read" }>;

interface Entry extends FileStamp {
  readonly file: ReadFile;
}

interface CacheRecord {
  readonly version: string;
  readonly entries: Readonly<Record<string, Entry>>;
}

/** A file written in the same tick as it was read may change again without its stamp showing it. */
const SETTLED_MS = 2000;

/** Follows links, as reading does. Undefined where there is no file. */
export function stampOf(path: string): FileStamp | undefined {
  const stat = statSync(path, { throwIfNoEntry: false });
  return stat?.isFile() ? pickStamp(stat) : undefined;
}

function pickStamp({ size, mtimeMs, ctimeMs, ino }: FileStamp): FileStamp {
  return { size, mtimeMs, ctimeMs, ino };
}

export function isSettled(stamp: FileStamp, now: number): boolean {
  return now - Math.max(stamp.mtimeMs, stamp.ctimeMs) > SETTLED_MS;
}

export function sameStamp(a: FileStamp, b: FileStamp): boolean {
  return a.size === b.size && a.mtimeMs === b.mtimeMs && a.ctimeMs === b.ctimeMs && a.ino === b.ino;
}

/** Digest and facts of media files, so that a second check reads none of them. A help, never a truth. */
export class MediaCache {
  readonly #path: string;
  readonly #version: string;
  readonly #entries: Map<string, Entry>;
  #changed = false;

  /** `hidden` is `.storyc`. What another version of storyc has written is not believed. */
  constructor(hidden: string, version: string) {
    this.#path = join(hidden, "cache", "media.json");
    this.#version = version;
    this.#entries = new Map(Object.entries(readEntries(this.#path, version)));
  }

  find(path: string, stamp: FileStamp): ReadFile | undefined {
    const entry = this.#entries.get(path);
    return entry && sameStamp(entry, stamp) ? entry.file : undefined;
  }

  remember(path: string, stamp: FileStamp, file: ReadFile, now: number): void {
    if (!isSettled(stamp, now)) return;
    this.#entries.set(path, { ...stamp, file });
    this.#changed = true;
  }

  /** A place that may not be written loses nothing but time. */
  save(): void {
    if (!this.#changed) return;
    const record: CacheRecord = { version: this.#version, entries: Object.fromEntries(this.#entries) };
    try {
      writeWhole(diskFiles, this.#path, JSON.stringify(record));
    } catch {
      return;
    }
  }
}

function readEntries(path: string, version: string): CacheRecord["entries"] {
  try {
    const record = JSON.parse(readText(diskFiles, path) ?? "") as CacheRecord;
    return record.version === version && version !== SOURCE_VERSION ? record.entries : {};
  } catch {
    return {};
  }
}
