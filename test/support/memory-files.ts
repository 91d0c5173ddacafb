import { createFsFromVolume, Volume } from "memfs";
import type { Files } from "../../src/store/files.ts";

export type Operation = Exclude<keyof Files, "existsSync">;

/** The operations that change the disk, and so meet a full one. */
export const WRITING: readonly Operation[] = [
  "openSync",
  "writeSync",
  "fsyncSync",
  "closeSync",
  "renameSync",
  "mkdirSync",
];

/** An empty disk with the folder `/project`. */
export function memoryFiles(): Files {
  return createFsFromVolume(Volume.fromJSON({ "/project": null })) as unknown as Files;
}

/** Every path below a folder that is a file, sorted; relative to the folder. */
export function listFiles(files: Files, folder: string): string[] {
  if (!files.existsSync(folder)) return [];
  const names = files.readdirSync(folder).map(String).sort();
  return names.flatMap((name) => {
    const path = `${folder}/${name}`;
    return files.statSync(path).isDirectory()
      ? listFiles(files, path).map((below) => `${name}/${below}`)
      : [name];
  });
}

/** The same disk; `before` is called ahead of each operation and may throw in its place. */
export function watched(
  files: Files,
  before: (operation: Operation, args: readonly unknown[]) => void,
): Files {
  return new Proxy(files, {
    get(target, name: string) {
      const operation = Reflect.get(target, name) as (...args: unknown[]) => unknown;
      if (typeof operation !== "function") return operation;
      return (...args: unknown[]): unknown => {
        if (name !== "existsSync") before(name as Operation, args);
        return operation.apply(target, args);
      };
    },
  });
}

export function diskError(code: string, operation: string): NodeJS.ErrnoException {
  return Object.assign(new Error(`${code}: fault in ${operation}`), { code });
}

/** A disk on which the given operation fails as long as `broken.now` holds. */
export function breakable(files: Files): {
  readonly files: Files;
  readonly broken: { now?: string | undefined };
} {
  const broken: { now?: string | undefined } = {};
  const failing = watched(files, (operation) => {
    if (broken.now !== undefined && WRITING.includes(operation) && operation !== "closeSync") {
      throw diskError(broken.now, operation);
    }
  });
  return { files: failing, broken };
}

/** Fails the nth call (from 0) of one operation; `happened` tells whether there was one. */
export function failingOnce(
  files: Files,
  operation: Operation,
  nth: number,
  code: string,
): { readonly files: Files; happened(): boolean } {
  let calls = 0;
  const failing = watched(files, (name) => {
    if (name === operation && calls++ === nth) throw diskError(code, operation);
  });
  return { files: failing, happened: () => calls > nth };
}
