import { afterEach, describe, expect, test } from "vitest";
import type { CreateOutcome } from "../../src/seedance/outcome.ts";
import { connectService, type ServiceTimeouts } from "../../src/service/client.ts";
import { ROUTES } from "../../src/service/routes.ts";
import {
  answer,
  closedPort,
  startRawServer,
  type RawBehaviour,
  type RawServer,
  type Seen,
} from "./raw-server.ts";

const KEY = "sk-very-secret-1234";
const BODY = JSON.stringify({ model: "m", content: [{ type: "text", text: "灯塔" }] });
const ACCEPTED = JSON.stringify({ id: "cgt-1", task_id: "cgt-1", status: "" });
const SHORT = { connect: 2000, createAnswer: 200, poll: 1000 };

const cleanups: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0)) await cleanup();
});

async function server(behaviour: RawBehaviour, tls = false): Promise<RawServer> {
  const started = await startRawServer(behaviour, tls);
  cleanups.push(() => started.close());
  return started;
}

async function create(
  baseUrl: string,
  more: {
    timeouts?: Partial<ServiceTimeouts>;
    env?: Record<string, string>;
    ca?: string;
    signal?: AbortSignal;
    body?: string;
  } = {},
): Promise<CreateOutcome> {
  const { signal = new AbortController().signal, body = BODY, timeouts = SHORT, env = {}, ca } = more;
  const service = connectService({
    baseUrl,
    apiKey: KEY,
    routes: ROUTES.anyfast,
    timeouts,
    env,
    ...(ca === undefined ? {} : { ca }),
  });
  const outcome = await service.create(body, "dawn·1 晨", signal);
  await service.close();
  expect(JSON.stringify(outcome)).not.toContain(KEY);
  return outcome;
}

/** Writes once the request is there, then does `after`. */
const say =
  (text: string, after: (socket: Seen["socket"]) => void = (socket) => socket.end()) =>
  ({ socket, bodyDone }: Seen): void => {
    if (!bodyDone) return;
    socket.write(text);
    after(socket);
  };
const stay = (): void => undefined;
/** Resets after what was written is on its way, so that the client has it. */
const resetLater = (socket: Seen["socket"]): void =>
  void setImmediate(() => setImmediate(() => socket.resetAndDestroy()));

const IN_DOUBT: [string, RawBehaviour][] = [
  ["accepts and closes at once", { onConnect: (socket) => socket.destroy() }],
  ["ends its side at once", { onConnect: (socket) => socket.end() }],
  ["closes after the head", { onData: ({ socket, headDone }) => headDone && socket.destroy() }],
  ["closes after the body", { onData: ({ socket, bodyDone }) => bodyDone && socket.destroy() }],
  ["resets after the head", { onData: ({ socket, headDone }) => headDone && socket.resetAndDestroy() }],
  ["resets after the body", { onData: ({ socket, bodyDone }) => bodyDone && socket.resetAndDestroy() }],
  ["says nothing until we give up", {}],
  ["closes after half a status line", { onData: say("HTTP/1.1 2") }],
  ["closes after half a head", { onData: say("HTTP/1.1 200 OK\r\ncontent-le") }],
  ["resets after half a head", { onData: say("HTTP/1.1 200 OK\r\ncontent-le", resetLater) }],
  ["stalls after half a head", { onData: say("HTTP/1.1 200 OK\r\ncontent-le", stay) }],
  ["closes before any body", { onData: say("HTTP/1.1 200 OK\r\ncontent-length: 50\r\n\r\n") }],
  [
    "closes after half a body",
    { onData: say('HTTP/1.1 200 OK\r\ncontent-length: 50\r\n\r\n{"id":"cgt-1","ta') },
  ],
  [
    "resets after half a body",
    { onData: say('HTTP/1.1 200 OK\r\ncontent-length: 50\r\n\r\n{"id":"cgt-1","ta', resetLater) },
  ],
  [
    "stalls after half a body",
    { onData: say('HTTP/1.1 200 OK\r\ncontent-length: 50\r\n\r\n{"id":"cgt-1","ta', stay) },
  ],
  [
    "closes within a chunk",
    { onData: say('HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n50\r\n{"id":"c') },
  ],
  ["ends half a body of no announced length", { onData: say('HTTP/1.1 200 OK\r\n\r\n{"id":"cgt-1","ta') }],
  [
    "closes after half a refusal",
    { onData: say('HTTP/1.1 400 Bad Request\r\ncontent-length: 99\r\n\r\n{"error":') },
  ],
  ["answers garbage", { onData: say("\x00\x01garbage\r\n\r\n") }],
  ["answers nothing at all but 200", { onData: say(answer("200 OK", "")) }],
  ["answers 200 with a page", { onData: say(answer("200 OK", "<html>hello</html>")) }],
  ["answers 500 with a text", { onData: say(answer("500 Oops", "upstream error")) }],
  ["answers 502 with a page", { onData: say(answer("502 Bad Gateway", "<html>502</html>")) }],
  ["answers 303", { onData: say(answer("303 See Other", "", ["location: /elsewhere"])) }],
  [
    "switches protocols",
    { onData: say("HTTP/1.1 101 Switching\r\nupgrade: x\r\nconnection: upgrade\r\n\r\n") },
  ],
  ["says continue and closes", { onData: say("HTTP/1.1 100 Continue\r\n\r\n") }],
  ["closes after a hint of work", { onData: say("HTTP/1.1 102 Processing\r\n\r\n") }],
  ["answers without end", { onData: say(`HTTP/1.1 200 OK\r\n\r\n${"x".repeat(5_000_000)}`, stay) }],
];

