import { describe, expect, test } from "vitest";
import { readCreateAnswer, readPollAnswer } from "../../src/seedance/answer.ts";
import { hintFor } from "../../src/seedance/errors.ts";
import type { CreateOutcome, PollOutcome } from "../../src/seedance/outcome.ts";

/** What is known of the service's answers, a row for each row of its tables: its words, its shapes, its codes. */

const NOW = Date.UTC(2026, 7, 1, 12);
const LINK = "https://cdn.example.com/clip.mp4?X-Tos-Signature=abc";
const answer = (status: number, body: unknown) => ({
  status,
  headers: {},
  text: typeof body === "string" ? body : JSON.stringify(body),
});
const create = (status: number, body: unknown): CreateOutcome => readCreateAnswer(answer(status, body), NOW);
const poll = (status: number, body: unknown): PollOutcome => readPollAnswer(answer(status, body), NOW);
const said = (outcome: CreateOutcome | PollOutcome): string =>
  outcome.kind === "halt" ? outcome.reason : outcome.kind;

const envelope = (data: unknown): object => ({ code: "success", message: "", data });

/** How each kind of gateway writes a task: in which words, with its link or its error at its own place. */
interface TaskShape {
  readonly pending: readonly string[];
  readonly succeeded: readonly string[];
  readonly failed: readonly string[];
  done(word: string): unknown;
  broken(word: string, code: string, message: string): unknown;
  open(word: string): unknown;
}

const ark = (status: string, more: object = {}): object => ({ id: "cgt-1", status, ...more });
const usage = { usage: { completion_tokens: 7 } };

