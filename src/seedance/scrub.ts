import { SECRET_NAMES } from "../base/secret-links.ts";

const LONGEST = 2000;

/** What may stand in a link; texts that hold JSON escape `/` and, when Go has written them, `&`. */
const LINK = /\b([a-z][a-z0-9+.-]*:(?:\\?\/){2})((?:[^\s"'<>\\]|\\\/|\\u0026)+)/gi;
const DATA = /\bdata:([\w.+/-]*)[;,][^\s"'<>\\]*/gi;
const BEARER = /\b(bearer\s+)[^\s"'<>\\,;]+/gi;
/** Also where a link is a parameter of another one, and so encoded once more. */
const PARAMETER = new RegExp(
  String.raw`(%26|%3F|(?<![\w-]))(${SECRET_NAMES})(=|%3D)(?:(?!%26)[^&\s"'<>\\])+`,
  "gi",
);

/**
 * A text that is safe to show and to keep: links lose query and credentials, since a presigned link is a
 * password for a file, and data URLs lose their bytes, since services like to repeat what they were sent.
 */
export function scrubText(text: string): string {
  const safe = text
    .replace(LINK, (_, scheme: string, rest: string) => scheme + scrubRest(rest))
    .replace(DATA, "data:$1,…")
    .replace(BEARER, "$1…")
    .replace(PARAMETER, "$1$2$3…");
  return safe.length > LONGEST ? `${safe.slice(0, LONGEST)}…` : safe;
}

/** One link without credentials, query and fragment; what was left out is shown as `…`. */
export function scrubUrl(url: string | URL): string {
  return scrubText(String(url));
}

/** Shorter texts are no keys, and would be found in everything. */
const SHORTEST_KEY = 8;

/** Services repeat what they were sent; the key must not reach a log, a lock or a screen by that way. */
export function hideKey(text: string, key: string): string {
  if (key.length < SHORTEST_KEY) return text;
  const json = JSON.stringify(key).slice(1, -1);
  const ways = new Set([key, encodeURIComponent(key), json, json.replaceAll("/", "\\/")]);
  return [...ways].reduce((safe, way) => safe.replaceAll(way, "…"), text);
}

function scrubRest(rest: string): string {
  const withoutUser = rest.replace(/^[^/?#]*@/, "");
  const cut = withoutUser.search(/[?#]/);
  return cut === -1 ? withoutUser : `${withoutUser.slice(0, cut)}?…`;
}
