import type { Digest } from "../base/digest.ts";
import type { Take } from "../plan/lock.ts";
import type { ObjectStore } from "../store/objects.ts";
import type { Content } from "../store/remote-store.ts";
import type { Medium } from "../storyboard/types.ts";

/** Ways to give the service bytes that cannot travel inside of a request. */
export interface Handover {
  /** The untouched clip of a take. */
  clipUrl(take: Take): Promise<Handed>;
  /** A medium of this machine. */
  mediumUrl(medium: HandedMedium): Promise<Handed>;
}

export type Handed =
  /** A web address, or `asset://ID`. */
  | { readonly kind: "url"; readonly url: string }
  /** `why`: of each way that was tried, for people. */
  | { readonly kind: "none"; readonly why: string };

/** Bytes as a way takes them. */
export interface HandedMedium extends Content {
  readonly medium: Medium;
  /** Such as `mp4`. */
  readonly format: string;
  readonly digest: Digest;
  readonly bytes: number;
  /** Where the bytes lie; absent for what is in memory alone. */
  readonly path?: string;
}

/** A way for any bytes: a bucket, or the provider's library. */
export interface Way {
  /** `isHere`: the bytes can be read; without them only what is there already can be named. */
  urlOf(medium: HandedMedium, isHere: boolean): Promise<Handed>;
}

/** The provider's own links to what it has made. */
export interface Links {
  linkOf(take: Take): Promise<Handed>;
}

/** One way after the other, until one leads there: the provider's own link costs nothing and moves no bytes. */
export function openHandover(links: Links, ways: readonly Way[], store: ObjectStore): Handover {
  const first = async (tries: readonly (() => Promise<Handed>)[]): Promise<Handed> => {
    const failures: string[] = [];
    for (const attempt of tries) {
      const handed = await attempt();
      if (handed.kind === "url") return handed;
      failures.push(handed.why);
    }
    return { kind: "none", why: failures.join("; ") };
  };
  return {
    clipUrl: (take) => {
      const { clip } = take;
      if (!clip) return Promise.resolve({ kind: "none", why: "it has no clip" });
      const { sha256: digest, bytes } = clip;
      const medium: HandedMedium = {
        ...{ medium: "video", format: "mp4", digest, bytes, path: store.pathOf(digest) },
        chunks: () => store.chunks(digest),
      };
      const isHere = store.has(digest);
      return first([() => links.linkOf(take), ...ways.map((way) => () => way.urlOf(medium, isHere))]);
    },
    mediumUrl: (medium) =>
      ways.length === 0
        ? Promise.resolve({
            kind: "none",
            why: "videos, and what is too much for one request, go by link only",
          })
        : first(ways.map((way) => () => way.urlOf(medium, true))),
  };
}
