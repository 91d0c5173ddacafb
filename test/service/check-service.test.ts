import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, describe, expect, test } from "vitest";
import { checkService, type CheckSettings, type ServiceCheck } from "../../src/service/check-service.ts";
import { proxyOf } from "../../src/service/proxy.ts";
import { ROUTES } from "../../src/service/routes.ts";
import { startEmulator } from "../../src/emulator/start.ts";
import { answer, closedPort, startRawServer, type RawBehaviour, type RawServer } from "./raw-server.ts";
import { TEST_CERTIFICATE } from "./test-certificate.ts";

const KEY = "sk-0123456789";
const servers: RawServer[] = [];
afterEach(async () => {
  for (const server of servers.splice(0)) await server.close();
});

async function serve(behaviour: RawBehaviour, tls = false): Promise<RawServer> {
  const server = await startRawServer(behaviour, tls);
  servers.push(server);
  return server;
}

function ask(settings: Partial<CheckSettings> & { baseUrl: string }): Promise<ServiceCheck> {
  return checkService({ routes: ROUTES.anyfast, apiKey: KEY, env: {}, timeoutMs: 2000, ...settings });
}

const says = (status: string, body: string, headers: readonly string[] = []): RawBehaviour => ({
  onData: ({ socket, headDone }) => void (headDone && socket.end(answer(status, body, headers))),
});

describe("what a service answers", () => {
  test.each([
    [
      "400 Bad Request",
      '{"code":"task_not_exist","message":"task_not_exist","data":null}',
      "ready",
      "accepts the key",
    ],
    ["404 Not Found", '{"error":{"code":"","message":"the task was not found"}}', "ready", "accepts the key"],
    ["200 OK", '{"code":"success","data":null}', "ready", "accepts the key"],
    [
      "401 Unauthorized",
      `{"error":{"code":"AuthenticationError","message":"bad key ${KEY}"}}`,
      "bad-key",
      "bad key …",
    ],
    [
      "403 Forbidden",
      '{"error":{"code":"AccountOverdueError","message":"pay"}}',
      "no-access",
      "AccountOverdueError: pay",
    ],
    ["402 Payment Required", '{"error":{"code":"x","message":"pay"}}', "no-credit", "x: pay"],
    [
      "429 Too Many Requests",
      '{"error":{"code":"RateLimitExceeded","message":"slow"}}',
      "trouble",
      "HTTP 429",
    ],
    ["502 Bad Gateway", "<html>bad</html>", "trouble", "no JSON"],
    ["200 OK", "<html>welcome</html>", "wrong-place", "something else than the API"],
    [
      "404 Not Found",
      '{"error":{"code":"NotFound","message":"no route"}}',
      "wrong-place",
      "not about a task",
    ],
  ])("%s %s is %s", async (status, body, kind, message) => {
    const server = await serve(says(status, body));
    const found = await ask({ baseUrl: server.url });
    expect(found).toMatchObject({ kind, message: expect.stringContaining(message) });
    expect(found.message).not.toContain(KEY);
    expect(server.heard[0]).toMatch(/^GET \/v1\/video\/generations\/storyc-doctor HTTP/);
  });

  test("a redirect names the place, and is not followed", async () => {
    const server = await serve(says("302 Found", "", ["location: https://new.example/v1?x=1"]));
    expect(await ask({ baseUrl: server.url })).toMatchObject({
      kind: "wrong-place",
      message: expect.stringContaining("sends on to https://new.example/v1?…"),
    });
    expect(server.heard).toHaveLength(1);
  });

  test("without a key only the way is tried", async () => {
    const server = await serve(says("401 Unauthorized", '{"error":{"code":"","message":"no key"}}'));
    expect(await ask({ baseUrl: server.url, apiKey: undefined })).toMatchObject({ kind: "no-key" });
    expect(server.heard[0]).not.toMatch(/authorization/i);
  });
});

describe("the emulator", () => {
  test.each([
    ["anyfast", KEY, "ready"],
    ["ark", KEY, "ready"],
    ["anyfast", "sk-another", "bad-key"],
    ["ark", "sk-another", "bad-key"],
  ] as const)("at %s with the key %s is %s, and nothing is created", async (provider, apiKey, kind) => {
    const folder = mkdtempSync(join(tmpdir(), "storyc-check-"));
    const emulator = await startEmulator({ port: 0, key: KEY, folder });
    try {
      const found = await ask({ baseUrl: emulator.url, routes: ROUTES[provider], apiKey });
      expect(found).toMatchObject({ kind });
      const stats = (await (await fetch(`${emulator.url}/__stats`)).json()) as {
        requests: Record<string, number>;
      };
      expect(stats.requests["create"] ?? 0).toBe(0);
    } finally {
      await emulator.close();
      rmSync(folder, { recursive: true });
    }
  });
});

