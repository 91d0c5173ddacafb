import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, describe, expect, test } from "vitest";
import { examine, examineOnline, type DoctorOptions } from "../../src/driver/doctor.ts";
import { certificatesFinding, nodeFinding, proxyFindings } from "../../src/driver/doctor-machine.ts";
import { maskKey } from "../../src/driver/doctor-settings.ts";
import { readEnvironment } from "../../src/driver/environment.ts";
import type { Environment } from "../../src/driver/options.ts";
import { S3_KEYS, startS3Stub } from "../support/s3-stub.ts";
import { answer, startRawServer } from "../service/raw-server.ts";
import { TEST_CERTIFICATE } from "../service/test-certificate.ts";

const KEY = "sk-0123456789abcdefghij";
const folders: string[] = [];
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

const STORYBOARD = "version: 1\nprovider: anyfast\nscenes:\n  - { id: dawn, prompt: At dawn. }\n";

function project(files: Readonly<Record<string, string>> = {}, isCheckout = false): string {
  const folder = mkdtempSync(join(tmpdir(), "storyc-doctor-"));
  folders.push(folder);
  if (isCheckout) execFileSync("git", ["init", "-q"], { cwd: folder });
  else mkdirSync(join(folder, ".git"));
  for (const [name, text] of Object.entries({ "film.yaml": STORYBOARD, ...files }))
    writeFileSync(join(folder, name), text);
  return folder;
}

function optionsOf(cwd: string, outer: Environment = {}): DoctorOptions {
  const environment = { XDG_CONFIG_HOME: join(cwd, "none"), ...outer };
  const settings = readEnvironment(undefined, cwd, environment);
  return { cwd, settings, version: "1.2.3", now: Date.parse("2026-11-25"), network: {} };
}

async function told(cwd: string, outer: Environment = {}): Promise<Record<string, string>> {
  const findings = await examine(optionsOf(cwd, outer));
  return Object.fromEntries(findings.map(({ name, ok, text }) => [name, `${ok ? "ok" : "!!"} ${text}`]));
}

describe("each setting is told with where it comes from", () => {
  test("of the environment, of .env, of the storyboard, or none", async () => {
    const cwd = project({ ".env": `ANYFAST_API_KEY=${KEY}\nSTORYC_DEBUG=1\n` });
    expect(
      await told(cwd, { ARK_API_KEY: "short", ARK_BASE_URL: "https://ark.example/api/v3/" }),
    ).toMatchObject({
      storyc: "ok 1.2.3",
      storyboard: "ok film.yaml",
      settings: "ok .env sets ANYFAST_API_KEY, STORYC_DEBUG",
      provider: "ok anyfast (storyboard)",
      anyfast: "ok ANYFAST_API_KEY is set (…ghij, .env); https://www.anyfast.ai (default)",
      ark: "ok ARK_API_KEY is set (5 characters, environment); https://ark.example (environment)",
      prices: "ok USD of 2026-08, the list of the model's maker",
      proxy: "ok none",
      certificates: "ok those of Node",
      STORYC_DEBUG: "!! stands in .env, and counts in the environment only",
    });
  });

  test("what leads the network counts in the environment only, and its password is not shown", async () => {
    const proxy = "http://me:hidden@proxy.example:3128";
    const cwd = project({ ".env": `HTTPS_PROXY=${proxy}\nno_proxy=*\nNODE_EXTRA_CA_CERTS=/x.pem\n` });
    const found = await told(cwd, { HTTP_PROXY: proxy });
    const stray = "!! stands in .env, and counts in the environment only";
    expect(found).toMatchObject({ HTTPS_PROXY: stray, no_proxy: stray, NODE_EXTRA_CA_CERTS: stray });
    expect(found).not.toHaveProperty("HTTP_PROXY");
    expect(JSON.stringify(found)).not.toContain("hidden");
  });

  test("what is wrong is marked", async () => {
    const cwd = project({ "film.yaml": "version: 1\nscenes:\n  - { id: dawn }\n" });
    const environment = {
      ANYFAST_BASE_URL: "http://a.example",
      STORYC_PRICES: "none.yaml",
      STORYC_PROVIDER: "anyfst",
    };
    expect(await told(cwd, environment)).toMatchObject({
      storyboard: "!! film.yaml has an error; `storyc check` tells of it",
      settings: "!! STORYC_PROVIDER is `anyfst`; it can be emulator, anyfast, ark",
      anyfast:
        "!! ANYFAST_BASE_URL (environment): the base URL must be https: the key would travel in the clear",
      prices: "!! there is no file none.yaml",
    });
  });

  test.each([
    [".env\n", "ok .env sets ANYFAST_API_KEY"],
    ["", "!! .env sets ANYFAST_API_KEY; git does not ignore it, add it to .gitignore"],
  ])("a key that git would publish is told: .gitignore %j", async (ignored, text) => {
    const cwd = project({ ".env": `ANYFAST_API_KEY=${KEY}\n`, ".gitignore": ignored }, true);
    expect(await told(cwd)).toMatchObject({ settings: text });
  });
});

