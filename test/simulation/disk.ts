import { constants } from "node:fs";
import type { Files } from "../../src/store/files.ts";
import type { Chance } from "./chance.ts";
import {
  diskFault,
  settleFile,
  settleFolder,
  statOf,
  type FileNode,
  type FolderNode,
  type Node,
} from "./disk-nodes.ts";

/** Stands between a process and the disk: may end the process or fail the operation by throwing. */
export interface Gate {
  before(operation: string, path: string): void;
  /** How many of `length` bytes are written now: fewer than given, or fewer and then the end of the process. */
  admit(length: number): number;
  afterWrite(): void;
}

/** Nobody is in the way. */
export const FREE_GATE: Gate = {
  before: () => undefined,
  admit: (length) => length,
  afterWrite: () => undefined,
};

/** Which state is looked at: what a process would read now, or what is sure to outlive a loss of power. */
export type Moment = "now" | "flushed";

/**
 * A POSIX disk in memory that knows what has been flushed. Without a flush of a file its bytes are not sure, without
 * one of its folder its name is not, and what is not sure may or may not be there after a loss of power.
 */
export class SimulatedDisk {
  #inodes = 0;
  readonly #root: FolderNode;
  readonly #open = new Map<number, { readonly node: Node; readonly append: boolean; at: number }>();
  #descriptors = 10;
  readonly #now: () => number;
  /** Grows with every change of what could be read or would be left. */
  version = 0;

  constructor(now: () => number) {
    this.#now = now;
    this.#root = this.#folder();
  }