describe("in doubt it is unknown, and nothing is sent twice: the server", () => {
  test.each(IN_DOUBT)("%s", async (_, behaviour) => {
    const raw = await server(behaviour);
    expect((await create(raw.url)).kind).toBe("unknown");
    expect(raw.heard.length).toBe(1);
    expect(raw.requests()).toBeLessThanOrEqual(1);
  });

  test("what came of the answer is kept, so that a person can adopt the task", async () => {
    const raw = await server({
      onData: say('HTTP/1.1 200 OK\r\ncontent-length: 99\r\n\r\n{"task_id":"cgt-7",'),
    });
    expect(await create(raw.url)).toMatchObject({
      kind: "unknown",
      error: { status: 200, message: expect.stringContaining("cgt-7") },
    });
  });

  test("resets at once: it depends on whether that came before our first byte, and we know which", async () => {
    for (let round = 0; round < 20; round++) {
      const raw = await server({ onConnect: (socket) => socket.resetAndDestroy() });
      const outcome = await create(raw.url);
      expect(["not-sent", "unknown"]).toContain(outcome.kind);
      expect(raw.heard.length).toBe(1);
      if (outcome.kind === "not-sent") expect(raw.requests()).toBe(0);
    }
  });

  test("breaks TLS after the handshake", async () => {
    const raw = await server({ onData: ({ socket, headDone }) => headDone && socket.destroy() }, true);
    const { TEST_CERTIFICATE } = await import("./test-certificate.ts");
    expect((await create(raw.url, { ca: TEST_CERTIFICATE })).kind).toBe("unknown");
    expect(raw.requests()).toBe(1);
  });

  test("is still silent when we are interrupted", async () => {
    const stop = new AbortController();
    const raw = await server({ onData: ({ bodyDone }) => bodyDone && stop.abort() });
    const outcome = await create(raw.url, { signal: stop.signal, timeouts: {} });
    expect(outcome.kind).toBe("unknown");
    expect(raw.requests()).toBe(1);
  });
});

describe("not sent for certain", () => {
  test("refused connection", async () => {
    const outcome = await create(`http://127.0.0.1:${await closedPort()}`);
    expect(outcome).toMatchObject({
      kind: "not-sent",
      error: { message: expect.stringContaining("ECONNREFUSED") },
    });
  });

  test("a host that has no address", async () => {
    expect((await create("https://storyc-test.invalid")).kind).toBe("not-sent");
  });

  test("TLS that is not TLS", async () => {
    const raw = await server({ onData: ({ socket }) => socket.end("HTTP/1.1 400 Bad Request\r\n\r\n") });
    expect((await create(`https://127.0.0.1:${raw.port}`)).kind).toBe("not-sent");
    expect(raw.requests()).toBe(0);
  });

  test("TLS that is closed, and TLS that never ends", async () => {
    const closing = await server({ onData: ({ socket }) => socket.destroy() });
    expect((await create(`https://127.0.0.1:${closing.port}`)).kind).toBe("not-sent");
    const silent = await server({});
    expect((await create(`https://127.0.0.1:${silent.port}`, { timeouts: { connect: 150 } })).kind).toBe(
      "not-sent",
    );
    expect([closing.heard.length, silent.heard.length]).toEqual([1, 1]);
  });

  test("a certificate that nobody trusts, and one for another host", async () => {
    const raw = await server({}, true);
    const { TEST_CERTIFICATE: ca } = await import("./test-certificate.ts");
    expect((await create(raw.url)).kind).toBe("not-sent");
    expect((await create(`https://localhost:${raw.port}`, { ca })).kind).toBe("not-sent");
    expect(raw.requests()).toBe(0);
  });

  test("interrupted before the start, or while connecting", async () => {
    const silent = await server({});
    const stop = new AbortController();
    const waiting = create(`https://127.0.0.1:${silent.port}`, { signal: stop.signal, timeouts: {} });
    stop.abort();
    expect((await waiting).kind).toBe("not-sent");
    expect((await create(silent.url, { signal: stop.signal })).kind).toBe("not-sent");
    expect(silent.requests()).toBe(0);
  });
});

