import { dirname, resolve } from "node:path";
import type { MediaAddress } from "./types.ts";

/** What a written reference is, before any name is looked up. */
export type WrittenAddress =
  | MediaAddress
  | { readonly kind: "name"; readonly name: string; readonly still?: "first" | "last" }
  | { readonly kind: "malformed"; readonly why: string; readonly help: string };

/** Most references. */
const PLAIN_NAME = /^[a-z][\w-]*$/i;
const NAME_WITH_STILL = /^(.+)\.(first|last)_frame$/u;
const LIBRARY_ID = /^[a-z0-9][a-z0-9_.-]*$/;
const MOST_SHOWN = 80;
const LOOKS_LIKE_FILE = /[/\\]|\.(jpe?g|png|webp|bmp|tiff?|gif|mp4|mov|wav|mp3)$/i;

/**
 * Reads a reference: a path begins with `./`, `../` or `/`; else a URL, `asset://ID`, or a name. Paths are relative
 * to `file`, in which it is written.
 */
export function readAddress(written: string, file: string): WrittenAddress {
  if (PLAIN_NAME.test(written)) return { kind: "name", name: written };
  if (/^\.{0,2}\//.test(written)) return { kind: "file", path: resolve(dirname(file), written), written };
  if (/^https?:\/\//i.test(written)) {
    return URL.canParse(written)
      ? { kind: "url", url: written }
      : { kind: "malformed", why: "this is not a web address", help: "check its spelling" };
  }
  if (/^asset:\/\//i.test(written)) return readLibraryId(written.slice("asset://".length));
  if (/^data:/i.test(written)) {
    const help = "save the picture or the sound as a file, and write its path: `./…`";
    return { kind: "malformed", why: "bytes are not written into the storyboard", help };
  }
  if (/^[a-z][a-z0-9+.-]*:\/\//i.test(written)) {
    const help = "use `https://…`, `asset://ID`, or a path that begins with `./`";
    return { kind: "malformed", why: "addresses of this kind cannot be used", help };
  }
  const still = NAME_WITH_STILL.exec(written);
  if (still) return { kind: "name", name: still[1] ?? "", still: still[2] as "first" | "last" };
  if (LOOKS_LIKE_FILE.test(written)) {
    const help = `write \`./${written.replaceAll("\\", "/")}\``;
    return { kind: "malformed", why: "a path begins with `./`, `../` or `/`", help };
  }
  return { kind: "name", name: written };
}

function readLibraryId(id: string): WrittenAddress {
  if (LIBRARY_ID.test(id)) return { kind: "library", id };
  const lower = id.toLowerCase();
  return LIBRARY_ID.test(lower)
    ? {
        kind: "malformed",
        why: "ids of the asset library are in lower case",
        help: `write \`asset://${lower}\``,
      }
    : {
        kind: "malformed",
        why: "an id of the asset library stands behind `asset://`",
        help: "write it as the provider gave it, such as `asset://asset-20260312-ab12`",
      };
}

/** Addresses may be as long as a file: as much as tells one from another. */
export function shownAddress(written: string): string {
  return written.length > MOST_SHOWN ? `${written.slice(0, MOST_SHOWN - 1)}…` : written;
}
