import { readdirSync } from "node:fs";
import { afterAll, afterEach, describe, expect, test } from "vitest";
import type { Emulator } from "../../src/emulator/emulator.ts";
import { startEmulator } from "../../src/emulator/start.ts";
import { GATEWAY, call, create, ended, folders, textRequest } from "./client.ts";
import { halves, image, words } from "./drawing.ts";

const { folder, remove } = folders();
afterAll(remove);

let emulator: Emulator | undefined;
afterEach(() => emulator?.close());

async function start(place = folder()): Promise<string> {
  emulator = await startEmulator({ port: 0, folder: place, renderers: 2 });
  return emulator.url;
}

async function bytesOf(url: string, id: string): Promise<Buffer> {
  const task = await ended(url, id);
  expect(task).toMatchObject({ status: "succeeded" });
  return Buffer.from(await (await fetch(task.content.video_url as string)).arrayBuffer());
}

describe("clips from child processes", () => {
  test("the same request gives the same bytes, another take others", async () => {
    const url = await start();
    const body = {
      ...textRequest("A lighthouse in the rain."),
      content: [words("Rain."), image("reference_image", halves(400, 300))],
    };
    const ids = await Promise.all([
      create(url, body, "dawn"),
      create(url, body, "dawn"),
      create(url, body, "dawn#2"),
    ]);
    const [first, again, other] = await Promise.all(ids.map((id) => bytesOf(url, id)));
    expect(first?.equals(again as Buffer)).toBe(true);
    expect(first?.equals(other as Buffer)).toBe(false);
  });

  test("a clip made here is an input by its result URL, also after a restart on another port", async () => {
    const place = folder();
    const before = await start(place);
    const source = await create(before, textRequest("A fox."));
    const { content } = await ended(before, source);
    await emulator?.close();
    const url = await start(place);
    const video = {
      type: "video_url",
      video_url: { url: content.video_url as string },
      role: "reference_video",
    };
    const id = await create(url, {
      ...textRequest(""),
      content: [words("Extend Video 1 forward: it runs."), video],
    });
    const task = await ended(url, id);
    expect(task.status).toBe("succeeded");
    expect(task.usage.completion_tokens).toBe(((4 + 4) * 864 * 496 * 24) / 1024);
  });

  test("a medium that cannot be read fails its task, and the server goes on", async () => {
    const url = await start();
    const broken = image("first_frame", "data:image/png;base64,AAAAAAAA");
    const id = await create(url, { ...textRequest(""), content: [broken] });
    expect((await ended(url, id)).error.message).toMatch(/content\[0\]/);
    expect((await ended(url, await create(url, textRequest("A fox.")))).status).toBe("succeeded");
  });

  test("a close ends at once, whatever is being drawn, and leaves nothing half-made", async () => {
    const place = folder();
    const url = await start(place);
    const id = await create(url, textRequest("A fox.", { duration: 15 }));
    await expect
      .poll(async () => (await call(url, "GET", `${GATEWAY}/${id}`)).json.data.status)
      .toBe("IN_PROGRESS");
    await new Promise((resolve) => setTimeout(resolve, 700));
    const before = Date.now();
    await emulator?.close();
    expect(Date.now() - before).toBeLessThan(1000);
    const again = await start(place);
    expect((await ended(again, id)).status).toBe("succeeded");
    expect(readdirSync(`${place}/clips`)).toEqual([`${id}.mp4`]);
  });
});
