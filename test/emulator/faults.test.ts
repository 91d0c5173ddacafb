import { afterAll, afterEach, describe, expect, test } from "vitest";
import { createSource } from "../../src/base/source.ts";
import type { Emulator } from "../../src/emulator/emulator.ts";
import type { Fault } from "../../src/emulator/faults/fault.ts";
import { readFaults } from "../../src/emulator/faults/read-faults.ts";
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

let renderer: QuickRenderer;
async function start(rows = "", more: Partial<Parameters<typeof startQuick>[0]> = {}): Promise<string> {
  renderer = new QuickRenderer();
  emulator = await startQuick({ folder: folder(), faults: rowsOf(rows), ...more }, renderer);
  return emulator.url;
}

function rowsOf(rows: string): readonly Fault[] {
  if (rows === "") return [];
  const read = readFaults(createSource("faults.yaml", "", `faults:\n${rows}\n`));
  expect(read.diagnostics).toEqual([]);
  return read.faults;
}

const post = (url: string, prompt = "a fox", label = "") =>
  call(url, "POST", GATEWAY, textRequest(prompt), label === "" ? {} : { "x-client-request-id": label });
const stats = async (url: string) => (await call(url, "GET", "/__stats")).json;
const failsWith = (promise: Promise<unknown>) =>
  promise.then(
    () => "answered",
    (error: Error) => String((error.cause as { code?: string } | undefined)?.code ?? error.message),
  );

/** Each fault at a create: in words, as a row, and what came of both. */
const AT_CREATE: readonly [
  string,
  string,
  { status?: number; code?: string; message?: RegExp; created: number },
][] = [
  [
    "[[refuse]]",
    "answer: InputTextSensitiveContentDetected",
    { status: 400, code: "InputTextSensitiveContentDetected", created: 0 },
  ],
  [
    "[[refuse InputImageSensitiveContentDetected.PrivacyInformation item 1]]",
    "answer: InputImageSensitiveContentDetected.PrivacyInformation, item: 1",
    {
      status: 400,
      code: "InputImageSensitiveContentDetected.PrivacyInformation",
      message: /^content\[1\]: /,
      created: 0,
    },
  ],
  ["[[401]]", "answer: 401", { status: 401, code: "AuthenticationError", created: 0 }],
  [
    "[[403 AccountOverdueError]]",
    "answer: AccountOverdueError",
    { status: 403, code: "AccountOverdueError", created: 0 },
  ],
  ["[[no-credit]]", "answer: QuotaExceeded", { status: 429, code: "QuotaExceeded", created: 0 }],
  [
    "[[429 ServerOverloaded]]",
    "answer: ServerOverloaded",
    { status: 429, code: "ServerOverloaded", created: 0 },
  ],
  ["[[500]]", "answer: 500", { status: 500, code: "InternalServiceError", created: 0 }],
  ["[[500 done]]", "answer: 500, done: true", { status: 500, code: "InternalServiceError", created: 1 }],
  ["[[html]]", "answer: html", { status: 502, message: /<title>502/, created: 0 }],
  ["[[html 451 done]]", "answer: html, status: 451, done: true", { status: 451, created: 1 }],
  ["[[empty done]]", "answer: empty, done: true", { status: 200, message: /^$/, created: 1 }],
];

