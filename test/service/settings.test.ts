import { describe, expect, test } from "vitest";
import { connectService } from "../../src/service/client.ts";
import { readBaseUrl, ROUTES, taskUrl } from "../../src/service/routes.ts";

describe("base URLs", () => {
  test.each([
    ["https://www.anyfast.ai", "https://www.anyfast.ai/v1/video/generations"],
    [" https://www.anyfast.ai/v1/ ", "https://www.anyfast.ai/v1/video/generations"],
    ["https://gateway.example/anyfast/", "https://gateway.example/anyfast/v1/video/generations"],
    ["http://127.0.0.1:8080", "http://127.0.0.1:8080/v1/video/generations"],
    ["http://[::1]:8080", "http://[::1]:8080/v1/video/generations"],
    ["http://localhost:1/", "http://localhost:1/v1/video/generations"],
  ])("%s", (text, tasks) => {
    const base = readBaseUrl(text);
    if (base.kind !== "ok") throw new Error(base.message);
    expect(taskUrl(base.url, ROUTES.anyfast).href).toBe(tasks);
    expect(taskUrl(base.url, ROUTES.anyfast, "cgt-1").href).toBe(`${tasks}/cgt-1`);
  });

  test("Ark's routes", () => {
    const base = readBaseUrl("https://ark.cn-beijing.volces.com/api/v3");
    if (base.kind !== "ok") throw new Error(base.message);
    expect(taskUrl(base.url, ROUTES.ark, "cgt-1").pathname).toBe("/api/v3/contents/generations/tasks/cgt-1");
  });

  test.each([
    ["", "is not a URL"],
    ["www.anyfast.ai", "is not a URL"],
    ["ftp://a.example", "https://"],
    ["http://a.example", "in the clear"],
    ["http://127.0.0.1.evil.example", "in the clear"],
    ["https://u:p@a.example", "password"],
    ["https://a.example/?x=1", "path"],
  ])("%j is refused", (text, message) => {
    expect(readBaseUrl(text)).toMatchObject({ kind: "wrong", message: expect.stringContaining(message) });
    expect(() => connectService({ baseUrl: text, apiKey: "k", routes: ROUTES.anyfast, env: {} })).toThrow(
      message,
    );
  });

  test("a key or a proxy that cannot be used is named, not shown", () => {
    const settings = { baseUrl: "https://a.example", routes: ROUTES.anyfast, env: {} };
    expect(() => connectService({ ...settings, apiKey: " " })).toThrow("API key is empty");
    expect(() => connectService({ ...settings, apiKey: "sk-1\nx" })).toThrow(/^(?!.*sk-1).*characters/s);
    const env = { HTTPS_PROXY: "http://me:secret@[" };
    expect(() => connectService({ ...settings, apiKey: "k", env })).toThrow(/^(?!.*secret)HTTPS_PROXY/s);
  });
});
