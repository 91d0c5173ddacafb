import { afterEach, describe, expect, test } from "vitest";
import type { Service } from "../../src/execute/service.ts";
import { connectService } from "../../src/service/client.ts";
import { ROUTES } from "../../src/service/routes.ts";
import { hold } from "../support/held.ts";
import { answer, closedPort, startRawServer, type RawBehaviour, type RawServer } from "./raw-server.ts";

const KEY = "sk-very-secret-1234";
const cleanups: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0)) await cleanup();
});

async function server(behaviour: RawBehaviour | string): Promise<RawServer> {
  const started = await startRawServer(typeof behaviour === "string" ? answering(behaviour) : behaviour);
  cleanups.push(() => started.close());
  return started;
}

function answering(text: string): RawBehaviour {
  return { onData: ({ socket, headDone }) => headDone && socket.end(text) };
}

function service(baseUrl = "https://api.example.test"): Service {
  const timeouts = { connect: 1000, poll: 200, downloadHeaders: 200, downloadIdle: 200 };
  const connected = connectService({ baseUrl, apiKey: KEY, routes: ROUTES.anyfast, timeouts, env: {} });
  cleanups.push(() => connected.close());
  return connected;
}

const { signal } = new AbortController();
const open = (url: string, from = 0, api = service()) => api.download(url, from, signal);

async function textOf(body: AsyncIterable<Uint8Array>): Promise<string> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of body) chunks.push(chunk);
  return Buffer.concat(chunks).toString();
}

async function opened(
  url: string,
  from = 0,
  api = service(),
): Promise<{ text: string; from: number; bytes?: number }> {
  const outcome = await open(url, from, api);
  if (outcome.kind !== "open") throw new Error(JSON.stringify(outcome));
  const { body, from: begin, bytes } = outcome;
  return { text: await textOf(body), from: begin, ...(bytes === undefined ? {} : { bytes }) };
}

