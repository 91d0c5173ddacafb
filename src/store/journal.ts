import { dirname } from "node:path";
import { flushFolders, makeFolder, readText, writeAll, type Files } from "./files.ts";

/**
 * Lines of JSON, each flushed before `append` returns, so that what was written is there after a crash. Holds
 * what has happened since the lockfile was last written.
 */
export class Journal {
  readonly #files: Files;
  readonly #path: string;
  #fd: number | undefined;
  /** Bytes of the file that are for certain what they should be; unknown until it is first opened. */
  #sure: number | undefined;

  constructor(files: Files, path: string) {
    this.#files = files;
    this.#path = path;
  }

  append(entry: object): void {
    const fd = (this.#fd ??= this.#open());
    const line = Buffer.from(JSON.stringify(entry) + "\n");
    try {
      writeAll(this.#files, fd, line);
      this.#files.fsyncSync(fd);
      this.#sure = (this.#sure ?? 0) + line.length;
    } catch (error) {
      // Half a line may stand there, or a whole one that counts for nothing: the next append drops it.
      this.close();
      throw error;
    }
  }

  /** What a run that died has left, oldest first. A torn last line was never acted on, and is dropped. */
  read(): unknown[] {
    return readJournal(this.#files, this.#path);
  }

  /** To be called when the lockfile holds all that the journal says. */
  clear(): void {
    this.close();
    this.#sure = undefined;
    this.#files.rmSync(this.#path, { force: true });
  }

  close(): void {
    const fd = this.#fd;
    this.#fd = undefined;
    if (fd !== undefined) this.#files.closeSync(fd);
  }

  #open(): number {
    const folder = dirname(this.#path);
    makeFolder(this.#files, folder);
    this.#dropUnsure();
    const fd = this.#files.openSync(this.#path, "a");
    // The journal's own folder, `.storyc`, and the project's.
    flushFolders(this.#files, folder, 3);
    return fd;
  }

  /**
   * What an append has left that failed, or a run that died. A new line must not be glued to half of an old one, and
   * an entry whose flush failed must not be flushed by the next.
   */
  #dropUnsure(): void {
    const text = readText(this.#files, this.#path) ?? "";
    this.#sure ??= Buffer.byteLength(text.slice(0, text.lastIndexOf("\n") + 1));
    if (Buffer.byteLength(text) > this.#sure) this.#files.truncateSync(this.#path, this.#sure);
  }
}

/** The lines that a run has written whole; damage is thrown, since what it said may have been a paid task. */
export function readJournal(files: Files, path: string): unknown[] {
  return parseJournal(readText(files, path) ?? "").map((line, i) => {
    if (!("value" in line)) throw new Error(`line ${i + 1} of the journal ${path} is damaged`);
    return line.value;
  });
}

export interface JournalLine {
  /** Offset of its first character. */
  readonly start: number;
  readonly text: string;
  /** Absent where the line is not JSON. */
  readonly value?: unknown;
}

/** Without a torn last line. */
export function parseJournal(text: string): JournalLine[] {
  const lines: JournalLine[] = [];
  for (
    let start = 0, end = text.indexOf("\n");
    end !== -1;
    start = end + 1, end = text.indexOf("\n", start)
  ) {
    const line = text.slice(start, end);
    if (line !== "") lines.push({ start, text: line, ...parseLine(line) });
  }
  return lines;
}

function parseLine(line: string): { readonly value?: unknown } {
  try {
    return { value: JSON.parse(line) as unknown };
  } catch {
    return {};
  }
}