describe("faults at a create", () => {
  test.each(AT_CREATE)("%s is %s", async (words, row, { status, code, message, created }) => {
    for (const [rows, prompt] of [
      ["", `a fox ${words}`],
      [`  - { at: create, ${row} }`, "a fox"],
    ] as const) {
      const url = await start(rows);
      const answer = await post(url, prompt);
      expect(answer.status).toBe(status);
      if (code !== undefined) expect(answer.json.error.code).toBe(code);
      if (message) expect(answer.json.error?.message ?? answer.json).toMatch(message);
      expect((await stats(url)).created).toBe(created);
      await emulator?.close();
    }
  });

  test.each([
    ["[[reset]]", "answer: reset", 0],
    ["[[lost]]", "answer: reset, done: true", 1],
    ["[[stall 0.05 done]]", "answer: stall, seconds: 0.05, done: true", 1],
    ["[[cut]]", "answer: cut", 1],
    ["[[garbage]]", "answer: garbage", 0],
  ])("%s is %s: no answer that can be read", async (words, row, created) => {
    for (const [rows, prompt] of [
      ["", `a fox ${words}`],
      [`  - { at: create, ${row} }`, "a fox"],
    ] as const) {
      const url = await start(rows);
      expect(await failsWith(post(url, prompt))).not.toBe("answered");
      expect((await stats(url)).created).toBe(created);
      await emulator?.close();
    }
  });

  test("[[stall]] goes on until the client hangs up", async () => {
    const url = await start();
    const hangUp = new AbortController();
    const headers = { authorization: "Bearer key" };
    const body = JSON.stringify(textRequest("a fox [[stall done]]"));
    const sent = fetch(url + GATEWAY, { method: "POST", body, headers, signal: hangUp.signal });
    await expect.poll(async () => (await stats(url)).created).toBe(1);
    hangUp.abort();
    await expect(sent).rejects.toThrow();
  });

  test("what passes by itself strikes once, a refusal always", async () => {
    const url = await start();
    const answers = async (prompt: string): Promise<number[]> => [
      (await post(url, prompt)).status,
      (await post(url, prompt)).status,
      (await post(url, prompt)).status,
    ];
    expect(await answers("[[429]]")).toEqual([429, 200, 200]);
    expect(await answers("[[429 x2]]")).toEqual([429, 429, 200]);
    expect(await answers("[[500 skip1]]")).toEqual([200, 500, 200]);
    expect(await answers("[[refuse]]")).toEqual([400, 400, 400]);
    expect(await answers("[[refuse x1]]")).toEqual([400, 200, 200]);
    expect(await answers("[[503 x*]]")).toEqual([503, 503, 503]);
  });

  test("rows choose by scene, take and prompt, and count all together or each", async () => {
    const url = await start(
      `  - { at: create, answer: 429, match: { scene: "st*" } }
  - { at: create, answer: 400, match: { scene: lamp, take: 2 } }
  - { at: create, answer: 403, match: { prompt: owl } }
  - { at: create, answer: 500, times: 1, each: true, match: { prompt: hare } }`,
    );
    const status = async (label: string, prompt = "a fox") => (await post(url, prompt, label)).status;
    expect([await status("storm"), await status("storm"), await status("story")]).toEqual([429, 200, 200]);
    expect([await status("lamp"), await status("lamp%232"), await status("lamp%233")]).toEqual([
      200, 400, 200,
    ]);
    expect([await status("x", "an owl"), await status("x", "an eagle")]).toEqual([403, 200]);
    expect([await status("a", "hare"), await status("b", "hare"), await status("a", "hare")]).toEqual([
      500, 500, 200,
    ]);
    expect((await stats(url)).faults).toEqual({
      "faults.yaml:2": 1,
      "faults.yaml:3": 1,
      "faults.yaml:4": 1,
      "faults.yaml:5": 2,
    });
  });

  test("Retry-After comes as a number or as a date", async () => {
    const url = await start(
      `  - { at: create, answer: 429, retry_after: 7 }
  - { at: create, answer: 429, retry_after: 60, retry_after_date: true }`,
    );
    expect((await post(url)).headers.get("retry-after")).toBe("7");
    const date = Date.parse((await post(url)).headers.get("retry-after") ?? "");
    expect(date - Date.now()).toBeGreaterThan(50_000);
  });

  test("an error can come through a relay, as JSON inside of a message", async () => {
    const url = await start("  - { at: create, answer: InvalidParameter, status: 500, relay: true }");
    const { status, json } = await post(url);
    expect([status, JSON.parse(json.message as string)]).toMatchObject([
      500,
      { error: { code: "InvalidParameter" } },
    ]);
  });

  test("too many tasks in flight are answered with 429", async () => {
    const url = await start("", { mostInFlight: 2 });
    for (const status of [200, 200, 429]) expect((await post(url, "a fox [[hang]]")).status).toBe(status);
  });

  test("brackets that no fault begins with are text; a fault that is misspelt is told", async () => {
    const url = await start();
    expect((await post(url, "a [[fox]] on a [[hill]]")).status).toBe(200);
    const { status, json } = await post(url, "a fox [[429 twice]]");
    expect([status, json.error.message]).toEqual([400, "[[429 twice]] is no fault that the emulator knows"]);
  });
});