  /** The disk as one process has it. */
  files(gate: Gate): Files {
    const guarded =
      <A extends unknown[], T>(operation: string, work: (path: string, ...rest: A) => T) =>
      (path: string, ...rest: A): T => {
        gate.before(operation, path);
        return work(path, ...rest);
      };
    const ofDescriptor =
      <A extends unknown[], T>(operation: string, work: (fd: number, ...rest: A) => T) =>
      (fd: number, ...rest: A): T => {
        gate.before(operation, "");
        return work(fd, ...rest);
      };
    const files = {
      existsSync: (path: string) => this.#find(path) !== undefined,
      openSync: guarded("openSync", (path, flags: string) => this.#openFile(path, flags)),
      closeSync: ofDescriptor("closeSync", (fd) => void this.#open.delete(fd)),
      fsyncSync: ofDescriptor("fsyncSync", (fd) => this.#flush(this.#opened(fd).node)),
      writeSync: ofDescriptor("writeSync", (fd, bytes: Uint8Array, offset: number, length: number) => {
        const written = gate.admit(length);
        this.#write(fd, bytes.subarray(offset, offset + written));
        gate.afterWrite();
        return written;
      }),
      readSync: ofDescriptor(
        "readSync",
        (fd, into: Uint8Array, offset: number, length: number, position: number | null) =>
          this.#read(fd, into, offset, length, position),
      ),
      readFileSync: guarded("readFileSync", (path, encoding?: "utf8") => {
        const { bytes } = this.#fileAt("open", path);
        return encoding === undefined ? Buffer.from(bytes) : bytes.toString(encoding);
      }),
      readdirSync: guarded("readdirSync", (path) => [...this.#folderAt("scandir", path).names.keys()]),
      statSync: guarded("statSync", (path, options?: { throwIfNoEntry?: boolean }) => {
        const node = this.#find(path);
        if (!node && options?.throwIfNoEntry === false) return undefined;
        return statOf(node ?? this.#missing("stat", path));
      }),
      renameSync: guarded("renameSync", (from, to: string) => this.#rename(from, to)),
      linkSync: guarded("linkSync", (from, to: string) => this.#link(this.#fileAt("link", from), to)),
      copyFileSync: guarded("copyFileSync", (from, to: string, mode?: number) => this.#copy(from, to, mode)),
      mkdirSync: guarded("mkdirSync", (path, options?: { recursive?: boolean }) =>
        this.#makeFolder(path, options?.recursive ?? false),
      ),
      rmSync: guarded("rmSync", (path, options?: { recursive?: boolean; force?: boolean }) =>
        this.#remove(path, options ?? {}),
      ),
      truncateSync: guarded("truncateSync", (path, length: number) => {
        const node = this.#fileAt("open", path);
        this.#setBytes(node, node.bytes.subarray(0, length));
      }),
    };
    return files as unknown as Files;
  }

  /** A file's bytes; undefined where there is none. */
  read(path: string, moment: Moment = "now"): Buffer | undefined {
    const node = this.#find(path, moment);
    if (node?.kind !== "file") return undefined;
    return moment === "now" ? node.bytes : node.flushed;
  }

  /** Paths of all files below a folder. */
  list(folder: string, moment: Moment = "now"): string[] {
    const node = this.#find(folder, moment);
    if (node?.kind !== "folder") return [];
    const names = moment === "now" ? node.names : node.flushed;
    return [...names].flatMap(([name, child]) =>
      child.kind === "file" ? [`${folder}/${name}`] : this.list(`${folder}/${name}`, moment),
    );
  }

  /** All that was not flushed is decided by chance; the worst case is among the possible ones. */
  losePower(chance: Chance): void {
    this.version++;
    this.#open.clear();
    const seen = new Set<Node>();
    const visit = (node: Node): void => {
      if (seen.has(node)) return;
      seen.add(node);
      if (node.kind === "file") settleFile(node, chance);
      else {
        settleFolder(node, chance);
        for (const child of node.names.values()) visit(child);
      }
    };
    visit(this.#root);
  }

  #folder(): FolderNode {
    const names = new Map<string, Node>();
    return { kind: "folder", ino: ++this.#inodes, names, flushed: new Map(), mtimeMs: this.#now() };
  }

  #find(path: string, moment: Moment = "now"): Node | undefined {
    let node: Node | undefined = this.#root;
    for (const name of path.split("/")) {
      if (name === "") continue;
      if (node?.kind !== "folder") return undefined;
      node = (moment === "now" ? node.names : node.flushed).get(name);
    }
    return node;
  }

  #missing(operation: string, path: string): never {
    throw diskFault("ENOENT", operation, path);
  }

  #fileAt(operation: string, path: string): FileNode {
    const node = this.#find(path) ?? this.#missing(operation, path);
    if (node.kind === "folder") throw diskFault("EISDIR", operation, path);
    return node;
  }

  #folderAt(operation: string, path: string): FolderNode {
    const node = this.#find(path) ?? this.#missing(operation, path);
    if (node.kind === "file") throw diskFault("ENOTDIR", operation, path);
    return node;
  }

  #parent(operation: string, path: string): { folder: FolderNode; name: string } {
    const cut = path.lastIndexOf("/");
    return { folder: this.#folderAt(operation, path.slice(0, cut) || "/"), name: path.slice(cut + 1) };
  }

  #openFile(path: string, flags: string): number {
    const fd = this.#descriptors++;
    if (flags === "r") {
      this.#open.set(fd, { node: this.#find(path) ?? this.#missing("open", path), append: false, at: 0 });
      return fd;
    }
    const { folder, name } = this.#parent("open", path);
    const found = folder.names.get(name);
    if (found?.kind === "folder") throw diskFault("EISDIR", "open", path);
    const node = found ?? this.#newFile(folder, name);
    if (flags === "w") this.#setBytes(node, Buffer.alloc(0));
    this.#open.set(fd, { node, append: flags === "a", at: 0 });
    return fd;
  }

  #newFile(folder: FolderNode, name: string): FileNode {
    const empty = Buffer.alloc(0);
    const node: FileNode = {
      kind: "file",
      ino: ++this.#inodes,
      bytes: empty,
      flushed: empty,
      mtimeMs: this.#now(),
    };
    this.#setName(folder, name, node);
    return node;
  }

  #setName(folder: FolderNode, name: string, node: Node | undefined): void {
    if (node) folder.names.set(name, node);
    else folder.names.delete(name);
    folder.mtimeMs = this.#now();
    this.version++;
  }

  #setBytes(node: FileNode, bytes: Buffer): void {
    node.bytes = bytes;
    node.mtimeMs = this.#now();
    this.version++;
  }

  #opened(fd: number): { node: Node; append: boolean; at: number } {
    const found = this.#open.get(fd);
    if (!found) throw diskFault("EBADF", "fsync", String(fd));
    return found;
  }

  #write(fd: number, bytes: Uint8Array): void {
    const open = this.#opened(fd);
    if (open.node.kind === "folder") throw diskFault("EISDIR", "write", String(fd));
    const at = open.append ? open.node.bytes.length : open.at;
    const tail = open.node.bytes.subarray(at + bytes.length);
    this.#setBytes(open.node, Buffer.concat([open.node.bytes.subarray(0, at), bytes, tail]));
    open.at = at + bytes.length;
  }

