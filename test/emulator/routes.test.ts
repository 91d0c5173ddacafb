import { afterAll, afterEach, describe, expect, test } from "vitest";
import type { Emulator } from "../../src/emulator/emulator.ts";
import { signedLink } from "../../src/emulator/links.ts";
import {
  ARK,
  GATEWAY,
  QuickRenderer,
  call,
  create,
  ended,
  folders,
  startQuick,
  textRequest,
} from "./client.ts";

const { folder, remove } = folders();
afterAll(remove);

let emulator: Emulator | undefined;
afterEach(async () => {
  await emulator?.close();
  emulator = undefined;
});

async function start(
  options: Partial<Parameters<typeof startQuick>[0]> = {},
  renderer?: QuickRenderer,
  stead?: Parameters<typeof startQuick>[2],
): Promise<string> {
  emulator = await startQuick({ folder: folder(), ...options }, renderer, stead);
  return emulator.url;
}

describe("the gateway's routes", () => {
  test("a create is answered with an id before anything is drawn", async () => {
    const url = await start();
    const { status, json } = await call(url, "POST", GATEWAY, textRequest("a fox"));
    expect(status).toBe(200);
    expect(json).toMatchObject({ object: "video", model: "seedance-2.0-mini", status: "", progress: 0 });
    expect(json.id).toMatch(/^cgt-\d{14}-[0-9a-z]{5}$/);
    expect(json.task_id).toBe(json.id);
    expect(json.created_at).toBeCloseTo(Date.now() / 1000, -2);
  });

  test("a look is answered in the envelope, with the tokens that would be billed", async () => {
    const url = await start({}, new QuickRenderer(150));
    const id = await create(url, textRequest("a fox", { resolution: "480p" }));
    const early = await call(url, "GET", `${GATEWAY}/${id}`);
    expect(early.json).toMatchObject({
      code: "success",
      data: { task_id: id, status: "IN_PROGRESS", result_url: "" },
    });
    expect(early.json.data.progress).toMatch(/^\d+%$/);
    await ended(url, id);
    const { data } = (await call(url, "GET", `${GATEWAY}/${id}`)).json;
    expect(data).toMatchObject({ status: "SUCCESS", progress: "100%", fail_reason: "" });
    expect(data.result_url).toMatch(new RegExp(`^${url}/files/${id}\\.mp4\\?X-Tos-.*X-Tos-Signature=`));
    const tokens = (4 * 864 * 496 * 24) / 1024;
    expect(data.data).toMatchObject({
      status: "succeeded",
      content: { video_url: data.result_url },
      usage: { completion_tokens: tokens },
    });
  });

  test.each([
    ["ark", { status: "succeeded", content: { video_url: expect.stringContaining("/files/") } }],
    ["older", { status: "completed", video_url: expect.stringContaining("/files/") }],
    ["openai", { status: "completed", progress: 100, metadata: { url: expect.stringContaining("/files/") } }],
  ] as const)("a look can be answered in the shape %s", async (shape, expected) => {
    const url = await start({ shape });
    const id = await create(url, textRequest("a fox"));
    await expect.poll(async () => (await call(url, "GET", `${GATEWAY}/${id}`)).json).toMatchObject(expected);
  });

  test("a task takes at least as long as it was told to", async () => {
    const url = await start({ taskSeconds: 0.4 });
    const before = Date.now();
    await ended(url, await create(url, textRequest("a fox")));
    expect(Date.now() - before).toBeGreaterThanOrEqual(390);
  });

  test("an unknown task is 404, on both kinds of routes", async () => {
    const url = await start();
    for (const [path, code] of [
      [GATEWAY, "task_not_exist"],
      [ARK, "ResourceNotFound"],
    ]) {
      const answer = await call(url, "GET", `${path}/cgt-20260101000000-abcde`);
      expect([answer.status, answer.json.error.code]).toEqual([404, code]);
    }
    expect((await call(url, "GET", `${GATEWAY}/..%2F..%2Fetc%2Fpasswd`)).status).toBe(404);
  });

  test("without a key, or with another than the one chosen, a call is 401", async () => {
    const open = await start();
    expect((await call(open, "POST", GATEWAY, textRequest("x"), { authorization: "" })).status).toBe(401);
    await emulator?.close();
    const closed = await start({ key: "secret" });
    const wrong = await call(closed, "POST", GATEWAY, textRequest("x"));
    expect(wrong.status).toBe(401);
    expect(wrong.json.error.code).toBe("AuthenticationError");
    const right = await call(closed, "POST", GATEWAY, textRequest("x"), { authorization: "Bearer secret" });
    expect(right.status).toBe(200);
  });

  test("a port that is taken rejects with the way out", async () => {
    const url = await start();
    const port = Number(new URL(url).port);
    await expect(startQuick({ folder: folder(), port })).rejects.toThrow(/in use.*choose another, or 0/);
  });
});

