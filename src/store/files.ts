import * as nodeFs from "node:fs";
import { dirname } from "node:path";

/** The file system as storyc uses it; `memfs` stands in for it in tests. */
export type Files = Pick<
  typeof nodeFs,
  | "closeSync"
  | "existsSync"
  | "fsyncSync"
  | "linkSync"
  | "copyFileSync"
  | "mkdirSync"
  | "openSync"
  | "readFileSync"
  | "readdirSync"
  | "renameSync"
  | "rmSync"
  | "statSync"
  | "writeSync"
  | "readSync"
  | "truncateSync"
>;

export const diskFiles: Files = nodeFs;

/** Reads a text; undefined when there is no such file. Every other failure is thrown. */
export function readText(files: Files, path: string): string | undefined {
  try {
    return files.readFileSync(path, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
}

/**
 * The file has either its old or its new content, whatever dies when: written under another name, flushed,
 * renamed, and the folder flushed, since a rename that only the cache knows is gone with the power.
 */
export function writeWhole(files: Files, path: string, content: string | Uint8Array): void {
  makeFolder(files, dirname(path));
  const temporary = `${path}.${process.pid}.tmp`;
  try {
    const fd = files.openSync(temporary, "w");
    try {
      writeAll(files, fd, typeof content === "string" ? Buffer.from(content) : content);
      files.fsyncSync(fd);
    } finally {
      files.closeSync(fd);
    }
    files.renameSync(temporary, path);
  } catch (error) {
    files.rmSync(temporary, { force: true });
    throw error;
  }
  flushFolder(files, dirname(path));
}

/** A write may take less than it was given: a full disk shows itself only with the next one. */
export function writeAll(files: Files, fd: number, bytes: Uint8Array): void {
  for (let at = 0; at < bytes.length;) at += files.writeSync(fd, bytes, at, bytes.length - at);
}

const CHUNK_BYTES = 1024 * 1024;

/** A file piece by piece, so that none is ever whole in memory. */
export function* readChunks(files: Files, path: string): Generator<Uint8Array> {
  const fd = files.openSync(path, "r");
  try {
    for (;;) {
      const chunk = Buffer.alloc(CHUNK_BYTES);
      const read = files.readSync(fd, chunk, 0, chunk.length, null);
      if (read === 0) return;
      yield chunk.subarray(0, read);
    }
  } finally {
    files.closeSync(fd);
  }
}

/** Makes a folder that outlives a loss of power: a folder's name is kept by the flush of the one that holds it. */
export function makeFolder(files: Files, folder: string): void {
  const missing: string[] = [];
  for (let at = folder; at !== dirname(at) && !files.existsSync(at); at = dirname(at)) missing.push(at);
  if (missing.length === 0) return;
  files.mkdirSync(folder, { recursive: true });
  for (const made of missing) flushFolder(files, dirname(made));
}

/**
 * A folder and those above it, `.storyc` and the one that it lies in among them. One that is there already may have
 * been made by a run that was killed before it could flush the name.
 */
export function flushFolders(files: Files, folder: string, levels: number): void {
  for (let at = folder, level = 0; level < levels && at !== dirname(at); at = dirname(at), level++)
    flushFolder(files, at);
}

/** Windows cannot open a folder, and does not need to. */
export function flushFolder(files: Files, folder: string): void {
  if (process.platform === "win32") return;
  const fd = files.openSync(folder, "r");
  try {
    files.fsyncSync(fd);
  } finally {
    files.closeSync(fd);
  }
}
