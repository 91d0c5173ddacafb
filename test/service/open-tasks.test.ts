import { createServer, type IncomingMessage, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, describe, expect, test } from "vitest";
import type { Service } from "../../src/execute/service.ts";
import { connectService } from "../../src/service/client.ts";
import { ROUTES } from "../../src/service/routes.ts";
import { closedPort } from "./raw-server.ts";

const KEY = "sk-very-secret-1234";
const { signal } = new AbortController();
const cleanups: (() => unknown)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0)) await cleanup();
});

interface Heard {
  readonly method: string;
  readonly url: URL;
  readonly key: string | undefined;
}

/** A provider that answers as the test says; what it was asked, in order. */
async function provider(
  answer: (heard: Heard, nth: number) => { status?: number; body?: unknown; drop?: boolean },
): Promise<{ service: Service; heard: Heard[] }> {
  const heard: Heard[] = [];
  const server: Server = createServer((request: IncomingMessage, response) => {
    const { method = "", url = "", headers } = request;
    const one = { method, url: new URL(url, "http://x"), key: headers.authorization };
    const { status = 200, body = {}, drop } = answer(one, heard.push(one));
    if (drop) return void request.socket.destroy();
    response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const service = arkAt(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  cleanups.push(() => new Promise((resolve) => server.close(resolve)));
  return { service, heard };
}

function arkAt(baseUrl: string): Service {
  const service = connectService({ baseUrl, apiKey: KEY, routes: ROUTES.ark, env: {} });
  cleanups.push(() => service.close());
  return service;
}

const item = (at: number) => ({ id: `t${at}`, created_at: at });
/** The latest first, as many on a page as were asked for. */
const pageOf = (items: object[], url: URL) => {
  const [number, size] = ["page_num", "page_size"].map((name) => Number(url.searchParams.get(name)));
  const from = ((number ?? 1) - 1) * (size ?? 1);
  return { items: items.slice(from, from + (size ?? 1)), total: items.length };
};

test("only a provider that has a list, and can cancel, says so", () => {
  expect([arkAt("http://127.0.0.1:1").list, arkAt("http://127.0.0.1:1").cancel]).toEqual([
    expect.any(Function),
    expect.any(Function),
  ]);
  const anyfast = connectService({
    baseUrl: "http://127.0.0.1:1",
    apiKey: KEY,
    routes: ROUTES.anyfast,
    env: {},
  });
  cleanups.push(() => anyfast.close());
  expect(["list" in anyfast, "cancel" in anyfast]).toEqual([false, false]);
});

describe("the list", () => {
  const many = Array.from({ length: 350 }, (_, i) => item(1000 - i));

  test("is read page by page, with the key, to its end", async () => {
    const { service, heard } = await provider(({ url }) => ({ body: pageOf(many, url) }));
    const outcome = await service.list?.(0, signal);
    expect(outcome).toMatchObject({ kind: "listed", isWhole: true, now: expect.any(Number) });
    expect(outcome?.kind === "listed" && outcome.tasks.map(({ id }) => id)).toEqual(many.map(({ id }) => id));
    expect(heard.map(({ method, url }) => `${method} ${url.pathname}${url.search}`)).toEqual(
      [1, 2, 3, 4].map((page) => `GET /api/v3/contents/generations/tasks?page_num=${page}&page_size=100`),
    );
    expect(new Set(heard.map(({ key }) => key))).toEqual(new Set([`Bearer ${KEY}`]));
  });

  test("no further than to what is older than was asked for", async () => {
    const { service, heard } = await provider(({ url }) => ({ body: pageOf(many, url) }));
    expect(await service.list?.(850_000, signal)).toMatchObject({ kind: "listed", isWhole: true });
    expect(heard).toHaveLength(2);
  });

  test("but to its end where it is in no order, or the other way round", async () => {
    const { service, heard } = await provider(({ url }) => ({ body: pageOf([...many].reverse(), url) }));
    const outcome = await service.list?.(999_000, signal);
    expect([heard.length, outcome?.kind === "listed" && outcome.tasks.length]).toEqual([4, 350]);
  });

  test("pages that are smaller than was asked for, and tasks that move to the next page, are no loss", async () => {
    const { service } = await provider(({ url }) => {
      const number = Number(url.searchParams.get("page_num"));
      // One more has come since the first page was read.
      const from = (number - 1) * 40 - (number > 1 ? 1 : 0);
      return { body: { items: many.slice(from, Math.min(from + 40, 100)), total: 100 } };
    });
    const outcome = await service.list?.(0, signal);
    expect(outcome?.kind === "listed" && outcome.tasks.length).toBe(100);
    expect(outcome).toMatchObject({ isWhole: true });
  });

  test("one that never ends, or holds what cannot be read, is not whole", async () => {
    const endless = await provider(({ url }) => ({ body: { items: pageOf(many, url).items, total: 1e6 } }));
    expect(await endless.service.list?.(0, signal)).toMatchObject({ kind: "listed", isWhole: false });
    expect(endless.heard.length).toBeLessThanOrEqual(20);
    const odd = await provider(() => ({ body: { items: [item(5), { id: "no time" }], total: 2 } }));
    expect(await odd.service.list?.(0, signal)).toMatchObject({ tasks: [{ id: "t5" }], isWhole: false });
  });

  test("a page that fails is no end", async () => {
    const { service } = await provider(({ url }, nth) =>
      nth === 2 ? { status: 502 } : { body: pageOf(many, url) },
    );
    expect((await service.list?.(0, signal))?.kind).toBe("unreadable");
    expect((await arkAt(`http://127.0.0.1:${await closedPort()}`).list?.(0, signal))?.kind).toBe(
      "unreadable",
    );
  });
});

describe("cancelling", () => {
  const standing = (status: string, removal: { status?: number; body?: unknown; drop?: boolean } = {}) =>
    provider(({ method }) => (method === "GET" ? { body: { id: "a", status } } : removal));

  test("withdraws a task that waits", async () => {
    const { service, heard } = await standing("queued");
    expect(await service.cancel?.("a/b", signal)).toEqual({ kind: "cancelled" });
    expect(heard.map(({ method, url }) => `${method} ${url.pathname}`)).toEqual([
      "GET /api/v3/contents/generations/tasks/a%2Fb",
      "DELETE /api/v3/contents/generations/tasks/a%2Fb",
    ]);
  });

  test.each(["running", "succeeded", "failed", "cancelled", "expired", "", "a word of next year"])(
    "leaves one alone that is “%s”: the request would delete what is known of it",
    async (status) => {
      const { service, heard } = await standing(status);
      expect(await service.cancel?.("a", signal)).toEqual({ kind: "too-late", state: status });
      expect(heard.map(({ method }) => method)).toEqual(["GET"]);
    },
  );

  test.each([
    [
      "begun in between",
      { status: 409, body: { error: { code: "InvalidAction", message: "running" } } },
      "too-late",
    ],
    ["gone in between", { status: 404, body: { error: { code: "NotFound", message: "gone" } } }, "missing"],
    ["an error of the service", { status: 500 }, "unreadable"],
    ["a lost answer", { drop: true }, "unreadable"],
  ] as const)("%s", async (_, removal, kind) => {
    const { service, heard } = await standing("queued", removal);
    expect((await service.cancel?.("a", signal))?.kind).toBe(kind);
    expect(heard.filter(({ method }) => method === "DELETE")).toHaveLength(1);
  });

  test("removes nothing where the look fails", async () => {
    const { service, heard } = await provider(() => ({ status: 500 }));
    expect((await service.cancel?.("a", signal))?.kind).toBe("unreadable");
    expect(heard).toHaveLength(1);
    const stranger = await provider(() => ({ status: 401 }));
    expect((await stranger.service.cancel?.("a", signal))?.kind).toBe("halt");
    const unknown = await provider(() => ({
      status: 404,
      body: { error: { code: "NotFound", message: "no" } },
    }));
    expect((await unknown.service.cancel?.("a", signal))?.kind).toBe("missing");
  });
});
