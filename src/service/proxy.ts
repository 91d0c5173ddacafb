import { isLoopback } from "../base/loopback.ts";

type Environment = Readonly<Record<string, string | undefined>>;

/** The settings of proxies as the library reads them: in either case, the lower one first; empty is none. */
export function proxySettings(env: Environment): { httpProxy: string; httpsProxy: string; noProxy: string } {
  const either = (name: string): string => env[name.toLowerCase()] ?? env[name] ?? "";
  return { httpProxy: either("HTTP_PROXY"), httpsProxy: either("HTTPS_PROXY"), noProxy: either("NO_PROXY") };
}

/** The proxy through which a URL is reached, without its password; undefined where the way is direct. */
export function proxyOf(url: URL, env: Environment): string | undefined {
  const { httpProxy, httpsProxy, noProxy } = proxySettings(env);
  const proxy = (url.protocol === "https:" && httpsProxy) || httpProxy;
  if (proxy === "" || isLoopback(url) || isExcepted(url, noProxy)) return undefined;
  if (!URL.canParse(proxy)) return "a proxy whose address is no URL";
  return new URL(proxy).host;
}

const PORTS: Readonly<Record<string, number>> = { "http:": 80, "https:": 443 };

/** As the library decides it: a name stands for its subdomains too, a port for itself alone. */
function isExcepted({ protocol, host, port }: URL, noProxy: string): boolean {
  if (noProxy === "*") return true;
  const hostname = host.replace(/:\d*$/, "").toLowerCase();
  const wanted = Number(port) || PORTS[protocol];
  return noProxy.split(/[,\s]/).some((entry) => {
    const [, name = entry, only] = /^(.+):(\d+)$/.exec(entry) ?? [];
    if (entry === "" || (only !== undefined && Number(only) !== wanted)) return false;
    const excepted = name.replace(/^\*?\./, "").toLowerCase();
    return hostname === excepted || hostname.endsWith(`.${excepted}`);
  });
}
