import { Agent, buildConnector, Client, EnvHttpProxyAgent, Pool, type Dispatcher } from "undici";
import { isLoopback } from "../base/loopback.ts";
import { proxySettings } from "./proxy.ts";
import { Wire } from "./wire.ts";

export interface NetworkSettings {
  readonly connectTimeoutMs: number;
  /** `HTTPS_PROXY`, `HTTP_PROXY` and `NO_PROXY`, in either case. */
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Certificates to trust instead of those of Node; PEM. `NODE_EXTRA_CA_CERTS` works without this. */
  readonly ca?: string;
}

/** Ways out to hosts, for requests that may share connections. */
export interface Network {
  to(url: URL): Dispatcher;
  /** Breaks off what is still running. */
  close(): Promise<void>;
}

const MS_FOR_AN_ADDRESS = 2500;

/** Opens nothing yet. Throws when a proxy's address is not a URL. */
export function openNetwork(settings: NetworkSettings): Network {
  const direct = new Agent(agentOptions(settings, sharedPool));
  const outside = proxied(settings, sharedPool);
  return {
    to: (url) => (isLoopback(url) ? direct : outside),
    close: async () => {
      await Promise.all([direct.destroy(), outside.destroy()]);
    },
  };
}

/**
 * A way to `url` for a single request: one connection, opened for it, tried once, closed after it. A kept
 * connection may be closed by the server at the moment of sending, and then nobody knows whether the
 * request was read; and a library that may open a second connection may also send a second time.
 */
export function openOnce(url: URL, settings: NetworkSettings): OnceWay {
  const wire = new Wire();
  const client: Factory = (origin, options) => singleClient(origin, options, wire);
  const dispatcher = isLoopback(url) ? new Agent(agentOptions(settings, client)) : proxied(settings, client);
  return { dispatcher, wire };
}

export interface OnceWay {
  readonly dispatcher: Dispatcher;
  /** What comes back over its connection. */
  readonly wire: Wire;
}

/** Loopback never goes through a proxy: the proxy would look for it on its own machine. */
function proxied(settings: NetworkSettings, factory: Factory): Dispatcher {
  const tls = tlsOptions(settings);
  try {
    const options = { ...agentOptions(settings, factory), ...proxySettings(settings.env) };
    return new EnvHttpProxyAgent({ ...options, requestTls: tls, proxyTls: tls });
  } catch {
    // The message of the library repeats the address, which may hold a password.
    throw new Error("HTTPS_PROXY or HTTP_PROXY is not a proxy's URL, such as http://proxy.example.com:3128");
  }
}

type Factory = (origin: string | URL, options: object) => Dispatcher;

function agentOptions(settings: NetworkSettings, factory: Factory): Agent.Options {
  return { factory, connect: tlsOptions(settings) };
}

function tlsOptions({ connectTimeoutMs, ca }: NetworkSettings): buildConnector.BuildOptions {
  return {
    timeout: connectTimeoutMs,
    // By itself Node gives up on an address after 250 ms when there is another one: less than a far host needs.
    autoSelectFamilyAttemptTimeout: Math.min(connectTimeoutMs, MS_FOR_AN_ADDRESS),
    ...(ca === undefined ? {} : { ca }),
  };
}

function sharedPool(origin: string | URL, options: Pool.Options): Dispatcher {
  return new Pool(origin, { ...options, connect: plainErrors(connectorOf(options.connect)) });
}

function singleClient(origin: string | URL, options: Client.Options, wire: Wire): Dispatcher {
  const connector = plainErrors(connectorOf(options.connect));
  let opened = false;
  const once: buildConnector.connector = (target, done) => {
    if (opened) return done(new Error("a second connection for one request"), null);
    opened = true;
    connector(target, (error, socket) => {
      if (error !== null) return done(error, null);
      wire.attach(socket);
      done(null, socket);
    });
  };
  return new Client(origin, { ...options, connect: once, pipelining: 0 });
}

function connectorOf(connect: Client.Options["connect"]): buildConnector.connector {
  return typeof connect === "function" ? connect : buildConnector(connect ?? {});
}

/**
 * A failed connection must fail its request. The library leaves the request waiting, and connects again
 * without a pause, when the error has one of its own socket codes, as after a proxy that hangs up.
 */
function plainErrors(connector: buildConnector.connector): buildConnector.connector {
  return (target, done) =>
    connector(target, (error, socket) => {
      if (error === null) done(null, socket);
      else done(new ConnectionError(reasonOf(error)), null);
    });
}

/** No connection came about. The message is short and holds no address. */
class ConnectionError extends Error {}

/** What went wrong, in a word such as `ECONNREFUSED`; never an address, which might hold a secret. */
export function reasonOf(error: unknown): string {
  if (error instanceof ConnectionError) return error.message;
  const code = codeOf(error);
  const text = WORDS[code] ?? (code === "" ? (error instanceof Error ? error.message : String(error)) : code);
  return text.replace(/\b[a-z]+:\/\/\S+/gi, "…").slice(0, 200);
}

function codeOf(error: unknown): string {
  // The codes of what a signal breaks off are numbers, which tell nobody anything.
  if (error instanceof DOMException) return error.name;
  return error instanceof Error && "code" in error ? String(error.code ?? "") : "";
}

const WORDS: Readonly<Record<string, string>> = {
  ENOTFOUND: "the host's name is not known (ENOTFOUND)",
  EAI_AGAIN: "the host's name could not be looked up (EAI_AGAIN)",
  ECONNREFUSED: "the connection was refused (ECONNREFUSED)",
  ECONNRESET: "the connection was reset (ECONNRESET)",
  UND_ERR_SOCKET: "the connection was closed",
  UND_ERR_CONNECT_TIMEOUT: "no connection within the time allowed",
  UND_ERR_HEADERS_TIMEOUT: "no answer within the time allowed",
  UND_ERR_BODY_TIMEOUT: "the rest of the answer did not come within the time allowed",
  UND_ERR_RES_CONTENT_LENGTH_MISMATCH: "the answer was shorter or longer than announced",
  UND_ERR_ABORTED: "broken off",
  AbortError: "broken off",
  TimeoutError: "no answer within the time allowed",
};
