import { createServer as createHttpServer, type RequestListener, type Server } from "node:http";
import { createServer as createHttpsServer } from "node:https";
import type { AddressInfo } from "node:net";
import { networkInterfaces } from "node:os";
import { describe, expect, onTestFinished, test } from "vitest";
import type { Service } from "../../src/execute/service.ts";
import { connectService } from "../../src/service/client.ts";
import { ROUTES } from "../../src/service/routes.ts";
import { startConnectProxy, type ConnectProxy } from "../support/connect-proxy.ts";
import { SIGNED_CERTIFICATE, SIGNED_KEY, TEST_AUTHORITY } from "./test-authority.ts";

const KEY = "sk-very-secret-1234";
const { signal } = new AbortController();

/** The API and the store of its results in one; the result lies at `link`. */
const api =
  (link: string, asked: string[] = []): RequestListener =>
  (request, response) => {
    asked.push(`${request.method} ${request.headers.host}${request.url}`);
    if (request.url === "/clip.mp4") return void response.end("0123456789");
    const body = request.method === "POST" ? { id: "cgt-1" } : { id: "cgt-1", status: "succeeded" };
    request.resume();
    response.end(
      JSON.stringify({ ...body, ...(request.method === "GET" && { content: { video_url: link } }) }),
    );
  };

async function listen(server: Server, host: string): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, host, resolve));
  onTestFinished(
    () => new Promise<void>((resolve) => (server.closeAllConnections(), server.close(() => resolve()))),
  );
  return (server.address() as AddressInfo).port;
}

const secure = (listener: RequestListener): Server =>
  createHttpsServer({ cert: SIGNED_CERTIFICATE, key: SIGNED_KEY }, listener);

async function proxyTo(places: Record<string, number>): Promise<ConnectProxy> {
  const proxy = await startConnectProxy(places);
  onTestFinished(() => proxy.close());
  return proxy;
}

function service(baseUrl: string, env: Record<string, string>): Service {
  const timeouts = { connect: 2000, createAnswer: 2000, poll: 2000, downloadHeaders: 2000 };
  const settings = { baseUrl, apiKey: KEY, routes: ROUTES.anyfast, timeouts, env, ca: TEST_AUTHORITY };
  const connected = connectService(settings);
  onTestFinished(() => connected.close());
  return connected;
}

async function textOf(outcome: Awaited<ReturnType<Service["download"]>>): Promise<string> {
  if (outcome.kind !== "open") return JSON.stringify(outcome);
  const chunks: Uint8Array[] = [];
  for await (const chunk of outcome.body) chunks.push(chunk);
  return Buffer.concat(chunks).toString();
}

/** An address of this machine that others could reach, in the older or the newer form. */
const ownAddress = (family: "IPv4" | "IPv6"): string | undefined =>
  Object.values(networkInterfaces())
    .flat()
    .find((one) => one?.family === family && !one.internal && !one.address.startsWith("fe80"))?.address;
const hasLoopback6 = Object.values(networkInterfaces())
  .flat()
  .some((one) => one?.address === "::1");