describe("the Ark routes", () => {
  test("create, look, list with filters", async () => {
    const url = await start();
    const made = await call(
      url,
      "POST",
      ARK,
      textRequest("a fox", { model: "doubao-seedance-2-0-mini-260801" }),
    );
    expect(Object.keys(made.json as object)).toEqual(["id"]);
    const { id } = made.json;
    await expect.poll(async () => (await call(url, "GET", `${ARK}/${id}`)).json.status).toBe("succeeded");
    const other = await create(url, textRequest("a [[hang]] hare"));
    const all = (await call(url, "GET", `${ARK}?page_num=1&page_size=10`)).json;
    expect(all.total).toBe(2);
    expect(all.items.map((item: { id: string }) => item.id).sort()).toEqual([id, other].sort());
    expect((await call(url, "GET", `${ARK}?page_size=1`)).json.items).toHaveLength(1);
    expect((await call(url, "GET", `${ARK}?filter.status=running`)).json.items[0].id).toBe(other);
    expect((await call(url, "GET", `${ARK}?filter.task_ids=${id}`)).json.total).toBe(1);
  });

  test("a waiting task is cancelled, a running one is not, an ended one is forgotten", async () => {
    const url = await start({}, new QuickRenderer(300));
    const ids = [];
    for (let i = 0; i < 3; i++) ids.push(await create(url, textRequest(`fox ${i}`)));
    const [running, , waiting] = ids as [string, string, string];
    expect((await call(url, "DELETE", `${ARK}/${waiting}`)).status).toBe(200);
    expect((await call(url, "GET", `${ARK}/${waiting}`)).json.status).toBe("cancelled");
    expect((await call(url, "DELETE", `${ARK}/${running}`)).status).toBe(409);
    await ended(url, running);
    expect((await call(url, "DELETE", `${ARK}/${running}`)).status).toBe(200);
    expect((await call(url, "GET", `${ARK}/${running}`)).status).toBe(404);
  });
});

describe("result files", () => {
  async function made(url: string): Promise<string> {
    const id = await create(url, textRequest("a fox"));
    return (await ended(url, id)).content.video_url as string;
  }

  test("whole or in part; the length is always told", async () => {
    const file = await made(await start());
    const whole = await fetch(file);
    expect([whole.status, await whole.text(), whole.headers.get("content-length")]).toEqual([
      200,
      "0123456789",
      "10",
    ]);
    const part = await fetch(file, { headers: { range: "bytes=4-" } });
    expect([part.status, await part.text()]).toEqual([206, "456789"]);
    expect(part.headers.get("content-range")).toBe("bytes 4-9/10");
    expect(await (await fetch(file, { headers: { range: "bytes=2-3" } })).text()).toBe("23");
    expect(await (await fetch(file, { headers: { range: "bytes=-3" } })).text()).toBe("789");
    expect((await fetch(file, { headers: { range: "bytes=10-" } })).status).toBe(416);
  });

  test("a link is signed, for one method and for a time; a later look gives a fresh one", async () => {
    let now = Date.now();
    const url = await start({ linkSeconds: 60 }, undefined, { now: () => now });
    const file = await made(url);
    expect((await fetch(file)).status).toBe(200);
    expect((await fetch(file, { method: "HEAD" })).status).toBe(403);
    expect((await fetch(file.replace(/\?.*/, ""))).status).toBe(403);
    const forged = await fetch(file.replace("X-Tos-Expires=60", "X-Tos-Expires=6000"));
    expect([forged.status, await forged.text()]).toEqual([
      403,
      expect.stringContaining("SignatureDoesNotMatch"),
    ]);
    now += 61_500;
    const late = await fetch(file);
    expect([late.status, await late.text()]).toEqual([403, expect.stringContaining("expired")]);
    const { id = "" } = /(?<id>cgt-[^.]+)/.exec(file)?.groups ?? {};
    const fresh = (await ended(url, id)).content.video_url as string;
    expect(fresh).not.toBe(file);
    expect((await fetch(fresh)).status).toBe(200);
  });

  test("a clip of ours is no input any more when its link has expired", async () => {
    let now = Date.now();
    const url = await start({ linkSeconds: 60 }, undefined, { now: () => now });
    const link = await made(url);
    const video = { type: "video_url", video_url: { url: link }, role: "reference_video" };
    const body = { ...textRequest(""), content: [{ type: "text", text: "As in Video 1." }, video] };
    expect((await call(url, "POST", GATEWAY, body)).status).toBe(200);
    now += 61_500;
    const late = await call(url, "POST", GATEWAY, body);
    expect([late.status, late.json.error.message]).toEqual([
      400,
      expect.stringMatching(/^content\[1\]\.video_url\.url: .*expired/),
    ]);
  });

  test("no clip, no file", async () => {
    const url = await start();
    expect((await fetch(signedLink(url, "/files/cgt-20260101000000-aaaaa.mp4", Date.now(), 60))).status).toBe(
      404,
    );
    expect((await fetch(signedLink(url, "/files/..%2Ftask.mp4", Date.now(), 60))).status).toBe(404);
  });
});

describe("statistics", () => {
  test("tasks in flight are counted, with their greatest number", async () => {
    const url = await start({}, new QuickRenderer(60));
    const ids = await Promise.all([1, 2, 3].map((n) => create(url, textRequest(`fox ${n}`), `scene#${n}`)));
    for (const id of ids) await ended(url, id);
    await ended(url, await create(url, textRequest("a hare"), "scene#1"));
    await call(url, "POST", GATEWAY, {});
    const stats = (await call(url, "GET", "/__stats")).json;
    expect(stats).toMatchObject({
      created: 4,
      maxInFlight: 3,
      inFlightNow: 0,
      tasks: { succeeded: 4 },
      kinds: { text: 4 },
      requests: { create: 5, refused: 1 },
      labels: { "scene%231": 2, "scene%232": 1, "scene%233": 1 },
    });
    expect(stats.tokens).toBeGreaterThan(0);
    expect(stats.polls).toBeGreaterThanOrEqual(4);
  });
});
