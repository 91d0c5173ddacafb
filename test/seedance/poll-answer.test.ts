import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { readPollAnswer } from "../../src/seedance/answer.ts";
import { wrapped } from "./wrapping.ts";

const NOW = Date.UTC(2026, 7, 1, 12);
const poll = (body: unknown, status = 200, headers: Record<string, string> = {}) =>
  readPollAnswer({ status, headers, text: typeof body === "string" ? body : JSON.stringify(body) }, NOW);

const URL_ = "https://cdn.example.com/clip.mp4?X-Tos-Signature=abc";
const envelope = (data: unknown) => ({ code: "success", message: "", data });
const ark = (status: string, more: object = {}) => ({
  id: "cgt-1",
  model: "seedance-2.0-mini",
  status,
  ...more,
});

describe("succeeded", () => {
  test.each([
    [
      "Ark",
      ark("succeeded", { content: { video_url: URL_ }, usage: { completion_tokens: 7, total_tokens: 8 } }),
    ],
    [
      "envelope",
      envelope({
        task_id: "t",
        status: "SUCCESS",
        progress: "100%",
        result_url: URL_,
        data: { usage: { total_tokens: 7 } },
      }),
    ],
    [
      "envelope with the link inside",
      envelope({
        status: "SUCCESS",
        data: ark("succeeded", { content: { video_url: URL_ }, usage: { completion_tokens: 7 } }),
      }),
    ],
    ["older", { status: "completed", video_url: URL_, usage: { total_tokens: 7 } }],
    ["old rows of new-api", envelope({ status: "SUCCESS", fail_reason: URL_, usage: { total_tokens: 7 } })],
    [
      "OpenAI style",
      { id: "v", object: "video", status: "completed", metadata: { url: URL_ }, usage: { total_tokens: 7 } },
    ],
    ["OpenAI style, flat", { id: "v", status: "completed", url: URL_, usage: { total_tokens: 7 } }],
    ["a link in an object", { status: "succeeded", video: { url: URL_ }, usage: { total_tokens: 7 } }],
    [
      "a terminal word inside a pending one",
      envelope({
        status: "IN_PROGRESS",
        data: ark("succeeded", { content: { video_url: URL_ }, usage: { total_tokens: 7 } }),
      }),
    ],
    [
      "a terminal word around a pending one",
      envelope({ status: "SUCCESS", result_url: URL_, data: ark("running", { usage: { total_tokens: 7 } }) }),
    ],
  ])("%s", (_, body) => {
    expect(poll(body)).toEqual({ kind: "succeeded", url: URL_, tokens: 7 });
  });

  test("under a status of 500 as well: the clip is there", () => {
    expect(poll(ark("succeeded", { content: { video_url: URL_ } }), 500)).toEqual({
      kind: "succeeded",
      url: URL_,
    });
  });

  test.each([
    ["without a link", ark("succeeded")],
    ["with an empty link", ark("succeeded", { content: { video_url: "" } })],
    ["with a link that is none", ark("succeeded", { content: { video_url: "file:///etc/passwd" } })],
    [
      "with a link of an input only",
      ark("succeeded", { content: [{ type: "video_url", video_url: { url: URL_ } }] }),
    ],
    ["with a link of an input in an echo", ark("succeeded", { properties: { video_url: URL_ } })],
  ])("%s: pending", (_, body) => {
    expect(poll(body).kind).toBe("pending");
  });
});