describe("behind a proxy", () => {
  const API = "https://api.example.test";
  const LINK = "https://cdn.example.test/clip.mp4";

  test.each(["HTTPS_PROXY", "https_proxy"])(
    "all that is asked goes through %s, and it can read no key",
    async (name) => {
      const asked: string[] = [];
      const port = await listen(secure(api(LINK, asked)), "127.0.0.1");
      const proxy = await proxyTo({ "api.example.test:443": port, "cdn.example.test:443": port });
      const reached = service(API, { [name]: proxy.url });
      expect(await reached.create("{}", "dawn", signal)).toEqual({ kind: "accepted", taskId: "cgt-1" });
      expect(await reached.poll("cgt-1", signal)).toEqual({ kind: "succeeded", url: LINK });
      expect(await textOf(await reached.download(LINK, 0, signal))).toBe("0123456789");
      expect(new Set(proxy.tunnels)).toEqual(new Set(["api.example.test:443", "cdn.example.test:443"]));
      expect(asked).toEqual([
        "POST api.example.test/v1/video/generations",
        "GET api.example.test/v1/video/generations/cgt-1",
        "GET cdn.example.test/clip.mp4",
      ]);
      expect(proxy.seen()).not.toMatch(/authorization|sk-very|generations/i);
    },
  );

  test("nothing is tried around a proxy that refuses", async () => {
    const proxy = await proxyTo({});
    const reached = service(API, { HTTPS_PROXY: proxy.url });
    expect(await reached.poll("cgt-1", signal)).toMatchObject({ kind: "unreadable" });
    expect(await reached.download(LINK, 0, signal)).toMatchObject({ kind: "unreadable" });
    expect(new Set(proxy.tunnels)).toEqual(new Set(["api.example.test:443", "cdn.example.test:443"]));
  });

  test.each([
    ["the name", "cdn.example.test", false],
    ["a domain above it", ".example.test", false],
    ["a domain above it with a star", "*.example.test", false],
    ["everything", "*", false],
    ["one of a list", "other.test, cdn.example.test", false],
    ["its port", "cdn.example.test:443", false],
    ["another port", "cdn.example.test:8443", true],
    ["a name that only ends alike", "dn.example.test", true],
  ])("NO_PROXY with %s", async (_, NO_PROXY, isProxied) => {
    const proxy = await proxyTo({});
    const reached = service(API, { HTTPS_PROXY: proxy.url, NO_PROXY });
    // Nobody has this name, so that the way around the proxy ends where it begins.
    expect(await reached.download(LINK, 0, signal)).toMatchObject({ kind: "unreadable" });
    expect(proxy.tunnels).toEqual(isProxied ? ["cdn.example.test:443"] : []);
  });

  const own = ownAddress("IPv4");
  test.skipIf(own === undefined)("what NO_PROXY names is reached (skipped without a network)", async () => {
    const port = await listen(createHttpServer(api(LINK)), String(own));
    const proxy = await proxyTo({ [`${own}:${port}`]: port });
    const link = `http://${own}:${port}/clip.mp4`;
    const around = service(API, { HTTP_PROXY: proxy.url, HTTPS_PROXY: proxy.url, NO_PROXY: String(own) });
    expect(await textOf(await around.download(link, 0, signal))).toBe("0123456789");
    expect(proxy.tunnels).toEqual([]);
  });
});

describe("IPv6", () => {
  test.skipIf(!hasLoopback6)("a base URL on [::1] works (skipped without IPv6)", async () => {
    const asked: string[] = [];
    const port = await listen(
      createHttpServer((request, response) => {
        api(`http://[::1]:${port}/clip.mp4`, asked)(request, response);
      }),
      "::1",
    );
    const reached = service(`http://[::1]:${port}`, { HTTP_PROXY: "http://127.0.0.1:9" });
    expect(await reached.create("{}", "dawn", signal)).toMatchObject({ kind: "accepted" });
    const done = await reached.poll("cgt-1", signal);
    if (done.kind !== "succeeded") throw new Error(JSON.stringify(done));
    expect(await textOf(await reached.download(done.url, 0, signal))).toBe("0123456789");
    expect(asked[0]).toBe(`POST [::1]:${port}/v1/video/generations`);
  });

  test.skipIf(!hasLoopback6)(
    "so does one over TLS, whose certificate names ::1 (skipped without IPv6)",
    async () => {
      const port = await listen(secure(api("")), "::1");
      expect(await service(`https://[::1]:${port}`, {}).create("{}", "dawn", signal)).toMatchObject({
        kind: "accepted",
      });
    },
  );
});

test("a slow link is waited for, as long as something comes", async () => {
  const port = await listen(
    createHttpServer((_, response) => {
      response.setHeader("content-length", 10);
      let sent = 0;
      const next = (): void => {
        if (sent === 10) return void response.end();
        response.write(String(sent++));
        setTimeout(next, 50);
      };
      next();
    }),
    "127.0.0.1",
  );
  const settings = { baseUrl: "https://a.example", apiKey: KEY, routes: ROUTES.anyfast, env: {} };
  // Ten pauses together are longer than the longest silence that is allowed.
  const slow = connectService({ ...settings, timeouts: { downloadIdle: 400 } });
  onTestFinished(() => slow.close());
  expect(await textOf(await slow.download(`http://127.0.0.1:${port}/`, 0, signal))).toBe("0123456789");
});