describe("what becomes of a task", () => {
  const task = async (url: string, prompt: string, label = "") =>
    ended(url, await create(url, textRequest(prompt), label));

  test("[[fail]] with the code that is asked for, always or the first time only", async () => {
    const url = await start();
    expect(await task(url, "[[fail]]")).toMatchObject({
      status: "failed",
      error: { code: "OutputVideoSensitiveContentDetected" },
    });
    expect((await task(url, "[[fail OutputAudioSensitiveContentDetected]]")).error.code).toBe(
      "OutputAudioSensitiveContentDetected",
    );
    // A second take has another label, and is the second time all the same.
    expect((await task(url, "[[fail x1]]", "lamp")).status).toBe("failed");
    expect((await task(url, "[[fail x1]]", "lamp#2")).status).toBe("succeeded");
    expect((await stats(url)).billed.tasks).toBe(1);
  });

  test("[[expire]] ends it as expired", async () => {
    const url = await start();
    const { json } = await call(url, "POST", ARK, textRequest("[[expire]]"));
    await expect.poll(async () => (await call(url, "GET", `${ARK}/${json.id}`)).json.status).toBe("expired");
  });

  test("[[hang]] never ends it, [[slow]] makes it take its time, [[queued]] lets it wait", async () => {
    const url = await start();
    const [hanging, slow, queued] = await Promise.all(
      ["[[hang]]", "[[slow 0.3]]", "[[queued 0.3]]"].map((prompt) => create(url, textRequest(prompt))),
    );
    const state = async (id = "") => (await call(url, "GET", `${ARK}/${id}`)).json.status;
    expect([await state(hanging), await state(slow), await state(queued)]).toEqual([
      "running",
      "running",
      "queued",
    ]);
    await ended(url, slow ?? "");
    await ended(url, queued ?? "");
    expect(await state(hanging)).toBe("running");
  });

  test("a task that waits can be cancelled, and is not drawn after that", async () => {
    const url = await start();
    const id = await create(url, textRequest("[[queued 0.1]]"));
    expect((await call(url, "DELETE", `${ARK}/${id}`)).status).toBe(200);
    await new Promise((resolve) => setTimeout(resolve, 150));
    expect((await call(url, "GET", `${ARK}/${id}`)).json.status).toBe("cancelled");
    expect(renderer.jobs).toEqual([]);
  });

  test("another clip than the one asked for is asked of the renderer", async () => {
    const url = await start(
      '  - { at: task, deliver: { ratio: "1:1", duration: 4 }, match: { prompt: owl } }',
    );
    for (const prompt of ["[[deliver 9:16 480p 5s]]", "[[silent]]", "an owl", "a fox"])
      await task(url, prompt);
    expect(renderer.jobs.map(({ deliver }) => deliver)).toEqual([
      { ratio: "9:16", resolution: "480p", duration: 5 },
      { generate_audio: false },
      { ratio: "1:1", duration: 4 },
      undefined,
    ]);
  });
});

describe("faults at a look", () => {
  test("500 exactly when it is done, so many times", async () => {
    const url = await start("  - { at: poll, answer: 500, when: ended, times: 2 }");
    const id = await create(url, textRequest("a fox [[slow 0.1]]"));
    const look = async () => (await call(url, "GET", `${GATEWAY}/${id}`)).status;
    expect(await look()).toBe(200);
    await expect.poll(async () => (await stats(url)).tasks.succeeded).toBe(1);
    expect([await look(), await look(), await look()]).toEqual([500, 500, 200]);
  });

  test("no task yet, no link yet, a proxy's page, a reset", async () => {
    const url = await start();
    const words = "[[data-null]] [[poll html x1]] [[poll reset]] [[no-link]]";
    const id = await create(url, textRequest(words));
    await expect.poll(async () => (await stats(url)).tasks.succeeded).toBe(1);
    const look = () => call(url, "GET", `${GATEWAY}/${id}`);
    expect((await look()).json).toEqual({ code: "success", message: "", data: null });
    expect((await look()).status).toBe(502);
    expect(await failsWith(look())).not.toBe("answered");
    expect((await look()).json.data).toMatchObject({ status: "SUCCESS", result_url: "" });
    expect((await look()).json.data.result_url).toMatch(/^http/);
  });
});