describe("pending", () => {
  test.each([
    "",
    "queued",
    "running",
    "NOT_START",
    "SUBMITTED",
    "QUEUED",
    "IN_PROGRESS",
    "UNKNOWN",
    "processing",
    "in_progress",
    "Running",
    "a word of next year",
  ])("status “%s”, flat and in an envelope", (word) => {
    expect(poll(ark(word))).toEqual({ kind: "pending" });
    expect(poll(envelope({ task_id: "t", status: word, result_url: URL_ }))).toEqual({ kind: "pending" });
  });

  test.each([[envelope(null)], [{}], [ark("running", { error: null })], [ark("running", { error: {} })]])(
    "%j",
    (body) => {
      expect(poll(body)).toEqual({ kind: "pending" });
    },
  );

  test.each([
    [0, 0],
    ["0%", 0],
    [1, 0.01],
    [50, 0.5],
    ["50%", 0.5],
    ["50", 0.5],
    [0.5, 0.5],
    [100, 1],
    [250, 1],
    ["soon", undefined],
    [null, undefined],
    [-3, undefined],
  ])("progress %j", (progress, expected) => {
    const outcome = poll(ark("running", { progress }));
    expect(outcome).toEqual(
      expected === undefined ? { kind: "pending" } : { kind: "pending", progress: expected },
    );
  });
});

describe("failed", () => {
  test.each(["failed", "cancelled", "canceled", "expired", "FAILURE"])("%s without a reason", (word) => {
    expect(poll(ark(word))).toMatchObject({
      kind: "failed",
      error: { code: "", message: expect.stringContaining(word.toLowerCase()) },
    });
  });

  const code = "OutputVideoSensitiveContentDetected";
  const inner = JSON.stringify({ error: { code, message: "seen" } });
  test.each([
    ["Ark", ark("failed", { error: { code, message: "seen" } })],
    [
      "envelope",
      envelope({
        status: "FAILURE",
        fail_reason: "task failed",
        data: ark("failed", { error: { code, message: "seen" } }),
      }),
    ],
    ["JSON in fail_reason", envelope({ status: "FAILURE", fail_reason: inner })],
    [
      "a sentence with JSON in fail_reason",
      envelope({ status: "FAILURE", fail_reason: `task failed: ${inner}` }),
    ],
    ["around a pending one", envelope({ status: "FAILURE", fail_reason: inner, data: ark("running") })],
    [
      "inside a pending one",
      envelope({ status: "IN_PROGRESS", data: ark("failed", { error: { code, message: "seen" } }) }),
    ],
  ])("%s", (_, body) => {
    expect(poll(body)).toMatchObject({ kind: "failed", error: { code, message: "seen" } });
  });

  test("the reason may stand where the link would be, even with a link in it", () => {
    expect(poll(envelope({ status: "FAILURE", result_url: "no: https://x.example/a?sig=1" }))).toMatchObject({
      kind: "failed",
      error: { message: "no: https://x.example/a?…" },
    });
    expect(poll(envelope({ status: "FAILURE", result_url: URL_ })).kind).toBe("failed");
  });

  test("a clip beside a failure is collected", () => {
    const body = envelope({ status: "FAILURE", data: ark("succeeded", { content: { video_url: URL_ } }) });
    expect(poll(body)).toEqual({ kind: "succeeded", url: URL_ });
  });

  test("a word under an error status counts only where the task is named", () => {
    expect(poll({ status: "failed", message: "oops" }, 500).kind).toBe("unreadable");
    expect(poll(ark("failed"), 500).kind).toBe("failed");
  });
});

