import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { readCreateAnswer } from "../../src/seedance/answer.ts";
import { wrapped } from "./wrapping.ts";

const NOW = Date.UTC(2026, 7, 1, 12);
const headers = {};
const create = (status: number, body: unknown, more: Record<string, string> = {}) =>
  readCreateAnswer(
    { status, headers: more, text: typeof body === "string" ? body : JSON.stringify(body) },
    NOW,
  );
const error = (code: string, message = "no") => ({ error: { code, message } });

describe("accepted", () => {
  test.each([
    ["as documented", { id: "cgt-1", task_id: "cgt-1", object: "video", status: "", progress: 0 }],
    ["Ark gives only an id", { id: "cgt-1" }],
    ["envelope", { code: "success", message: "", data: { task_id: "cgt-1", status: "NOT_START" } }],
    ["two envelopes", { code: "success", data: { task_id: "cgt-1", data: { id: "inner" } } }],
    ["JSON in a string", { code: 200, data: JSON.stringify({ id: "cgt-1" }) }],
    ["a list of one", { data: [{ task_id: "cgt-1" }] }],
    ["task_id beside an error", { task_id: "cgt-1", ...error("InvalidParameter") }],
  ])("%s", (_, body) => {
    expect(create(200, body)).toEqual({ kind: "accepted", taskId: "cgt-1" });
  });

  test("202 too, and the request's number is kept", () => {
    expect(create(202, { id: "cgt-1", request_id: "0217-x" })).toEqual({
      kind: "accepted",
      taskId: "cgt-1",
      requestId: "0217-x",
    });
  });

  test.each([
    ["two tasks in a list", 200, { data: [{ id: "a" }, { id: "b" }] }],
    ["the id of an input in an echo", 200, { input: { id: "a" }, content: [{ id: "b" }] }],
    ["an id beside an error status", 500, { id: "cgt-1" }],
    ["no id", 200, { object: "video", status: "" }],
    ["an empty id", 200, { id: "", task_id: " " }],
    ["null data", 200, { code: "success", data: null }],
    ["an empty body", 200, ""],
    ["a proxy's page", 200, "<html><body>Welcome</body></html>"],
    ["an error that we do not know", 200, error("Whatever")],
    ["a redirect to see other", 303, ""],
    ["a bad gateway", 502, "<html>502 Bad Gateway</html>"],
    ["a gateway timeout", 504, ""],
    ["a text", 500, "upstream connect error"],
    ["an inner failure", 500, error("InternalServiceError")],
    ["an inner failure under 400", 400, error("InternalServiceError")],
    ["a gateway that lost the answer", 500, { code: "do_request_failed", message: "EOF", data: null }],
    ["a gateway that could not note the task", 500, { code: "insert_task_failed", message: "db" }],
    ["a proxy that lost patience", 408, error("x")],
    ["a closed request", 499, ""],
    ["an odd relay without words", 451, ""],
  ])("not with %s: unknown", (_, status, body) => {
    expect(create(status, body).kind).toBe("unknown");
  });
});