  #read(fd: number, into: Uint8Array, offset: number, length: number, position: number | null): number {
    const open = this.#opened(fd);
    if (open.node.kind === "folder") throw diskFault("EISDIR", "read", String(fd));
    const from = position ?? open.at;
    const part = open.node.bytes.subarray(from, from + length);
    into.set(part, offset);
    if (position === null) open.at += part.length;
    return part.length;
  }

  #flush(node: Node): void {
    if (node.kind === "file") node.flushed = node.bytes;
    else node.flushed = new Map(node.names);
    this.version++;
  }

  #rename(from: string, to: string): void {
    const source = this.#parent("rename", from);
    const target = this.#parent("rename", to);
    const node = source.folder.names.get(source.name) ?? this.#missing("rename", from);
    // Two names of one file: POSIX does nothing, and leaves both.
    if (target.folder.names.get(target.name) === node) return;
    this.#setName(target.folder, target.name, node);
    this.#setName(source.folder, source.name, undefined);
  }

  #link(node: FileNode, to: string): void {
    const { folder, name } = this.#parent("link", to);
    if (folder.names.has(name)) throw diskFault("EEXIST", "link", to);
    this.#setName(folder, name, node);
  }

  #copy(from: string, to: string, mode?: number): void {
    const { bytes } = this.#fileAt("copyfile", from);
    const { folder, name } = this.#parent("copyfile", to);
    const found = folder.names.get(name);
    if (found && mode === constants.COPYFILE_EXCL) throw diskFault("EEXIST", "copyfile", to);
    if (found?.kind === "folder") throw diskFault("EISDIR", "copyfile", to);
    this.#setBytes(found ?? this.#newFile(folder, name), bytes);
  }

  #makeFolder(path: string, recursive: boolean): void {
    const { folder, name } = this.#parentOrMake(path, recursive);
    const found = folder.names.get(name);
    if (found && (!recursive || found.kind === "file")) throw diskFault("EEXIST", "mkdir", path);
    if (!found) this.#setName(folder, name, this.#folder());
  }

  #parentOrMake(path: string, recursive: boolean): { folder: FolderNode; name: string } {
    const above = path.slice(0, path.lastIndexOf("/"));
    if (recursive && above !== "" && !this.#find(above)) this.#makeFolder(above, true);
    return this.#parent("mkdir", path);
  }

  #remove(
    path: string,
    { recursive = false, force = false }: { recursive?: boolean; force?: boolean },
  ): void {
    const node = this.#find(path);
    if (!node && force) return;
    if (node?.kind === "folder" && !recursive) throw diskFault("ERR_FS_EISDIR", "rm", path);
    const { folder, name } = this.#parent("rm", path);
    this.#setName(folder, name, node ? undefined : this.#missing("rm", path));
  }
}