describe("the look itself", () => {
  test.each([
    [404, { error: { code: "NotFound", message: "no such task" } }, "missing"],
    [404, { message: "task not found" }, "missing"],
    [400, { code: "task_not_exist", message: "task_not_exist", data: null }, "missing"],
    [400, { error: { message: "task does not exist" } }, "missing"],
    [404, "<html>404</html>", "unreadable"],
    [404, "", "unreadable"],
    [404, { error: { message: "Invalid URL (GET /v1/x)" } }, "unreadable"],
    [400, { error: { code: "x", message: "y" } }, "unreadable"],
    [401, "", "bad-key"],
    [401, { error: { code: "AuthenticationError", message: "" } }, "bad-key"],
    [403, { error: { code: "AccessDenied", message: "" } }, "no-access"],
    [403, "<html>Just a moment…</html>", "unreadable"],
    [200, { error: { code: "AuthenticationError", message: "no" } }, "bad-key"],
    [200, { code: "fail", message: "db is down", data: null }, "unreadable"],
    [200, "", "unreadable"],
    [200, "<html>login</html>", "unreadable"],
    [200, "[]", "unreadable"],
    [200, "null", "unreadable"],
    [200, '{"status":"runn', "unreadable"],
    [302, "", "unreadable"],
    [429, "", "unreadable"],
    [500, { error: { code: "InternalServiceError", message: "x" } }, "unreadable"],
    [500, ark("running"), "unreadable"],
    [502, "<html>", "unreadable"],
  ])("%i %j is %s", (status, body, expected) => {
    const outcome = poll(body, status);
    expect(outcome.kind === "halt" ? outcome.reason : outcome.kind).toBe(expected);
  });

  test("Retry-After is passed on", () => {
    expect(poll("", 429, { "retry-after": "7" })).toMatchObject({ kind: "unreadable", retryAfterMs: 7000 });
  });
});

describe("properties", () => {
  test("wrapping does not change what is read", () => {
    const answers = fc.constantFrom(
      ark("succeeded", { content: { video_url: URL_ }, usage: { completion_tokens: 7 } }),
      ark("failed", { error: { code: "OutputVideoSensitiveContentDetected", message: "seen" } }),
      ark("running", { progress: 40 }),
      ark("queued", { progress: 10 }),
    );
    fc.assert(
      fc.property(answers, wrapped, (body, wrap) => {
        expect(poll(wrap(body))).toEqual(poll(body));
      }),
    );
  });

  test("garbage neither throws nor is a clip", () => {
    const word = fc.constantFrom("succeeded", "SUCCESS", "failed", "running", "", "x");
    const text = fc.oneof(
      fc.string(),
      fc.json({ maxDepth: 6 }),
      fc
        .record({ status: word, data: fc.jsonValue(), content: fc.jsonValue(), url: fc.jsonValue() })
        .map((x) => JSON.stringify(x)),
    );
    fc.assert(
      fc.property(fc.integer({ min: 100, max: 599 }), text, (status, body) => {
        const outcome = poll(body, status);
        if (!/https?:\/\//i.test(body)) expect(outcome.kind).not.toBe("succeeded");
      }),
      { numRuns: 2000 },
    );
  });
});

describe("how long a task took", () => {
  const took = (body: unknown): unknown => {
    const outcome = poll(body);
    return outcome.kind === "succeeded" ? outcome.took : outcome.kind;
  };
  const done = (times: object) => ark("succeeded", { content: { video_url: URL_ }, ...times });

  test.each([
    ["Ark", done({ created_at: 1785585600, updated_at: 1785585691 }), 91],
    ["milliseconds", done({ created_at: 1785585600000, updated_at: 1785585691500 }), 91.5],
    ["dates", done({ created_at: "2026-08-01T12:00:00Z", updated_at: "2026-08-01T12:01:31Z" }), 91],
    ["OpenAI style", { id: "v", status: "completed", url: URL_, created_at: 100, completed_at: 160 }, 60],
    [
      "a gateway's own times",
      envelope({ status: "SUCCESS", result_url: URL_, submit_time: 100, finish_time: 190, updated_at: 900 }),
      90,
    ],
    [
      "the innermost, which is nearest to whoever has done it",
      envelope({
        status: "SUCCESS",
        created_at: 100,
        updated_at: 900,
        data: done({ created_at: 101, updated_at: 192 }),
      }),
      91,
    ],
    ["times that run backwards", done({ created_at: 200, updated_at: 100 }), undefined],
    ["one time only", done({ created_at: 200 }), undefined],
    ["a task that goes on", ark("running", { created_at: 100, updated_at: 200 }), "pending"],
  ])("%s", (_, body, seconds) => {
    expect(took(body)).toBe(seconds);
  });
});