const SHAPES: Readonly<Record<string, TaskShape>> = {
  "Ark, flat": {
    pending: ["queued", "running", "", "paused"],
    succeeded: ["succeeded"],
    failed: ["failed", "cancelled", "expired"],
    done: (word) => ark(word, { content: { video_url: LINK }, ...usage }),
    broken: (word, code, message) => ark(word, { error: { code, message } }),
    open: (word) => ark(word),
  },
  "envelope, the link outside": {
    pending: ["NOT_START", "QUEUED", "IN_PROGRESS", ""],
    succeeded: ["SUCCESS"],
    failed: ["FAILURE"],
    done: (word) => envelope({ task_id: "t", status: word, progress: "100%", result_url: LINK, data: usage }),
    broken: (word, code, message) =>
      envelope({ task_id: "t", status: word, fail_reason: JSON.stringify({ error: { code, message } }) }),
    open: (word) => envelope({ task_id: "t", status: word, progress: "30%" }),
  },
  "envelope, the link in Ark's object": {
    pending: ["NOT_START", "QUEUED", "IN_PROGRESS"],
    succeeded: ["SUCCESS"],
    failed: ["FAILURE"],
    done: (word) =>
      envelope({ status: word, data: ark("succeeded", { content: { video_url: LINK }, ...usage }) }),
    broken: (word, code, message) =>
      envelope({
        status: word,
        fail_reason: "task failed",
        data: ark("failed", { error: { code, message } }),
      }),
    open: (word) => envelope({ status: word, data: ark("running") }),
  },
  "Anyfast, older": {
    pending: ["processing"],
    succeeded: ["completed"],
    failed: ["failed"],
    done: (word) => ({ id: "t", status: word, video_url: LINK, usage: { total_tokens: 7 } }),
    broken: (word, code, message) => ({ id: "t", status: word, error: { code, message } }),
    open: (word) => ({ id: "t", status: word }),
  },
  "new-api": {
    pending: ["NOT_START", "SUBMITTED", "QUEUED", "IN_PROGRESS", "UNKNOWN"],
    succeeded: ["SUCCESS"],
    failed: ["FAILURE"],
    done: (word) => envelope({ task_id: "t", status: word, result_url: LINK, data: usage }),
    broken: (word, code, message) =>
      envelope({ task_id: "t", status: word, result_url: JSON.stringify({ error: { code, message } }) }),
    open: (word) => envelope({ task_id: "t", status: word, result_url: "" }),
  },
  "new-api, old rows": {
    pending: ["NOT_START", "SUBMITTED", "QUEUED", "IN_PROGRESS", "UNKNOWN"],
    succeeded: ["SUCCESS"],
    failed: ["FAILURE"],
    done: (word) => envelope({ task_id: "t", status: word, fail_reason: LINK, data: usage }),
    broken: (word, code, message) =>
      envelope({
        task_id: "t",
        status: word,
        fail_reason: `task failed, ${JSON.stringify({ code, message })}`,
      }),
    open: (word) => envelope({ task_id: "t", status: word, fail_reason: "" }),
  },
  "new-api behind new-api": {
    pending: ["NOT_START", "SUBMITTED", "QUEUED", "IN_PROGRESS", "UNKNOWN"],
    succeeded: ["SUCCESS"],
    failed: ["FAILURE"],
    done: (word) =>
      envelope({
        status: word,
        data: envelope({
          status: "SUCCESS",
          data: ark("succeeded", { content: { video_url: LINK }, ...usage }),
        }),
      }),
    broken: (word, code, message) =>
      envelope({
        status: word,
        data: envelope({ status: "FAILURE", data: ark("failed", { error: { code, message } }) }),
      }),
    open: (word) => envelope({ status: word, data: envelope({ status: "QUEUED", data: null }) }),
  },
  "OpenAI style": {
    pending: ["queued", "in_progress"],
    succeeded: ["completed"],
    failed: ["failed"],
    done: (word) => ({ id: "v", object: "video", status: word, metadata: { url: LINK }, ...usage }),
    broken: (word, code, message) => ({ id: "v", object: "video", status: word, error: { code, message } }),
    open: (word) => ({ id: "v", object: "video", status: word, progress: 30 }),
  },
  "OpenAI style, the link flat": {
    pending: ["queued", "in_progress"],
    succeeded: ["completed"],
    failed: ["failed"],
    done: (word) => ({ id: "v", object: "video", status: word, url: LINK, ...usage }),
    broken: (word, code, message) => ({ id: "v", status: word, error: JSON.stringify({ code, message }) }),
    open: (word) => ({ id: "v", object: "video", status: word }),
  },
};

const CODE = "OutputVideoSensitiveContentDetected";

describe.each(Object.entries(SHAPES))("%s", (_, shape) => {
  test.each(shape.pending)("“%s” is pending", (word) => {
    expect(poll(200, shape.open(word)).kind).toBe("pending");
    // A link that is there already counts only once the task has succeeded.
    expect(poll(200, shape.open(word.toLowerCase())).kind).toBe("pending");
  });

  test.each(shape.succeeded)("“%s” is a clip, in either case of letters", (word) => {
    for (const written of [word, word.toLowerCase(), word.toUpperCase()])
      expect(poll(200, shape.done(written))).toEqual({ kind: "succeeded", url: LINK, tokens: 7 });
  });

  test.each(shape.failed)("“%s” is a failure with its code and words", (word) => {
    for (const written of [word, word.toLowerCase(), word.toUpperCase()])
      expect(poll(200, shape.broken(written, CODE, "it was seen"))).toMatchObject({
        kind: "failed",
        error: { code: CODE, message: "it was seen" },
      });
  });
});

const INPUTS = ["Image", "Video", "Audio"].flatMap((medium) =>
  ["", ".PrivacyInformation", ".PolicyViolation"].map(
    (end) => `Input${medium}SensitiveContentDetected${end}`,
  ),
);

