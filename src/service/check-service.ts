import { errorIn } from "../seedance/answer-error.ts";
import { readPollAnswer, type Answer } from "../seedance/answer.ts";
import { headerOf, levelsOf } from "../seedance/answer-shape.ts";
import type { HaltReason } from "../seedance/outcome.ts";
import { hideKey, scrubUrl } from "../seedance/scrub.ts";
import { answerOf, MOST_ANSWER_BYTES } from "./answer-bytes.ts";
import { openNetwork, reasonOf } from "./network.ts";
import { proxyOf } from "./proxy.ts";
import { readBaseUrl, ROUTES, taskUrl, type Routes } from "./routes.ts";

export interface CheckSettings {
  readonly baseUrl: string;
  readonly routes: Routes;
  /** Without it only the way to the service is tried. */
  readonly apiKey: string | undefined;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Certificates to trust instead of Node's own; PEM. */
  readonly ca?: string;
  /** Milliseconds for everything together. */
  readonly timeoutMs?: number;
}

/** What became of a question to the service that costs nothing. */
export type ServiceCheck =
  | { readonly kind: "ready"; readonly message: string }
  /** It answers as the API does; there was no key to try. */
  | { readonly kind: "no-key"; readonly message: string }
  | { readonly kind: HaltReason; readonly message: string }
  /** The base URL cannot be used, or what answers there is something else. */
  | { readonly kind: "wrong-place"; readonly message: string }
  /** It is there and has troubles of its own, or is asked too often. */
  | { readonly kind: "trouble"; readonly message: string }
  | { readonly kind: "unreachable"; readonly stage: Stage; readonly message: string };

/** Where the way to the service ends. */
export type Stage = "name" | "connection" | "encryption" | "proxy" | "time";

const TIMEOUT_MS = 10_000;
/** No service has a task of this name: asking for it shows whether the key is accepted. */
const NO_TASK = "storyc-doctor";

/** Asks for a task that cannot exist, or for a list of one: nothing is created, nothing is paid. Never rejects. */
export async function checkService(settings: CheckSettings): Promise<ServiceCheck> {
  const base = readBaseUrl(settings.baseUrl);
  if (base.kind === "wrong") return { kind: "wrong-place", message: base.message };
  const url = questionUrl(base.url, settings.routes);
  const proxy = proxyOf(url, settings.env);
  const late = AbortSignal.timeout(settings.timeoutMs ?? TIMEOUT_MS);
  try {
    return judge(await ask(url, settings, late), url, settings.apiKey);
  } catch (error) {
    return unreachable(late.aborted ? "no answer within the time allowed" : reasonOf(error), url, proxy);
  }
}

function questionUrl(base: URL, routes: Routes): URL {
  if (routes !== ROUTES.ark) return taskUrl(base, routes, NO_TASK);
  const url = taskUrl(base, routes);
  url.search = "?page_num=1&page_size=1";
  return url;
}

async function ask(url: URL, settings: CheckSettings, late: AbortSignal): Promise<Answer> {
  const { apiKey, env, ca, timeoutMs = TIMEOUT_MS } = settings;
  const network = openNetwork({ connectTimeoutMs: timeoutMs, env, ...(ca !== undefined && { ca }) });
  try {
    const { statusCode, headers, body } = await network.to(url).request({
      origin: url.origin,
      path: url.pathname + url.search,
      method: "GET",
      headers: { accept: "application/json", ...(apiKey && { authorization: `Bearer ${apiKey.trim()}` }) },
      signal: late,
    });
    const chunks: Buffer[] = [];
    let bytes = 0;
    for await (const chunk of body) {
      bytes += (chunk as Buffer).length;
      if (bytes > MOST_ANSWER_BYTES) break;
      chunks.push(chunk as Buffer);
    }
    const answer = answerOf(statusCode, headers, Buffer.concat(chunks));
    return apiKey ? { ...answer, text: hideKey(answer.text, apiKey.trim()) } : answer;
  } finally {
    // Not waited for: a connection that hangs may hang in its end as well.
    void network.close().catch(() => undefined);
  }
}

function judge(answer: Answer, url: URL, key: string | undefined): ServiceCheck {
  const { status } = answer;
  const said = `${url.host} answers`;
  const location = headerOf(answer, "location");
  if (status >= 300 && status < 400 && location !== undefined)
    return {
      kind: "wrong-place",
      message: `${url.host} sends on to ${scrubUrl(location)}; set that as base URL`,
    };
  const levels = levelsOf(answer.text);
  if (levels.length === 0) {
    const message = `${said} with HTTP ${status} and no JSON: something else than the API is there`;
    return status >= 500 ? { kind: "trouble", message } : { kind: "wrong-place", message };
  }
  const look = readPollAnswer(answer, Date.now());
  const error = errorIn(answer, levels);
  const words = error ? [error.code, error.message].filter(Boolean).join(": ") : "";
  if (look.kind === "halt") {
    if (look.reason === "bad-key" && !key)
      return { kind: "no-key", message: `${said}; there is no key to try` };
    return { kind: look.reason, message: words };
  }
  if (status === 429 || status >= 500)
    return { kind: "trouble", message: `${said} with HTTP ${status}: ${words}` };
  // What knows nothing of tasks is another service, or the base URL has a path too many.
  if (status === 404 && !/task/i.test(words))
    return { kind: "wrong-place", message: `${said} with HTTP 404, and not about a task: ${words}` };
  return key
    ? { kind: "ready", message: `${said}, and accepts the key` }
    : { kind: "no-key", message: `${said}; there is no key to try` };
}

const STAGES: readonly (readonly [RegExp, Stage, string])[] = [
  [/ENOTFOUND|EAI_AGAIN|ENODATA/, "name", "check the base URL and the name server"],
  [
    /CERT|SELF_SIGNED|ALTNAME|SSL|TLS|EPROTO|UNABLE_TO_(GET|VERIFY)/i,
    "encryption",
    "where an own authority signs, name its certificate in NODE_EXTRA_CA_CERTS",
  ],
  [/within the time|TIMEOUT/i, "time", "a firewall may swallow it; a proxy is set with HTTPS_PROXY"],
];

function unreachable(reason: string, url: URL, proxy: string | undefined): ServiceCheck {
  const [, stage, help] = STAGES.find(([pattern]) => pattern.test(reason)) ?? [];
  const way = proxy === undefined ? url.host : `${url.host} through the proxy ${proxy}`;
  const isProxy = proxy !== undefined && stage !== "encryption";
  const advice = isProxy
    ? "check HTTPS_PROXY and NO_PROXY"
    : (help ?? "check the base URL, and whether a firewall or proxy is between");
  return {
    kind: "unreachable",
    stage: isProxy ? "proxy" : (stage ?? "connection"),
    message: `${way}: ${reason}; ${advice}`,
  };
}
