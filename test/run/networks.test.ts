import { readFileSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:https";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { SIGNED_CERTIFICATE, SIGNED_KEY, TEST_AUTHORITY } from "../service/test-authority.ts";
import { startConnectProxy, type ConnectProxy } from "../support/connect-proxy.ts";
import { readRendered, runProgram, TestProject } from "../support/program.ts";

const KEY = "sk-very-secret-1234";
const CLIP = readFileSync(fileURLToPath(new URL("../fixtures/media/reordered.mp4", import.meta.url)));
const LINK = "https://cdn.example.test/clip.mp4?X-Tos-Signature=1";
const FILM =
  "version: 1\nprovider: anyfast\ndefaults: { resolution: 480p, duration: 4 }\nscenes:\n  - { id: dawn, prompt: At dawn. }\n";

/** The service and its store behind a certificate that only our own authority has signed. */
const asked: string[] = [];
const server: Server = createServer({ cert: SIGNED_CERTIFICATE, key: SIGNED_KEY }, (request, response) => {
  asked.push(`${request.method} ${request.headers.host} ${request.headers.authorization ?? "no key"}`);
  if (request.headers.host === "cdn.example.test") return void response.end(CLIP);
  request.resume();
  const done = { status: "succeeded", content: { video_url: LINK } };
  response.end(JSON.stringify({ id: "cgt-1", ...(request.method === "GET" && done) }));
});
let port: number;
let project: TestProject;
let proxy: ConnectProxy;
let authority: string;

beforeAll(async () => {
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  port = (server.address() as AddressInfo).port;
});
afterAll(() => void (server.closeAllConnections(), server.close()));
beforeEach(async () => {
  asked.length = 0;
  proxy = await startConnectProxy({ "api.example.test:443": port, "cdn.example.test:443": port });
  project = new TestProject("none");
  project.write(FILM);
  authority = join(project.folder, "authority.pem");
  writeFileSync(authority, TEST_AUTHORITY);
});
afterEach(async () => {
  await proxy.close();
  project.remove();
});

const run = (args: readonly string[], env: Record<string, string>) =>
  runProgram(args, project.folder, {
    ANYFAST_API_KEY: KEY,
    ANYFAST_BASE_URL: "https://api.example.test",
    ...env,
  });
const RENDER = ["render", "--yes", "--json", "--poll-first", "0.02", "--poll-every", "0.02"];
const ONLINE = ["doctor", "--online"];

describe("the program in a company's network", () => {
  test("renders through a proxy, trusting an authority of the company's own; neither proxy nor store sees the key", async () => {
    const rendered = readRendered(
      await run(RENDER, { HTTPS_PROXY: proxy.url, NODE_EXTRA_CA_CERTS: authority }),
    );
    expect(rendered.scenes, rendered.stderr).toEqual({ dawn: "done" });
    expect(asked).toEqual([
      `POST api.example.test Bearer ${KEY}`,
      `GET api.example.test Bearer ${KEY}`,
      "GET cdn.example.test no key",
    ]);
    expect(new Set(proxy.tunnels)).toEqual(new Set(["api.example.test:443", "cdn.example.test:443"]));
    expect(proxy.seen()).not.toContain(KEY);
  });

  test("keeps to NO_PROXY", async () => {
    const env = { HTTPS_PROXY: proxy.url, NO_PROXY: ".example.test", NODE_EXTRA_CA_CERTS: authority };
    expect((await run(ONLINE, env)).stdout).toMatch(/anyfast online .*(ENOTFOUND|EAI_AGAIN)/);
    expect(proxy.tunnels).toEqual([]);
  });

  test("trusts nobody whom it was not told to trust, and says what to set", async () => {
    const base = { ANYFAST_BASE_URL: `https://127.0.0.1:${port}` };
    expect((await run(ONLINE, base)).stdout).toMatch(/anyfast online .*NODE_EXTRA_CA_CERTS/);
    expect(asked).toEqual([]);
    expect((await run(ONLINE, { ...base, NODE_EXTRA_CA_CERTS: authority })).stdout).toMatch(
      /anyfast online .*accepts the key/,
    );
  });

  test("takes no proxy and no authority from a .env: a checkout cannot lead the key astray", async () => {
    writeFileSync(
      join(project.folder, ".env"),
      `HTTPS_PROXY=${proxy.url}\nhttps_proxy=${proxy.url}\nHTTP_PROXY=${proxy.url}\nNODE_EXTRA_CA_CERTS=${authority}\nNODE_TLS_REJECT_UNAUTHORIZED=0\n`,
    );
    const base = { ANYFAST_BASE_URL: `https://127.0.0.1:${port}` };
    expect((await run(ONLINE, base)).stdout).toMatch(/anyfast online .*NODE_EXTRA_CA_CERTS/);
    const { stdout } = await run(ONLINE, {});
    expect(stdout).toMatch(/anyfast online .*(ENOTFOUND|EAI_AGAIN)/);
    expect(stdout).toMatch(/HTTPS_PROXY .*stands in \.env, and counts in the environment only/);
    expect([proxy.tunnels, asked]).toEqual([[], []]);
  });
});