/** Code, HTTP status, what it means for a create and for a look, and what is said to a person about it. */
const CODES: [code: string, status: number, create: string, poll: string, hint: RegExp][] = [
  ["InputTextSensitiveContentDetected", 400, "refused", "unreadable", /prompt/],
  ["SensitiveContentDetected", 400, "refused", "unreadable", /prompt/],
  ["SensitiveContentDetected.PolicyViolation", 400, "refused", "unreadable", /prompt/],
  ...INPUTS.map((code): (typeof CODES)[number] => [code, 400, "refused", "unreadable", /[Uu]se another one/]),
  ["OutputVideoSensitiveContentDetected", 400, "refused", "unreadable", /Another try often passes/],
  ["OutputVideoSensitiveContentDetected.PolicyViolation", 400, "refused", "unreadable", /Another try/],
  ["OutputAudioSensitiveContentDetected", 400, "refused", "unreadable", /generate_audio: false/],
  ["InvalidParameter", 400, "refused", "unreadable", /storyc show/],
  ["InvalidParameter.UnsupportedImageFormat", 400, "refused", "unreadable", /storyc show/],
  ["InvalidParameter.OversizeImage", 400, "refused", "unreadable", /storyc show/],
  ["MissingParameter", 400, "refused", "unreadable", /storyc show/],
  ["MissingParameter.model", 400, "refused", "unreadable", /storyc show/],
  ["AuthenticationError", 401, "bad-key", "bad-key", /key/],
  ["AccountOverdueError", 403, "no-access", "no-access", /bills/],
  ["AccessDenied", 403, "no-access", "no-access", /may not use/],
  ["RateLimitExceeded", 429, "busy", "unreadable", /busy/],
  ["RateLimitExceeded.EndpointRPMExceeded", 429, "busy", "unreadable", /busy/],
  ["ModelAccountRpmRateLimitExceeded", 429, "busy", "unreadable", /busy/],
  ["AccountRpmRateLimitExceeded", 429, "busy", "unreadable", /busy/],
  ["ServerOverloaded", 429, "busy", "unreadable", /busy/],
  ["ModelLoadingError", 429, "busy", "unreadable", /busy/],
  ["QuotaExceeded", 429, "no-credit", "no-credit", /credit/],
  ["SetLimitExceeded", 429, "no-credit", "no-credit", /credit/],
  ["InternalServiceError", 500, "unknown", "unreadable", /may have been done/],
];

/** Every shape in which an error was seen. */
const ERRORS: Readonly<Record<string, (code: string, message: string) => unknown>> = {
  "as documented": (code, message) => ({ error: { code, message } }),
  "with type and param": (code, message) => ({ error: { code, message, type: "BadRequest", param: "" } }),
  "a gateway's": (code, message) => ({ code, message, data: null }),
  "a gateway's, the service's own as text": (code, message) => ({
    code: "fail_to_fetch_task",
    message: JSON.stringify({ error: { code, message } }),
    data: null,
  }),
  "twice as text": (code, message) => ({
    error: {
      code: "relay",
      message: JSON.stringify({ code: "relay", message: JSON.stringify({ error: { code, message } }) }),
    },
  }),
  "within a sentence": (code, message) => ({
    error: { code: null, message: `status 400, body: ${JSON.stringify({ error: { code, message } })}` },
  }),
};

describe.each(Object.entries(ERRORS))("an error %s", (_, shape) => {
  test.each(CODES)("%s (%i): a create is %s, a look is %s", (code, status, created, looked) => {
    const outcome = create(status, shape(code, "no such thing"));
    expect(said(outcome)).toBe(created);
    expect(outcome).toMatchObject({ error: { code, message: "no such thing", status } });
    expect(said(poll(status, shape(code, "no such thing")))).toBe(looked);
  });
});

test.each(CODES)("%s has a word for people", (code, _status, _create, _poll, hint) => {
  expect(hintFor(code)).toMatch(hint);
});

test.each(CODES)("a task that has failed by %s has failed, and stops nothing else", (code) => {
  expect(poll(200, ark("failed", { error: { code, message: "no" } }))).toMatchObject({
    kind: "failed",
    error: { code, message: "no" },
  });
});

