import { createHash, randomUUID } from "node:crypto";
import { dirname, join } from "node:path";
import type { Digest } from "../base/digest.ts";
import { flushFolders, makeFolder, readChunks, writeAll, type Files } from "./files.ts";

/**
 * Bytes by their SHA-256 in `.storyc/objects/`. What stands under a digest has been verified and is never
 * written again; what is still arriving stands in `.storyc/incoming/`.
 */
export class ObjectStore {
  readonly #files: Files;
  readonly #folder: string;

  /** `folder` is `.storyc`. */
  constructor(files: Files, folder: string) {
    this.#files = files;
    this.#folder = folder;
  }

  /** Where the bytes of a digest are, or would be. Clips keep their ending, so that players know them. */
  pathOf(digest: Digest): string {
    return join(this.#folder, "objects", digest.slice(0, 2), `${digest}.mp4`);
  }

  has(digest: Digest): boolean {
    return this.#files.existsSync(this.pathOf(digest));
  }

  /** The bytes of a digest, from the beginning with each call. */
  chunks(digest: Digest): Iterable<Uint8Array> {
    return readChunks(this.#files, this.pathOf(digest));
  }

  /** A place for bytes that arrive piece by piece. */
  receive(): Incoming {
    return new Incoming(this.#files, join(this.#folder, "incoming", `${randomUUID()}.part`), (digest) =>
      this.pathOf(digest),
    );
  }

  /** What a run that died has left half received: its bytes are named by nobody. */
  sweepIncoming(): void {
    this.#files.rmSync(join(this.#folder, "incoming"), { recursive: true, force: true });
  }

  /** Makes the bytes readable under a name that people know. A link where the disk can, else a copy. */
  expose(digest: Digest, path: string): void {
    const temporary = `${path}.${process.pid}.tmp`;
    this.#files.mkdirSync(dirname(path), { recursive: true });
    this.#files.rmSync(temporary, { force: true });
    try {
      this.#files.linkSync(this.pathOf(digest), temporary);
    } catch {
      this.#files.copyFileSync(this.pathOf(digest), temporary);
    }
    this.#files.renameSync(temporary, path);
    // Renaming one link of a file over another link of the same file does nothing and leaves both.
    this.#files.rmSync(temporary, { force: true });
  }
}

/** Bytes on their way into the store. */
export class Incoming {
  readonly #files: Files;
  readonly #pathOf: (digest: Digest) => string;
  #hash = createHash("sha256");
  #fd: number;
  #received = 0;
  readonly path: string;

  constructor(files: Files, path: string, pathOf: (digest: Digest) => string) {
    this.#files = files;
    this.#pathOf = pathOf;
    this.path = path;
    makeFolder(files, dirname(path));
    this.#fd = files.openSync(path, "w");
  }

  get received(): number {
    return this.#received;
  }

  write(chunk: Uint8Array): void {
    writeAll(this.#files, this.#fd, chunk);
    this.#hash.update(chunk);
    this.#received += chunk.length;
  }

  /** Begins anew: the server would not go on where the bytes broke off. */
  restart(): void {
    this.#close();
    this.#fd = this.#files.openSync(this.path, "w");
    this.#hash = createHash("sha256");
    this.#received = 0;
  }

  /** Flushes and closes; the bytes can now be looked at, and are not in the store yet. */
  finish(): { readonly digest: Digest; readonly bytes: number } {
    this.#files.fsyncSync(this.#fd);
    this.#close();
    return { digest: this.#hash.digest("hex"), bytes: this.#received };
  }

  /** Puts finished bytes under their digest. The same bytes may be there already, and stay. */
  keep(digest: Digest): void {
    const path = this.#pathOf(digest);
    makeFolder(this.#files, dirname(path));
    if (this.#files.existsSync(path)) this.#files.rmSync(this.path, { force: true });
    else this.#files.renameSync(this.path, path);
    // The folder of these digests, that of all objects, and `.storyc`.
    flushFolders(this.#files, dirname(path), 3);
  }

  discard(): void {
    this.#close();
    this.#files.rmSync(this.path, { force: true });
  }

  /** Once only: by a second close of its number another file could be closed. */
  #close(): void {
    const fd = this.#fd;
    this.#fd = -1;
    if (fd >= 0) this.#files.closeSync(fd);
  }
}
