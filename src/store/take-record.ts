import { join } from "node:path";
import type { Digest } from "../base/digest.ts";
import type { Take } from "../plan/lock.ts";
import { readText, writeWhole, type Files } from "./files.ts";

/**
 * Remembers by fingerprint every finished take ever made here, whatever the lockfile says today: going back to
 * an old commit, or undoing an edit, costs nothing. One file a fingerprint in `.storyc/takes/`.
 */
export class TakeRecord {
  readonly #files: Files;
  readonly #folder: string;

  /** Rehearsals have a record of their own: an animatic must never stand in for a paid clip. */
  constructor(files: Files, folder: string, kind: "paid" | "rehearsal") {
    this.#files = files;
    this.#folder = join(folder, "takes", kind);
  }

  recall(fingerprint: Digest): readonly Take[] {
    const text = readText(this.#files, this.#pathOf(fingerprint));
    if (text === undefined) return [];
    try {
      const takes: unknown = JSON.parse(text);
      return Array.isArray(takes) ? (takes as Take[]) : [];
    } catch {
      // A record is a help, never a truth: without it the worst is one more clip.
      return [];
    }
  }

  remember(take: Take): void {
    const others = this.recall(take.fingerprint).filter(({ clip }) => clip?.sha256 !== take.clip?.sha256);
    writeWhole(
      this.#files,
      this.#pathOf(take.fingerprint),
      JSON.stringify([...others, take], null, 2) + "\n",
    );
  }

  #pathOf(fingerprint: Digest): string {
    return join(this.#folder, fingerprint.slice(0, 2), `${fingerprint}.json`);
  }
}
