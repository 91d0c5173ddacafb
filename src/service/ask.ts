import type { Answer } from "../seedance/answer.ts";
import type { ServiceError } from "../seedance/outcome.ts";
import { hideKey } from "../seedance/scrub.ts";
import { answerOf, MOST_ANSWER_BYTES } from "./answer-bytes.ts";
import { withDeadline } from "./deadline.ts";
import { reasonOf, type Network } from "./network.ts";

export interface Asking {
  readonly network: Network;
  readonly key: string;
  /** Of the whole request, from the connection to the last byte. */
  readonly timeoutMs: number;
}

export type Asked =
  | { readonly kind: "answered"; readonly answer: Answer }
  | { readonly kind: "failed"; readonly error: ServiceError };

/** Sends a request that may be sent again and costs nothing. Never rejects. */
export async function ask(
  { network, key, timeoutMs }: Asking,
  method: "GET" | "DELETE",
  url: URL,
  outer: AbortSignal,
): Promise<Asked> {
  const { signal, done } = withDeadline(outer, timeoutMs);
  try {
    const path = url.pathname + url.search;
    const request = { origin: url.origin, path, method, headers: commonHeaders(key), signal };
    const { statusCode, headers, body } = await network.to(url).request(request);
    return { kind: "answered", answer: withoutKey(answerOf(statusCode, headers, await whole(body)), key) };
  } catch (error) {
    const reason = signal.aborted && !outer.aborted ? "no answer within the time allowed" : reasonOf(error);
    return { kind: "failed", error: { code: "", message: `${url.host}: ${reason}` } };
  } finally {
    done();
  }
}

async function whole(body: AsyncIterable<unknown>): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of body) {
    bytes += (chunk as Buffer).length;
    if (bytes > MOST_ANSWER_BYTES) throw new Error("the answer was far too long");
    chunks.push(chunk as Buffer);
  }
  return Buffer.concat(chunks);
}

export function commonHeaders(key: string): Record<string, string> {
  return {
    accept: "application/json",
    "accept-encoding": "identity",
    authorization: `Bearer ${key}`,
    "user-agent": "storyc",
  };
}

/** Before anything is read out of it: what is cut to a length must not end in half a key. */
export function withoutKey(answer: Answer, key: string): Answer {
  const hide = <T>(value: T): T | string => (typeof value === "string" ? hideKey(value, key) : value);
  const headers = Object.entries(answer.headers).map(([name, value]): [string, unknown] => [
    name,
    Array.isArray(value) ? value.map(hide) : hide(value),
  ]);
  return {
    ...answer,
    text: hideKey(answer.text, key),
    headers: Object.fromEntries(headers) as Answer["headers"],
  };
}
