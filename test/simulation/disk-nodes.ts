import type { Chance } from "./chance.ts";

export interface FileNode {
  readonly kind: "file";
  readonly ino: number;
  bytes: Buffer;
  /** What a loss of power leaves for certain. */
  flushed: Buffer;
  mtimeMs: number;
}

export interface FolderNode {
  readonly kind: "folder";
  readonly ino: number;
  names: Map<string, Node>;
  flushed: ReadonlyMap<string, Node>;
  mtimeMs: number;
}

export type Node = FileNode | FolderNode;

export function settleFile(node: FileNode, chance: Chance): void {
  if (node.bytes !== node.flushed) {
    const { bytes, flushed } = node;
    // What was only added to leaves what was there.
    const sure = bytes.subarray(0, flushed.length).equals(flushed) ? flushed.length : 0;
    const kept = chance.between(sure, bytes.length);
    // The length may be there before the bytes are, which then are zeros.
    const torn = Buffer.concat([bytes.subarray(0, kept), Buffer.alloc(bytes.length - kept)]);
    node.bytes = chance.one([flushed, flushed, bytes, bytes.subarray(0, kept), torn]);
  }
  node.flushed = node.bytes;
}

export function settleFolder(node: FolderNode, chance: Chance): void {
  for (const name of new Set([...node.names.keys(), ...node.flushed.keys()])) {
    const [now, before] = [node.names.get(name), node.flushed.get(name)];
    const left = now === before || chance.happens(0.5) ? before : now;
    if (left) node.names.set(name, left);
    else node.names.delete(name);
  }
  node.flushed = new Map(node.names);
}

export function statOf(node: Node): object {
  return {
    size: node.kind === "file" ? node.bytes.length : 0,
    mtimeMs: node.mtimeMs,
    ctimeMs: node.mtimeMs,
    ino: node.ino,
    isDirectory: () => node.kind === "folder",
    isFile: () => node.kind === "file",
  };
}

export function diskFault(code: string, operation: string, path: string): NodeJS.ErrnoException {
  return Object.assign(new Error(`${code}: ${operation} '${path}'`), { code, syscall: operation, path });
}