describe("where the way ends", () => {
  test("a name that nobody knows", async () => {
    expect(await ask({ baseUrl: "https://nowhere.invalid" })).toMatchObject({
      kind: "unreachable",
      stage: "name",
    });
  });

  test("a port at which nobody listens", async () => {
    const found = await ask({ baseUrl: `http://127.0.0.1:${await closedPort()}` });
    expect(found).toMatchObject({
      kind: "unreachable",
      stage: "connection",
      message: expect.stringContaining("refused"),
    });
  });

  test("a certificate that is not trusted, and one that is", async () => {
    const server = await serve(says("200 OK", '{"code":"success","data":null}'), true);
    expect(await ask({ baseUrl: server.url })).toMatchObject({
      kind: "unreachable",
      stage: "encryption",
      message: expect.stringContaining("NODE_EXTRA_CA_CERTS"),
    });
    expect(await ask({ baseUrl: server.url, ca: TEST_CERTIFICATE })).toMatchObject({ kind: "ready" });
  });

  test("plain text where TLS was expected", async () => {
    const server = await serve({ onData: ({ socket }) => void socket.end(answer("400 Bad Request", "")) });
    expect(await ask({ baseUrl: server.url.replace("http:", "https:") })).toMatchObject({
      stage: "encryption",
    });
  });

  test.each([
    ["says nothing", {}],
    [
      "stops in the middle",
      {
        onData: ({ socket }) => void socket.write("HTTP/1.1 200 OK\r\ncontent-length: 99\r\n\r\n{"),
      } satisfies RawBehaviour,
    ],
  ])("a server that %s is not waited for", async (_, behaviour) => {
    const server = await serve(behaviour as RawBehaviour);
    const before = Date.now();
    expect(await ask({ baseUrl: server.url, timeoutMs: 200 })).toMatchObject({
      kind: "unreachable",
      stage: "time",
    });
    expect(Date.now() - before).toBeLessThan(2000);
  });

  test.each([
    ["is not there", undefined],
    ["wants a password", says("407 Proxy Authentication Required", "")],
    ["hangs up", { onData: ({ socket }) => void socket.destroy() } satisfies RawBehaviour],
  ])("a proxy that %s", async (_, behaviour) => {
    const port = behaviour ? (await serve(behaviour)).port : await closedPort();
    const env = { HTTPS_PROXY: `http://me:secret@127.0.0.1:${port}` };
    const found = await ask({ baseUrl: "https://api.example.test", env });
    expect(found).toMatchObject({
      kind: "unreachable",
      stage: "proxy",
      message: expect.stringContaining(`api.example.test through the proxy 127.0.0.1:${port}: `),
    });
    expect(found.message).not.toContain("secret");
  });
});

test.each([
  ["https://a.example", {}, undefined],
  ["https://a.example", { HTTPS_PROXY: "http://u:p@proxy:3128" }, "proxy:3128"],
  ["https://a.example", { https_proxy: "", HTTPS_PROXY: "http://proxy:3128" }, undefined],
  ["https://a.example", { HTTP_PROXY: "http://proxy:3128" }, "proxy:3128"],
  ["https://b.a.example", { HTTPS_PROXY: "http://proxy:1", NO_PROXY: "x, .a.example" }, undefined],
  ["https://ba.example", { HTTPS_PROXY: "http://proxy:1", NO_PROXY: "a.example" }, "proxy:1"],
  ["https://a.example", { HTTPS_PROXY: "http://proxy:1", NO_PROXY: "a.example:8443" }, "proxy:1"],
  ["https://a.example", { HTTPS_PROXY: "http://proxy:1", NO_PROXY: "*" }, undefined],
  ["http://127.0.0.1:1", { HTTP_PROXY: "http://proxy:1" }, undefined],
])("%s with %j goes through %s", (url, env, proxy) => {
  expect(proxyOf(new URL(url), env)).toBe(proxy);
});
