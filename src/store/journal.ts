import { dirname } from "node:path";
import { flushFolder, makeFolder, readText, writeAll, type Files } from "./files.ts";

/**
 * Lines of JSON, each flushed before `append` returns, so that what was written is there after a crash. Holds
 * what has happened since the lockfile was last written.
 */
export class Journal {
  readonly #files: Files;
  readonly #path: string;
  #fd: number | undefined;

  constructor(files: Files, path: string) {
    this.#files = files;
    this.#path = path;
  }

  append(entry: object): void {
    const fd = (this.#fd ??= this.#open());
    try {
      writeAll(this.#files, fd, Buffer.from(JSON.stringify(entry) + "\n"));
      this.#files.fsyncSync(fd);
    } catch (error) {
      // Half a line may stand there: the next append opens the file anew, and drops it.
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
    this.#dropTornLine();
    const fd = this.#files.openSync(this.#path, "a");
    flushFolder(this.#files, folder);
    return fd;
  }

  /** A new line must not be glued to half of an old one: both would be lost. */
  #dropTornLine(): void {
    const text = readText(this.#files, this.#path);
    if (text === undefined || text === "" || text.endsWith("\n")) return;
    this.#files.truncateSync(this.#path, Buffer.byteLength(text.slice(0, text.lastIndexOf("\n") + 1)));
  }
}

export function readJournal(files: Files, path: string): unknown[] {
  const text = readText(files, path) ?? "";
  return text
    .slice(0, text.lastIndexOf("\n") + 1)
    .split("\n")
    .filter((line) => line !== "")
    .map((line): unknown => JSON.parse(line));
}
