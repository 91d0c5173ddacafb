import { describe, expect, test } from "vitest";
import { connectService } from "../../src/service/client.ts";
import { ROUTES } from "../../src/service/routes.ts";
import { ACCEPTED, BODY, create, KEY, say, server, SHORT, stay } from "./create-once.ts";
import { answer, closedPort, type RawBehaviour } from "./raw-server.ts";

describe("in doubt it is unknown, and nothing is sent twice: the server", () => {
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
