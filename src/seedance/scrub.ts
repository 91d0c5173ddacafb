const LONGEST = 2000;

/**
 * A text that is safe to show and to keep: links lose query and credentials, since a presigned link is a
 * password for a file, and data URLs lose their bytes, since services like to repeat what they were sent.
 */
export function scrubText(text: string): string {
  const safe = text
    .replace(
      /\b([a-z][a-z0-9+.-]*:\/\/)([^\s"'<>\\]+)/gi,
      (_, scheme: string, rest: string) => scheme + scrubRest(rest),
    )
    .replace(/\bdata:([\w.+/-]*)[;,][^\s"'<>\\]*/gi, "data:$1,…");
  return safe.length > LONGEST ? `${safe.slice(0, LONGEST)}…` : safe;
}

/** One link without credentials, query and fragment; what was left out is shown as `…`. */
export function scrubUrl(url: string | URL): string {
  return scrubText(String(url));
}

function scrubRest(rest: string): string {
  const withoutUser = rest.replace(/^[^/?#]*@/, "");
  const cut = withoutUser.search(/[?#]/);
  return cut === -1 ? withoutUser : `${withoutUser.slice(0, cut)}?…`;
}
