import { connect } from "node:net";
import { expect, test } from "vitest";
import { create, say, server } from "./create-once.ts";
import { ROWS, type RelayBreak } from "./create-rows.ts";
import { answer, type RawServer } from "./raw-server.ts";
import { TEST_CERTIFICATE } from "./test-certificate.ts";

for (const { died, behaviour, concluded, requests, more, relay } of ROWS)
  test(`${died} → ${concluded}, requests seen: ${requests}`, async () => {
    const raw = await server(behaviour, relay !== undefined);
    const way = relay ? await relayTo(raw, relay) : raw;
    const baseUrl = relay ? `https://127.0.0.1:${way.port}` : raw.url;
    const outcome = await create(baseUrl, { ...more, ...(relay && { ca: TEST_CERTIFICATE }) });
    expect(outcome.kind, JSON.stringify(outcome)).toBe(concluded);
    expect(JSON.stringify(outcome)).not.toContain("undefined");
    // Each connection is one that our side has opened: a second one would be a second attempt.
    expect(way.heard).toHaveLength(1);
    if (requests === "0–1") expect(raw.requests()).toBeLessThanOrEqual(1);
    else expect(raw.requests()).toBe(requests);
  });

test("a second answer is shown, so that its task can be adopted", async () => {
  const raw = await server({
    onData: say(answer("429 Slow", "") + answer("200 OK", '{"task_id":"cgt-7"}')),
  });
  expect(await create(raw.url)).toMatchObject({
    kind: "unknown",
    error: { status: 429, message: expect.stringContaining("cgt-7") },
  });
});

/** Hands bytes on in both directions until it breaks the connection on both sides. */
function relayTo(raw: RawServer, { of, after, act }: RelayBreak): Promise<RawServer> {
  return server({
    onConnect: (near) => {
      const far = connect(raw.port, "127.0.0.1");
      let seen = 0;
      const pass = (from: "request" | "answer", bytes: Buffer): void => {
        if (of === from) seen += bytes.length;
        const [to, isOver] = [from === "request" ? far : near, of === from && seen >= after];
        if (!isOver) to.write(bytes);
        else if (act === "garble") to.write(Buffer.alloc(bytes.length, 0x5a));
        else if (act === "cut") [near, far].forEach((side) => side.destroy());
        else [near, far].forEach((side) => side.resetAndDestroy());
      };
      near.on("data", (bytes: Buffer) => pass("request", bytes));
      far.on("data", (bytes: Buffer) => pass("answer", bytes));
      near.on("close", () => far.destroy());
      far.on("close", () => near.destroy()).on("error", () => undefined);
    },
  });
}