describe("faults at a download", () => {
  async function link(rows: string, prompt = "a fox"): Promise<string> {
    const url = await start(rows);
    return (await ended(url, await create(url, textRequest(prompt)))).content.video_url as string;
  }

  test("it is truncated, and goes on from there", async () => {
    for (const file of [
      await link("  - { at: download, answer: cut, bytes: 4 }"),
      await link("", "[[truncate]]"),
    ]) {
      expect(await failsWith(fetch(file).then((answer) => answer.text()))).not.toBe("answered");
      expect(await (await fetch(file, { headers: { range: "bytes=4-" } })).text()).toBe("456789");
    }
  });

  test("it knows no ranges, or the link is dead at once, or it is no clip at all", async () => {
    const plain = await link("", "[[no-range]]");
    const answer = await fetch(plain, { headers: { range: "bytes=4-" } });
    expect([answer.status, await answer.text()]).toEqual([200, "0123456789"]);
    const dead = await link("  - { at: download, answer: 403, times: 1 }");
    expect([(await fetch(dead)).status, (await fetch(dead)).status]).toEqual([403, 200]);
    expect(await (await fetch(await link("", "[[download html 200]]"))).text()).toContain("<html>");
  });
});

test("faults can be changed while it runs, and a wrong file is told with its places", async () => {
  const url = await start("  - { at: create, answer: 403 }");
  expect((await post(url)).status).toBe(403);
  const put = (body: string) => fetch(`${url}/__faults`, { method: "PUT", body });
  const wrong = await put("faults:\n  - { at: poll, fail: true }\n");
  expect([wrong.status, await wrong.json()]).toEqual([
    400,
    { errors: [expect.stringMatching(/^faults:2:23: `fail` is not for `at: poll`/)] },
  ]);
  expect((await post(url)).status).toBe(403);
  expect((await put("faults: []")).status).toBe(200);
  expect((await post(url)).status).toBe(200);
});

test("calls of the asset library have faults of their own", async () => {
  const url = await start(
    `  - { at: create-group, answer: 500, done: true }
  - { at: get-asset, answer: 429 }
  - { at: asset, fail: InputImageSensitiveContentDetected, match: { prompt: owl } }`,
  );
  const ask = (name: string, body: object) => call(url, "POST", `/volc/asset/${name}`, body);
  expect((await ask("CreateAssetGroup", { Name: "a" })).status).toBe(500);
  const { Id: GroupId } = (await ask("CreateAssetGroup", { Name: "a" })).json;
  expect((await stats(url)).library.groups).toBe(2);
  expect(
    (await ask("CreateAsset", { GroupId, Name: "[[429]]", AssetType: "Image", URL: "AAAA" })).status,
  ).toBe(429);
  const { Id } = (await ask("CreateAsset", { GroupId, Name: "owl", AssetType: "Image", URL: "AAAA" })).json;
  expect((await ask("GetAsset", { Id })).status).toBe(429);
  await expect
    .poll(async () => (await ask("GetAsset", { Id })).json.Error?.Code)
    .toBe("InputImageSensitiveContentDetected");
});

describe("a request with fields that are not known", () => {
  const body = textRequest("a fox", { seed: 7, watermarks: true, return_last_frame: true });

  test("is refused where it is read strictly, as it is by default", async () => {
    const url = await start();
    expect((await call(url, "POST", GATEWAY, body)).status).toBe(400);
  });

  test("is taken where it is read as the service does, and the statistics tell what it would not have read", async () => {
    const url = await start("", { strict: false });
    expect((await call(url, "POST", GATEWAY, body)).status).toBe(200);
    const item = { ...textRequest(""), content: [{ type: "text", text: "a fox", "a.b[0]": 1 }], seed: 8 };
    expect((await call(url, "POST", GATEWAY, item)).status).toBe(200);
    expect((await stats(url)).ignored).toEqual({
      seed: 2,
      watermarks: 1,
      return_last_frame: 1,
      "content[0].a.b[0]": 1,
    });
    const wrong = await call(url, "POST", GATEWAY, textRequest("a fox", { seed: 7, duration: 99 }));
    expect([wrong.status, wrong.json.error.message]).toEqual([400, expect.stringMatching(/duration/)]);
  });
});
