import { readFileSync, statSync } from "node:fs";
import type { Digest } from "../base/digest.ts";

/** What Git LFS keeps in git in place of a large file. */
export interface LfsPointer {
  readonly digest: Digest;
}

const MOST_BYTES = 1024;
const POINTER =
  /^version https:\/\/git-lfs\.github\.com\/spec\/v1\n(?:[^\n]*\n)*?oid sha256:([0-9a-f]{64})\n/;

/** Undefined where the file is itself, or is not there. */
export function readLfsPointer(path: string): LfsPointer | undefined {
  const stat = statSync(path, { throwIfNoEntry: false });
  if (!stat?.isFile() || stat.size > MOST_BYTES) return undefined;
  const digest = POINTER.exec(readFileSync(path, "utf8"))?.[1];
  return digest === undefined ? undefined : { digest };
}