describe("odd relays", () => {
  const refusal = JSON.stringify({ error: { code: "InputTextSensitiveContentDetected", message: "no" } });
  test.each([
    [451, refusal, "refused", "unreadable"],
    [500, refusal, "refused", "unreadable"],
    [502, `upstream: ${refusal}`, "refused", "unreadable"],
    [502, { message: `upstream: ${refusal}` }, "refused", "unreadable"],
    [503, { error: `bad response: ${refusal}` }, "refused", "unreadable"],
    [451, "", "unknown", "unreadable"],
    [451, "<html>for legal reasons</html>", "unknown", "unreadable"],
    [500, "", "unknown", "unreadable"],
    [500, "upstream connect error", "unknown", "unreadable"],
    [502, "<html><title>502 Bad Gateway</title></html>", "unknown", "unreadable"],
    [503, "<html>", "unknown", "unreadable"],
    [504, "", "unknown", "unreadable"],
    [520, "<html>cloudflare</html>", "unknown", "unreadable"],
    [524, "<html>a timeout occurred</html>", "unknown", "unreadable"],
    [200, "", "unknown", "unreadable"],
    [200, "<!doctype html><html>login</html>", "unknown", "unreadable"],
    [200, envelope(null), "unknown", "pending"],
    [204, "", "unknown", "unreadable"],
    [404, { error: { code: "", message: "task not found" } }, "refused", "missing"],
    [400, { code: "task_not_exist", message: "task_not_exist", data: null }, "refused", "missing"],
    [404, "<html>nginx</html>", "refused", "unreadable"],
    [429, "", "busy", "unreadable"],
    [429, "<html>slow down</html>", "busy", "unreadable"],
    [
      400,
      { status: 400, detail: [{ loc: ["body", "content", 1], msg: "required" }] },
      "refused",
      "unreadable",
    ],
  ])("%i %j: a create is %s, a look is %s", (status, body, created, looked) => {
    expect([said(create(status, body)), said(poll(status, body))]).toEqual([created, looked]);
  });
});

describe("the number for the provider's support is kept", () => {
  const error = { code: "InvalidParameter", message: "no" };
  test.each([
    ["beside the error", { error, request_id: "0217-abcdef" }, {}],
    ["in the error", { error: { ...error, request_id: "0217-abcdef" } }, {}],
    ["in the words", { error: { ...error, message: "no. Request id: 0217-abcdef" } }, {}],
    ["in a gateway's words", { error: { ...error, message: "no (request id: 0217-abcdef)" } }, {}],
    ["in a header", { error }, { "x-request-id": "0217-abcdef" }],
    ["in a gateway's header", { error }, { "x-oneapi-request-id": "0217-abcdef" }],
  ])("%s", (_, body, headers) => {
    const refused = { status: 400, headers, text: JSON.stringify(body) };
    expect(readCreateAnswer(refused, NOW)).toMatchObject({ error: { requestId: "0217-abcdef" } });
    const failed = { status: 200, headers, text: JSON.stringify({ ...ark("failed"), ...body }) };
    expect(readPollAnswer(failed, NOW)).toMatchObject({ error: { requestId: "0217-abcdef" } });
  });
});

describe("where a refusal points", () => {
  test.each([
    [
      "a parameter beside the words",
      { error: { code: "InvalidParameter", message: "bad", param: "content[2].image_url" } },
    ],
    ["a list of details", { detail: [{ loc: ["body", "content", 2, "image_url"], msg: "bad" }] }],
  ])("%s is in the words that a person sees", (_, body) => {
    const outcome = create(400, body);
    if (outcome.kind !== "refused") throw new Error(outcome.kind);
    expect(outcome.error.message).toMatch(/content(\[2\]|\.2\.).*bad|bad.*content\[2\]/);
  });
});