describe("download", () => {
  test("whole, without the key and as it is", async () => {
    const raw = await server(answer("200 OK", "0123456789"));
    expect(await opened(`${raw.url}/clip.mp4?sig=1`)).toEqual({ text: "0123456789", from: 0, bytes: 10 });
    expect(raw.heard[0]).toMatch(/^GET \/clip\.mp4\?sig=1 /);
    expect(raw.heard[0]?.toLowerCase()).not.toMatch(/authorization|range:/);
  });

  test("from where it stopped", async () => {
    const raw = await server(answer("206 Partial Content", "6789", ["content-range: bytes 6-9/10"]));
    expect(await opened(`${raw.url}/clip`, 6)).toEqual({ text: "6789", from: 6, bytes: 10 });
    expect(raw.heard[0]?.toLowerCase()).toContain("range: bytes=6-\r\n");
  });

  test("from elsewhere than was asked, when the server says so", async () => {
    const whole = await server(answer("200 OK", "0123456789"));
    expect(await opened(whole.url, 6)).toEqual({ text: "0123456789", from: 0, bytes: 10 });
    const other = await server(answer("206 Partial Content", "456789", ["content-range: bytes 4-9/10"]));
    expect((await opened(other.url, 6)).from).toBe(4);
    const mute = await server(answer("206 Partial Content", "6789"));
    expect((await open(mute.url, 6)).kind).toBe("unreadable");
  });

  test("nothing left to fetch, and more on disk than there is", async () => {
    const done = await server(answer("416 Range Not Satisfiable", "", ["content-range: bytes */10"]));
    expect(await opened(done.url, 10)).toEqual({ text: "", from: 10, bytes: 10 });
    const short = await server({
      onData: ({ socket, text, headDone }) => {
        if (!headDone) return;
        const tooFar = /range:/i.test(text);
        socket.end(tooFar ? answer("416 No", "", ["content-range: bytes */3"]) : answer("200 OK", "012"));
      },
    });
    expect(await opened(short.url, 10)).toEqual({ text: "012", from: 0, bytes: 3 });
  });

  test("redirects to another host, which never sees the key", async () => {
    const far = await server(answer("200 OK", "clip"));
    const near = await server(answer("302 Found", "", [`location: ${far.url}/clip?sig=1`]));
    const api = service(near.url);
    expect((await opened(`${near.url}/v1/videos/1/content`, 0, api)).text).toBe("clip");
    expect(near.heard.join() + far.heard.join()).not.toContain(KEY);
  });

  test("a link to the API's own host gets the key when it asks for it, and no other host does", async () => {
    const far = await server(answer("401 Unauthorized", ""));
    const near = await server({
      onData: ({ socket, text, headDone }) => {
        if (!headDone) return;
        if (text.includes(KEY)) socket.end(answer("302 Found", "", [`location: ${far.url}/clip`]));
        else socket.end(answer("401 Unauthorized", ""));
      },
    });
    const outcome = await open(`${near.url}/v1/videos/1/content`, 0, service(near.url));
    expect(outcome.kind).toBe("unreadable");
    expect(near.heard.length).toBe(2);
    expect(far.heard.join()).toMatch(/^GET \/clip /);
    expect(far.heard.join()).not.toContain(KEY);
  });

  test.each(["301 Moved", "302 Found", "303 See Other", "307 Temporary", "308 Permanent"])(
    "%s from a link that was given the key leads away without it, over several hosts and back",
    async (status) => {
      const end = await server(answer("200 OK", "clip"));
      const middle = await server(answer(status, "", [`location: ${end.url}/clip?sig=1`]));
      const near = await server({
        onData: ({ socket, text, headDone }) => {
          if (!headDone) return;
          if (text.startsWith("GET /back")) socket.end(answer(status, "", [`location: ${middle.url}/b`]));
          else if (text.includes(KEY)) socket.end(answer(status, "", [`location: ${far.url}/a`]));
          else socket.end(answer("401 Unauthorized", ""));
        },
      });
      const far = await server(answer(status, "", [`location: ${near.url}/back`]));
      expect((await opened(`${near.url}/v1/videos/1/content`, 0, service(near.url))).text).toBe("clip");
      expect(near.heard.map((text) => [text.split(" ")[1], text.includes(KEY)])).toEqual([
        ["/v1/videos/1/content", false],
        ["/v1/videos/1/content", true],
        ["/back", false],
      ]);
      for (const other of [far, middle, end]) {
        expect(other.heard).toHaveLength(1);
        expect(other.heard.join()).not.toMatch(/authorization|sk-very/i);
      }
    },
  );

  test("another port, another scheme and another name are other hosts, which never get the key", async () => {
    const asking = await server(answer("401 Unauthorized", ""));
    for (const base of [
      `http://127.0.0.1:1`,
      `https://127.0.0.1:${asking.port}`,
      `http://localhost:${asking.port}`,
    ])
      expect((await open(`${asking.url}/clip`, 0, service(base))).kind).toBe("unreadable");
    expect(asking.heard).toHaveLength(3);
    expect(asking.heard.join()).not.toMatch(/authorization|sk-very/i);
  });

  test.each([
    ["403 Forbidden", "gone"],
    ["404 Not Found", "gone"],
    ["410 Gone", "gone"],
    ["500 Oops", "unreadable"],
    ["429 Slow", "unreadable"],
    ["204 Nothing", "unreadable"],
    ["304 Same", "unreadable"],
  ])("%s is %s, and the link's secret is in no message", async (status, kind) => {
    const raw = await server(answer(status, ""));
    const outcome = await open(`${raw.url}/clip?X-Tos-Signature=abc`);
    expect(outcome).toMatchObject({ kind, error: { message: expect.stringContaining("/clip?…") } });
    expect(JSON.stringify(outcome)).not.toContain("abc");
  });

  test("circles, strange links and dead hosts are unreadable", async () => {
    const circle = await server({
      onData: ({ socket, headDone }) => headDone && socket.end(answer("302 Found", "", ["location: /again"])),
    });
    expect((await open(circle.url)).kind).toBe("unreadable");
    expect(circle.heard.length).toBe(6);
    expect((await open("file:///etc/passwd")).kind).toBe("unreadable");
    expect((await open("no link")).kind).toBe("unreadable");
    expect((await open(`http://127.0.0.1:${await closedPort()}/?sig=abc`)).kind).toBe("unreadable");
    const silent = await server({});
    expect((await open(silent.url)).kind).toBe("unreadable");
  });

  test.each<
    [string, (write: (text: string) => void, socket: { destroy(): void; resetAndDestroy(): void }) => void]
  >([
    [
      "is cut",
      (write, socket) => (write("content-length: 10\r\n\r\n0123"), setImmediate(() => socket.destroy())),
    ],
    [
      "is reset",
      (write, socket) => (
        write("content-length: 10\r\n\r\n0123"),
        setImmediate(() => socket.resetAndDestroy())
      ),
    ],
    [
      "is cut within a chunk",
      (write, socket) => (
        write("transfer-encoding: chunked\r\n\r\n10\r\n0123"),
        setImmediate(() => socket.destroy())
      ),
    ],
    ["falls silent", (write) => write("content-length: 10\r\n\r\n0123")],
  ])("a body that %s rejects", async (_, act) => {
    const raw = await server({
      onData: ({ socket, headDone }) =>
        headDone && act((text) => void socket.write(`HTTP/1.1 200 OK\r\n${text}`), socket),
    });
    await expect(opened(`${raw.url}/clip?sig=abc`)).rejects.toThrow(/^the download stopped: (?!.*abc)/);
  });

  test("an interrupted body rejects at once", async () => {
    const raw = await server({
      onData: ({ socket, headDone }) =>
        headDone && socket.write("HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\n0123"),
    });
    const stop = new AbortController();
    const outcome = await service().download(raw.url, 0, stop.signal);
    if (outcome.kind !== "open") throw new Error(outcome.kind);
    stop.abort();
    await expect(textOf(outcome.body)).rejects.toThrow("the download stopped");
  });
});

