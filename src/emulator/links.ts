import { createHmac } from "node:crypto";
import { isLoopback } from "./animatic/fetch-loopback.ts";
import type { RequestMedium } from "./request.ts";
import { isTaskId } from "./task.ts";

/** A day, as the service's own links live. */
export const LINK_SECONDS = 86_400;

/** Known to everybody: it makes a link look and behave like one, and guards nothing. */
const SECRET = "emulator";

/**
 * The address of a clip with a signature that expires, in the form of the store behind the service. `now` in
 * milliseconds since 1970.
 */
export function signedLink(origin: string, path: string, now: number, seconds: number): string {
  // Rounded up, so that a link never lives shorter than was asked for.
  const date = new Date(Math.ceil(now / 1000) * 1000).toISOString().replace(/[-:]|\.\d+/g, "");
  const query = new URLSearchParams({
    "X-Tos-Algorithm": "TOS4-HMAC-SHA256",
    "X-Tos-Credential": `AKLTemulator/${date.slice(0, 8)}/cn-beijing/tos/request`,
    "X-Tos-Date": date,
    "X-Tos-Expires": String(seconds),
    "X-Tos-SignedHeaders": "host",
    "X-Tos-Signature": signatureOf(path, date, String(seconds)),
  });
  return `${origin}${path}?${query.toString()}`;
}

/** Why the store would not give the file; `undefined` when it would. */
export function linkProblem(link: URL, now: number): "unsigned" | "forged" | "expired" | undefined {
  const [date, seconds, signature] = ["Date", "Expires", "Signature"].map((name) =>
    link.searchParams.get(`X-Tos-${name}`),
  );
  if (!date || !seconds || !signature) return "unsigned";
  if (signature !== signatureOf(link.pathname, date, seconds)) return "forged";
  const [, y, m, d, h, min, s] = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/.exec(date) ?? [];
  const signed = Date.UTC(Number(y), Number(m) - 1, Number(d), Number(h), Number(min), Number(s));
  return now >= signed + Number(seconds) * 1000 ? "expired" : undefined;
}

/** What the store writes, which is XML. */
export function storeError(problem: NonNullable<ReturnType<typeof linkProblem>>): string {
  const [code, message] = {
    unsigned: ["AccessDenied", "Access Denied"],
    forged: [
      "SignatureDoesNotMatch",
      "The request signature we calculated does not match the signature you provided.",
    ],
    expired: ["AccessDenied", "Request has expired"],
  }[problem] as [string, string];
  return `<?xml version="1.0" encoding="UTF-8"?>\n<Error><Code>${code}</Code><Message>${message}</Message></Error>\n`;
}

function signatureOf(path: string, date: string, seconds: string): string {
  return createHmac("sha256", SECRET).update(`${path}\n${date}\n${seconds}`).digest("hex");
}

/** Why a clip of ours that a request names could not be fetched by its link. */
export function inputLinkProblem({ type, url, index }: RequestMedium, now: number): string | undefined {
  const link = isLoopback(url) ? new URL(url) : undefined;
  const [, id = ""] = /^\/files\/([^/]+)\.mp4$/.exec(link?.pathname ?? "") ?? [];
  if (!link || !isTaskId(id)) return undefined;
  const problem = linkProblem(link, now);
  if (problem === undefined) return undefined;
  return `content[${index}].${type}.url: the file could not be downloaded, its link is ${problem} (HTTP 403)`;
}
