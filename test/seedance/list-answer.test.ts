import { describe, expect, test } from "vitest";
import { readCancelAnswer, readListAnswer, taskWordOf } from "../../src/seedance/answer-list.ts";

const NOW = Date.UTC(2026, 7, 1, 12);
const answerOf = (body: unknown, status = 200, headers: Record<string, string> = {}) => ({
  status,
  headers,
  text: typeof body === "string" ? body : JSON.stringify(body),
});
const list = (body: unknown, status?: number, headers?: Record<string, string>) =>
  readListAnswer(answerOf(body, status, headers), NOW);
const item = {
  id: "cgt-1",
  model: "doubao-seedance-2-0-mini-260428",
  status: "running",
  created_at: 1785585600,
  resolution: "480p",
  ratio: "16:9",
  duration: 4,
  generate_audio: true,
};
const TASK = {
  id: "cgt-1",
  model: "doubao-seedance-2-0-mini-260428",
  createdAt: 1785585600000,
  resolution: "480p",
  ratio: "16:9",
  duration: 4,
  generateAudio: true,
};

describe("a page of tasks", () => {
  test("is read with what it says of each, and with the provider's clock", () => {
    const date = "Sat, 01 Aug 2026 12:00:30 GMT";
    expect(list({ items: [item], total: 7 }, 200, { date })).toEqual({
      kind: "page",
      tasks: [TASK],
      entries: 1,
      total: 7,
      now: NOW + 30_000,
    });
  });

  test.each([
    ["in an envelope", { code: "success", data: { items: [item], total: 1 } }],
    ["as a list of `data`", { data: [item], total: 1 }],
  ])("%s too", (_, body) => {
    expect(list(body)).toMatchObject({ kind: "page", tasks: [TASK], total: 1 });
  });

  test("what does not say which task it is, or since when, is counted and not guessed", () => {
    const items = [{ id: "a" }, { created_at: 5 }, "text", null, { id: "b", created_at: 100 }];
    expect(list({ items })).toEqual({ kind: "page", tasks: [{ id: "b", createdAt: 100_000 }], entries: 5 });
  });

  test("may be empty", () => {
    expect(list({ items: [], total: 0 })).toEqual({ kind: "page", tasks: [], entries: 0, total: 0 });
  });

  test.each([
    [200, "<html>", "unreadable"],
    [200, { status: "running" }, "unreadable"],
    [200, { items: {} }, "unreadable"],
    [404, { error: { code: "NotFound", message: "no route" } }, "unreadable"],
    [500, { items: [item] }, "unreadable"],
    [429, "", "unreadable"],
    [401, { error: { code: "AuthenticationError", message: "no" } }, "halt"],
  ])("%i %j is no page: %s", (status, body, kind) => {
    expect(list(body, status).kind).toBe(kind);
  });
});

describe("the answer to a request to cancel", () => {
  test.each([
    [200, {}, "cancelled"],
    [204, "", "cancelled"],
    [409, { error: { code: "InvalidAction.RunningTaskDeletion", message: "it is running" } }, "too-late"],
    [400, { error: { code: "InvalidAction", message: "no" } }, "too-late"],
    [404, { error: { code: "ResourceNotFound", message: "no such task" } }, "missing"],
    [401, "", "halt"],
    [403, { error: { code: "AccessDenied", message: "" } }, "halt"],
    [500, "", "unreadable"],
    [502, "<html>", "unreadable"],
    [302, "", "unreadable"],
  ])("%i %j: %s", (status, body, kind) => {
    expect(readCancelAnswer(answerOf(body, status), NOW).kind).toBe(kind);
  });
});

test("where a task stands is the service's own word", () => {
  expect(taskWordOf(answerOf({ id: "a", status: "Queued" }))).toBe("queued");
  expect(taskWordOf(answerOf({ data: { status: "IN_PROGRESS" } }))).toBe("in_progress");
  expect(taskWordOf(answerOf({ id: "a" }))).toBeUndefined();
  expect(taskWordOf(answerOf({ status: "queued" }, 500))).toBeUndefined();
});