test.each([
  [KEY, "…ghij"],
  ["sk-0123456789abcdef", "19 characters"],
  ["abcd", "4 characters"],
])("the key %s is shown as %s", (key, shown) => {
  expect(maskKey(key)).toBe(shown);
});

test.each([
  [{ HTTPS_PROXY: "http://me:secret@proxy:3128" }, ["ok HTTPS_PROXY: http://…@proxy:3128"]],
  [{ https_proxy: "http://a:1", HTTPS_PROXY: "http://b:2" }, ["ok https_proxy: http://a:1"]],
  [
    { HTTP_PROXY: "proxy", NO_PROXY: "a.example" },
    [
      "!! HTTP_PROXY is not a proxy's URL, such as http://proxy.example.com:3128",
      "ok NO_PROXY: not for a.example",
    ],
  ],
])("proxies are told without their passwords: %j", (environment, lines) => {
  expect(proxyFindings(environment).map(({ ok, text }) => `${ok ? "ok" : "!!"} ${text}`)).toEqual(lines);
});

test("certificates are counted, and a file without any is told", () => {
  const cwd = project({ "ca.pem": TEST_CERTIFICATE, "empty.pem": "" });
  const told = (file: string): unknown => certificatesFinding({ NODE_EXTRA_CA_CERTS: join(cwd, file) });
  expect(told("ca.pem")).toMatchObject({ ok: true, text: expect.stringContaining("and 1 of") });
  expect(told("empty.pem")).toMatchObject({ ok: false });
  expect(told("none.pem")).toMatchObject({ ok: false });
});

test.each([
  ["20.18.0", true],
  ["22.1.0", true],
  ["20.17.9", false],
  ["18.20.0", false],
])("Node %s is new enough: %s", (version, ok) => {
  expect(nodeFinding(version).ok).toBe(ok);
});

describe("online", () => {
  test("the provider that would be used is asked, and each that has a key", async () => {
    const server = await startRawServer({
      onData: ({ socket, text }) => {
        const isArk = text.includes("/api/v3/");
        const body = isArk ? '{"items":[],"total":0}' : '{"code":"task_not_exist","message":"no such task"}';
        socket.end(answer(isArk ? "200 OK" : "400 Bad Request", body));
      },
    });
    try {
      const keys = { ANYFAST_API_KEY: KEY, ARK_API_KEY: KEY };
      const environment = { ...keys, ANYFAST_BASE_URL: server.url, ARK_BASE_URL: server.url };
      const findings = await examineOnline(optionsOf(project(), environment));
      const host = new URL(server.url).host;
      expect(findings).toEqual([
        { name: "anyfast online", ok: true, text: `${host} answers, and accepts the key` },
        { name: "ark online", ok: true, text: `${host} answers, and accepts the key` },
      ]);
      const one = await examineOnline(optionsOf(project(), { ANYFAST_BASE_URL: server.url }));
      expect(one).toEqual([
        {
          name: "anyfast online",
          ok: false,
          text: `${host} answers; there is no key to try: set ANYFAST_API_KEY`,
        },
      ]);
    } finally {
      await server.close();
    }
  });

  test("a bucket is asked whether it answers the keys", async () => {
    const stub = await startS3Stub();
    try {
      const store = `store: { bucket: films, endpoint: "${stub.url}" }\n`;
      const cwd = project({ "film.yaml": STORYBOARD.replace("provider: anyfast\n", store) });
      const keys = (secret: string): Environment => ({
        AWS_ACCESS_KEY_ID: S3_KEYS.accessKeyId,
        AWS_SECRET_ACCESS_KEY: secret,
      });
      const ask = async (secret: string) => (await examineOnline(optionsOf(cwd, keys(secret)))).at(-1);
      const name = `the bucket \`films\` at ${new URL(stub.url).host}`;
      const text = `${name} answers these keys`;
      expect(await ask(S3_KEYS.secretAccessKey)).toEqual({ name: "store online", ok: true, text });
      expect(await ask("another")).toMatchObject({
        ok: false,
        text: `${name} does not answer as it should (SignatureDoesNotMatch: the secret key is wrong, or \`region\` or \`path_style\` is)`,
      });
      expect(stub.objects.size).toBe(0);
      expect(await told(cwd, keys("another"))).toMatchObject({
        store: `ok films at ${new URL(stub.url).host}; keys from AWS_ACCESS_KEY_ID`,
      });
    } finally {
      await stub.close();
    }
  });

  test("where no provider is named and no key is set, nobody is asked", async () => {
    const cwd = project({ "film.yaml": STORYBOARD.replace("provider: anyfast\n", "") });
    expect(await examineOnline(optionsOf(cwd))).toEqual([
      { name: "online", ok: true, text: "no provider is named and no key is set, so none was asked" },
    ]);
  });
});
