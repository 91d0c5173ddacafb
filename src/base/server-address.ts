import { isLoopback } from "./loopback.ts";

export type ServerAddress =
  | { readonly kind: "ok"; readonly url: URL }
  /** `why`: a sentence that lacks its subject. */
  | { readonly kind: "wrong"; readonly why: string };

/** The address of a server, as a person wrote it. `http` is for loopback only: `danger` says what else could happen. */
export function readServerAddress(text: string, danger: string): ServerAddress {
  if (!URL.canParse(text)) return wrong("is not a URL");
  const url = new URL(text);
  if (url.username !== "" || url.password !== "") return wrong("must not contain a user name or password");
  if (url.protocol !== "https:" && url.protocol !== "http:") return wrong("must begin with https://");
  if (url.protocol === "http:" && !isLoopback(url)) return wrong(`must be https: ${danger}`);
  if (url.search !== "" || url.hash !== "") return wrong("must end with its path");
  return { kind: "ok", url };
}

function wrong(why: string): ServerAddress {
  return { kind: "wrong", why };
}
