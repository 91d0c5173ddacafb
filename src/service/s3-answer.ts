import type { Dispatcher } from "undici";
import { scrubText } from "../seedance/scrub.ts";
import type { RemoteFailure } from "../store/remote-store.ts";

/** What an S3 server says when it does not do what was asked. */
export interface Refusal {
  readonly kind: "refused";
  readonly status: number;
  /** Such as `NoSuchBucket`; empty where the answer has none. */
  readonly code: string;
  readonly message: string;
}

const MOST_BYTES = 64 * 1024;

/** Reads an answer that is no success. Never throws: what cannot be read is a refusal without words. */
export async function readFailure({ statusCode, body }: Dispatcher.ResponseData): Promise<Refusal> {
  let text = "";
  try {
    for await (const chunk of body) {
      text += String(chunk);
      if (text.length > MOST_BYTES) break;
    }
  } catch {
    // The status says enough.
  }
  return {
    kind: "refused",
    status: statusCode,
    code: element(text, "Code"),
    message: element(text, "Message"),
  };
}

const REMEDIES: Readonly<Record<string, string>> = {
  NoSuchBucket: "create it, or correct `bucket`",
  InvalidAccessKeyId: "the access key is not known there",
  SignatureDoesNotMatch: "the secret key is wrong, or `region` or `path_style` is",
  AuthorizationHeaderMalformed: "`region` is wrong",
  PermanentRedirect: "`region` or `endpoint` is wrong",
  RequestTimeTooSkewed: "the clock of this machine is wrong",
  ExpiredToken: "AWS_SESSION_TOKEN has expired",
  AccessDenied: "the keys need s3:GetObject and s3:PutObject",
};

/** `what`: the store and what it does not do. */
export function failureOf({ status, code, message }: Refusal, what: string): RemoteFailure {
  const remedy = Object.hasOwn(REMEDIES, code) ? REMEDIES[code] : undefined;
  // The words of the server may hold what it was sent.
  const said = [code || `HTTP ${status}`, remedy ?? scrubText(message)]
    .filter((part) => part !== "")
    .join(": ");
  return {
    kind: "failed",
    message: `${what} (${said})`,
    mayPass: status === 429 || status === 409 || status >= 500,
  };
}

/** S3 errors are one flat XML element; a parser for them would be larger than all the rest. */
function element(xml: string, name: string): string {
  const found = new RegExp(`<${name}>([^<]*)</${name}>`).exec(xml)?.[1] ?? "";
  return found.replace(/&(lt|gt|quot|apos|amp);/g, (_, entity: string) => ENTITIES[entity] ?? "");
}

const ENTITIES: Readonly<Record<string, string>> = { lt: "<", gt: ">", quot: '"', apos: "'", amp: "&" };