describe("refused and the rest", () => {
  test.each([
    [400, "InputTextSensitiveContentDetected", "refused"],
    [400, "SensitiveContentDetected", "refused"],
    [400, "InputImageSensitiveContentDetected", "refused"],
    [400, "InputImageSensitiveContentDetected.PrivacyInformation", "refused"],
    [400, "InputVideoSensitiveContentDetected.PolicyViolation", "refused"],
    [400, "InputAudioSensitiveContentDetected", "refused"],
    [400, "OutputVideoSensitiveContentDetected", "refused"],
    [400, "InvalidParameter.UnsupportedImageFormat", "refused"],
    [400, "MissingParameter", "refused"],
    [404, "InvalidEndpoint.NotFound", "refused"],
    [401, "AuthenticationError", "bad-key"],
    [403, "AccountOverdueError", "no-access"],
    [403, "AccessDenied", "no-access"],
    [403, "quota_not_enough", "no-credit"],
    [429, "RateLimitExceeded.EndpointRPMExceeded", "busy"],
    [429, "ModelAccountRpmRateLimitExceeded", "busy"],
    [429, "ServerOverloaded", "busy"],
    [429, "ModelLoadingError", "busy"],
    [429, "QuotaExceeded", "no-credit"],
    [429, "SetLimitExceeded", "no-credit"],
    [500, "InternalServiceError", "unknown"],
  ])("%i %s is %s, in each shape", (status, code, expected) => {
    const shapes = [
      error(code),
      { code, message: "no", data: null },
      { code: "fail_to_fetch_task", message: JSON.stringify(error(code)), data: null },
      {
        code: "x",
        message: `upstream said: ${JSON.stringify(error(code))} (request id: 2026abcdef)`,
        data: null,
      },
      { error: { message: JSON.stringify({ code, message: "no" }), type: "upstream_error", code: null } },
      { ResponseMetadata: { RequestId: "r-1", Error: { Code: code, Message: "no" } } },
    ];
    for (const shape of shapes) {
      const outcome = create(status, shape);
      expect(outcome.kind === "halt" ? outcome.reason : outcome.kind).toBe(expected);
      expect(outcome).toMatchObject({ error: { code, message: "no", status } });
    }
  });

  test.each([
    [400, "", "refused"],
    [404, "<html>404</html>", "refused"],
    [413, "<html>too large</html>", "refused"],
    [422, { detail: "bad" }, "refused"],
    [409, error("Conflict"), "refused"],
    [451, { code: "x", message: JSON.stringify(error("InputTextSensitiveContentDetected")) }, "refused"],
    [500, { message: JSON.stringify(error("InvalidParameter")), code: "relay" }, "refused"],
    [200, error("InvalidParameter"), "refused"],
    [200, { id: "req-1", ...error("InvalidParameter") }, "refused"],
    [503, { error: { code: "model_not_found", message: "no channel" } }, "refused"],
    [401, "", "bad-key"],
    [401, { error: { message: "invalid token", type: "new_api_error" } }, "bad-key"],
    [403, "<html>Forbidden</html>", "no-access"],
    [403, { error: { message: "用户额度不足, 剩余额度: 0" } }, "no-credit"],
    [402, "", "no-credit"],
    [429, "", "busy"],
    [429, { error: { message: "insufficient balance" } }, "no-credit"],
    [500, error("RateLimitExceeded"), "busy"],
  ])("%i %j is %s", (status, body, expected) => {
    const outcome = create(status, body);
    expect(outcome.kind === "halt" ? outcome.reason : outcome.kind).toBe(expected);
  });

  test("a redirect was not carried out and says where to", () => {
    const outcome = create(307, "", { location: "https://u:p@www.example.com/v1?key=secret" });
    expect(outcome.kind).toBe("refused");
    expect(JSON.stringify(outcome)).toContain("https://www.example.com/v1?…");
    expect(JSON.stringify(outcome)).not.toMatch(/secret|u:p/);
  });

  test.each([
    ["2", 2000],
    ["0", 0],
    ["Sat, 01 Aug 2026 12:00:30 GMT", 30_000],
    ["Sat, 01 Aug 2026 11:00:00 GMT", 0],
    ["soon", undefined],
  ])("Retry-After: %s", (value, expected) => {
    const outcome = create(429, "", { "retry-after": value });
    expect(outcome.kind === "busy" && outcome.retryAfterMs).toBe(expected);
  });

  test("links and data in a message are shortened, and the request's number is read from it", () => {
    const outcome = create(
      400,
      error(
        "InvalidParameter",
        "content[1] https://b.example/x.png?X-Amz-Signature=abc data:image/png;base64,AAAA Request id: 0217abcdef",
      ),
    );
    expect(outcome).toMatchObject({
      error: {
        message: "content[1] https://b.example/x.png?… data:image/png,… Request id: 0217abcdef",
        requestId: "0217abcdef",
      },
    });
  });
});

describe("properties", () => {
  test("wrapping does not change what is read", () => {
    const answers = fc.constantFrom(
      { status: 200, body: { id: "cgt-1", task_id: "cgt-1", status: "" } },
      { status: 400, body: error("InputTextSensitiveContentDetected") },
      { status: 401, body: error("AuthenticationError") },
      { status: 429, body: error("QuotaExceeded") },
      { status: 429, body: error("ServerOverloaded") },
      { status: 500, body: error("InternalServiceError") },
    );
    fc.assert(
      fc.property(answers, wrapped, ({ status, body }, wrap) => {
        expect(create(status, wrap(body))).toEqual(create(status, body));
      }),
    );
  });

  test("garbage neither throws nor is accepted", () => {
    const garbage = fc.oneof(fc.string(), fc.json(), fc.json({ maxDepth: 8 }));
    fc.assert(
      fc.property(fc.integer({ min: 100, max: 599 }), garbage, (status, text) => {
        const outcome = readCreateAnswer({ status, headers, text }, NOW);
        if (!/"(task_?)?id"\s*:/i.test(text)) expect(outcome.kind).not.toBe("accepted");
      }),
      { numRuns: 2000 },
    );
  });
});
