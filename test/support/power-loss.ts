import { createFsFromVolume, Volume } from "memfs";
import type { Files } from "../../src/store/files.ts";

/**
 * A disk that may lose its power: a file keeps the bytes of its last flush, a folder the names of its last flush,
 * and nothing else is sure. `after()` is what is left; it is the worst case that POSIX allows.
 */
export class PowerLossDisk {
  readonly #disk: Files;
  readonly #bytes = new Map<number, Buffer>();
  readonly #names = new Map<number, ReadonlyMap<string, number>>();
  readonly #folders = new Set<number>();
  readonly #open = new Map<number, string>();
  readonly files: Files;

  constructor(disk: Files) {
    this.#disk = disk;
    for (const folder of ["/", "/project"]) this.#flush(folder);
    this.files = new Proxy(disk, { get: (_, name: string) => this.#operation(name) });
  }

  after(): Files {
    const left = Volume.fromJSON({ "/project": null });
    this.#restore(left, "/", this.#inode("/"));
    return createFsFromVolume(left) as unknown as Files;
  }

  #operation(name: string): unknown {
    const disk = this.#disk;
    if (name === "openSync") {
      return (path: string, flags: string): number => {
        const fd = disk.openSync(path, flags);
        this.#open.set(fd, path);
        return fd;
      };
    }
    if (name === "fsyncSync") return (fd: number): void => this.#flush(this.#open.get(fd) ?? "");
    const operation = Reflect.get(disk, name) as (...args: unknown[]) => unknown;
    return operation.bind(disk);
  }

  #flush(path: string): void {
    const inode = this.#inode(path);
    if (!this.#disk.statSync(path).isDirectory()) {
      this.#bytes.set(inode, Buffer.from(this.#disk.readFileSync(path)));
      return;
    }
    const names = this.#disk.readdirSync(path).map(String);
    for (const name of names) {
      const child = `${path}/${name}`;
      if (this.#disk.statSync(child).isDirectory()) this.#folders.add(this.#inode(child));
    }
    this.#names.set(inode, new Map(names.map((name) => [name, this.#inode(`${path}/${name}`)])));
  }

  #restore(left: InstanceType<typeof Volume>, path: string, inode: number): void {
    for (const [name, child] of this.#names.get(inode) ?? []) {
      const below = `${path === "/" ? "" : path}/${name}`;
      if (this.#folders.has(child)) {
        left.mkdirSync(below, { recursive: true });
        this.#restore(left, below, child);
      } else {
        left.writeFileSync(below, this.#bytes.get(child) ?? Buffer.alloc(0));
      }
    }
  }

  #inode(path: string): number {
    return Number(this.#disk.statSync(path).ino);
  }
}