describe("whole answers", () => {
  test("the exact bytes arrive once, on a connection of their own", async () => {
    const raw = await server({ onData: say(answer("200 OK", ACCEPTED, ["connection: keep-alive"]), stay) });
    const service = connectService({
      baseUrl: `${raw.url}/v1/`,
      apiKey: KEY,
      routes: ROUTES.anyfast,
      timeouts: SHORT,
    });
    const { signal } = new AbortController();
    for (const label of ["dawn·1", "dawn·2"])
      expect(await service.create(BODY, label, signal)).toEqual({ kind: "accepted", taskId: "cgt-1" });
    await service.close();
    expect(raw.heard.length).toBe(2);
    const [head = "", body] = raw.heard[0]?.split("\r\n\r\n") ?? [];
    expect(body).toBe(Buffer.from(BODY).toString("latin1"));
    expect(head.split("\r\n")[0]).toBe("POST /v1/video/generations HTTP/1.1");
    expect(head.toLowerCase()).toContain(`authorization: bearer ${KEY}`);
    expect(head.toLowerCase()).toContain("x-client-request-id: dawn%c2%b71");
    expect(head.toLowerCase()).toContain("connection: close");
  });

  test.each([
    ["429 Busy", "", ["retry-after: 3"], { kind: "busy", retryAfterMs: 3000 }],
    [
      "400 Bad Request",
      '{"error":{"code":"InvalidParameter","message":"content[1]"}}',
      [],
      { kind: "refused" },
    ],
    ["401 Unauthorized", `{"error":{"message":"wrong key ${KEY}"}}`, [], { kind: "halt", reason: "bad-key" }],
    ["307 Temporary Redirect", "", ["location: https://other.example/v1"], { kind: "refused" }],
    ["200 OK", ACCEPTED, [], { kind: "accepted" }],
  ] as const)("%s %s", async (status, body, headers, expected) => {
    const raw = await server({ onData: say(answer(status, body, headers)) });
    expect(await create(raw.url)).toMatchObject(expected);
    expect(raw.requests()).toBe(1);
  });

  test("after a hint of work, and before the whole body was read", async () => {
    const hinting = await server({
      onData: say(`HTTP/1.1 102 Processing\r\n\r\n${answer("200 OK", ACCEPTED)}`),
    });
    expect((await create(hinting.url)).kind).toBe("accepted");
    const early = await server({
      onData: ({ socket, headDone }) => headDone && socket.write(answer("200 OK", ACCEPTED)),
    });
    expect((await create(early.url, { body: JSON.stringify("x".repeat(20_000_000)) })).kind).toBe("accepted");
    expect(early.requests()).toBe(1);
  });
});

describe("through a proxy", () => {
  const target = "https://api.example.test";

  test("the request goes through a tunnel, and the proxy never sees the key", async () => {
    const { TEST_CERTIFICATE: ca } = await import("./test-certificate.ts");
    const { connect } = await import("node:net");
    const api = await server({ onData: say(answer("200 OK", ACCEPTED)) }, true);
    const proxy = await server({
      onData: ({ socket, headDone }) => {
        if (!headDone) return;
        const upstream = connect(api.port, "127.0.0.1", () => {
          socket.removeAllListeners("data");
          socket.write("HTTP/1.1 200 OK\r\n\r\n");
          socket.pipe(upstream).pipe(socket);
        }).on("error", () => socket.destroy());
      },
    });
    const outcome = await create(target, { env: { HTTPS_PROXY: proxy.url }, ca });
    expect(outcome).toEqual({ kind: "accepted", taskId: "cgt-1" });
    expect(proxy.heard.join("")).toMatch(/^CONNECT api\.example\.test:443 /);
    expect(proxy.heard.join("")).not.toContain(KEY);
    expect(api.requests()).toBe(1);
  });

  test.each<[string, RawBehaviour]>([
    ["refuses", { onData: ({ socket, headDone }) => headDone && socket.end(answer("403 Forbidden", "")) }],
    [
      "wants a password",
      { onData: ({ socket, headDone }) => headDone && socket.end(answer("407 Auth", "")) },
    ],
    ["hangs up", { onData: ({ socket }) => socket.destroy() }],
    ["hangs up at once", { onConnect: (socket) => socket.destroy() }],
    ["says nothing", {}],
  ])("a proxy that %s: nothing was sent", async (_, behaviour) => {
    const proxy = await server(behaviour);
    const outcome = await create(target, { env: { https_proxy: proxy.url }, timeouts: { connect: 300 } });
    expect(outcome.kind).toBe("not-sent");
    expect(proxy.heard.length).toBe(1);
  });

  test("loopback and NO_PROXY go around it", async () => {
    const proxy = await server({});
    const raw = await server({ onData: say(answer("200 OK", ACCEPTED)) });
    const env = { HTTP_PROXY: proxy.url, HTTPS_PROXY: proxy.url, NO_PROXY: "storyc-test.invalid" };
    expect((await create(raw.url, { env })).kind).toBe("accepted");
    expect((await create("https://storyc-test.invalid", { env })).kind).toBe("not-sent");
    expect(proxy.heard.length).toBe(0);
  });
});