describe("a download that goes on", () => {
  const resume = (url: string, version: string) => service().download(url, 4, signal, version);
  const partial = (etag: string): string =>
    answer("206 Partial Content", "456789", ["content-range: bytes 4-9/10", `etag: ${etag}`]);

  test("names what is here, and is told what the server calls it", async () => {
    const raw = await server(partial('"1"'));
    expect(await resume(raw.url, '"1"')).toMatchObject({ kind: "open", from: 4, bytes: 10, version: '"1"' });
    expect(raw.heard[0]?.toLowerCase()).toContain('range: bytes=4-\r\nif-range: "1"\r\n');
  });

  test("the time of the last change names it too, a weak tag does not vouch for bytes", async () => {
    const date = "Sat, 01 Aug 2026 12:00:00 GMT";
    const dated = await server(answer("200 OK", "0123456789", [`last-modified: ${date}`]));
    expect(await resume(dated.url, date)).toMatchObject({ from: 0, version: date });
    expect(dated.heard[0]).toContain(`if-range: ${date}`);
    const weak = await server(partial('W/"1"'));
    expect((await resume(weak.url, 'W/"1"')).kind).toBe("open");
    expect(weak.heard[0]?.toLowerCase()).not.toContain("if-range");
  });

  test("begins anew where the server has another file by now, though it did not look at the name", async () => {
    const raw = await server({
      onData: ({ socket, text, headDone }) => {
        if (!headDone) return;
        socket.end(/range:/i.test(text) ? partial('"2"') : answer("200 OK", "abcdefghij", ['etag: "2"']));
      },
    });
    const outcome = await resume(raw.url, '"1"');
    if (outcome.kind !== "open") throw new Error(outcome.kind);
    expect([outcome.from, outcome.version, await textOf(outcome.body)]).toEqual([0, '"2"', "abcdefghij"]);
    expect(raw.heard).toHaveLength(2);
  });

  test("ends its connection when nobody wants the rest", async () => {
    const closed = hold<undefined>();
    const raw = await server({
      onConnect: (socket) => socket.on("close", () => closed.release(undefined)),
      onData: ({ socket, headDone }) =>
        headDone && socket.write("HTTP/1.1 200 OK\r\ncontent-length: 1000\r\n\r\n0123"),
    });
    const outcome = await open(raw.url);
    if (outcome.kind !== "open") throw new Error(outcome.kind);
    await outcome.body[Symbol.asyncIterator]().return?.();
    await closed.promise;
  });
});

describe("poll", () => {
  const poll = async (behaviour: RawBehaviour | string, id = "cgt-1") => {
    const raw = await server(behaviour);
    return { outcome: await service(raw.url).poll(id, signal), raw };
  };

  test("asks once, with the key, for the task alone", async () => {
    const { outcome, raw } = await poll(answer("200 OK", '{"status":"running"}'), "a/../b?c");
    expect(outcome).toEqual({ kind: "pending" });
    expect(raw.heard[0]).toMatch(/^GET \/v1\/video\/generations\/a%2F\.\.%2Fb%3Fc /);
    expect(raw.heard[0]).toContain(KEY);
  });

  test.each<[string, RawBehaviour | string]>([
    ["silence", {}],
    ["a closed connection", { onConnect: (socket) => socket.destroy() }],
    ["half an answer", "HTTP/1.1 200 OK\r\ncontent-length: 99\r\n\r\n{"],
    ["garbage", "\x00\x01\r\n\r\n"],
    ["a page", answer("200 OK", "<html>")],
    ["a redirect", answer("302 Found", "", ["location: http://127.0.0.1:1/"])],
    ["500", answer("500 Oops", "")],
    ["an answer without end", `HTTP/1.1 200 OK\r\n\r\n${"x".repeat(5_000_000)}`],
  ])("%s is unreadable", async (_, behaviour) => {
    expect((await poll(behaviour)).outcome.kind).toBe("unreadable");
  });

  test("no connection, and an interruption", async () => {
    expect((await service(`http://127.0.0.1:${await closedPort()}`).poll("x", signal)).kind).toBe(
      "unreadable",
    );
    expect((await service("http://127.0.0.1:9").poll("x", AbortSignal.abort())).kind).toBe("unreadable");
  });

  test("the key in an answer stays out of the message", async () => {
    const { outcome } = await poll(
      answer("401 No", `{"error":{"code":"AuthenticationError","message":"key ${KEY}"}}`),
    );
    expect(outcome).toMatchObject({ kind: "halt", error: { message: "key …" } });
  });

  test("a packed answer is read", async () => {
    const { gzipSync } = await import("node:zlib");
    const packed = gzipSync('{"status":"running","progress":40}');
    const head = `HTTP/1.1 200 OK\r\ncontent-encoding: gzip\r\ncontent-length: ${packed.length}\r\n\r\n`;
    const { outcome } = await poll({
      onData: ({ socket, headDone }) => headDone && socket.end(Buffer.concat([Buffer.from(head), packed])),
    });
    expect(outcome).toEqual({ kind: "pending", progress: 0.4 });
  });
});
