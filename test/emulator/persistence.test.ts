import { readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { GATEWAY, QuickRenderer, call, create, ended, folders, startQuick, textRequest } from "./client.ts";

const { folder, remove } = folders();
afterAll(remove);

test("a task is on disk when its create is answered", async () => {
  const place = folder();
  const emulator = await startQuick({ folder: place }, new QuickRenderer(1000));
  const id = await create(emulator.url, textRequest("a fox"));
  expect(readdirSync(join(place, "pending"))).toEqual([`${id}.json`]);
  expect(readdirSync(join(place, "bodies"))).toEqual([`${id}.json`]);
  await emulator.close();
});

test("a task that was interrupted goes on with the next process on the folder", async () => {
  const place = folder();
  const first = await startQuick({ folder: place }, new QuickRenderer(5000));
  const ids = await Promise.all([1, 2, 3].map((n) => create(first.url, textRequest(`fox ${n}`))));
  await first.close();
  const second = await startQuick({ folder: place });
  for (const id of ids) {
    const task = await ended(second.url, id);
    expect(task).toMatchObject({
      status: "succeeded",
      content: { video_url: expect.stringContaining(`${second.url}/files/${id}.mp4?`) },
    });
  }
  expect(readdirSync(join(place, "pending"))).toEqual([]);
  await second.close();
});

test("an ended task is answered alike by every later process, without being drawn again", async () => {
  const place = folder();
  const first = await startQuick({ folder: place });
  const done = await create(first.url, textRequest("a fox"));
  const failed = await create(first.url, textRequest("a [[fail]] fox"));
  const before = [await ended(first.url, done), await ended(first.url, failed)];
  await first.close();
  const renderer = new QuickRenderer();
  const second = await startQuick({ folder: place }, renderer);
  const after = [await ended(second.url, done), await ended(second.url, failed)];
  expect(after[0].usage).toEqual(before[0].usage);
  expect(after[1].error).toEqual(before[1].error);
  expect(renderer.jobs).toEqual([]);
  expect((await fetch(after[0].content.video_url as string)).status).toBe(200);
  await second.close();
});

test("two processes on one folder know each other's tasks", async () => {
  const place = folder();
  const one = await startQuick({ folder: place });
  const two = await startQuick({ folder: place });
  const id = await create(one.url, textRequest("a fox"));
  await ended(one.url, id);
  expect((await ended(two.url, id)).status).toBe("succeeded");
  await Promise.all([one.close(), two.close()]);
});

test("a folder that is gone fails the create and not the server", async () => {
  const place = folder();
  const emulator = await startQuick({ folder: place });
  rmSync(place, { recursive: true });
  expect((await call(emulator.url, "POST", GATEWAY, textRequest("a fox"))).status).toBe(500);
  expect((await call(emulator.url, "GET", "/__stats")).status).toBe(200);
  await emulator.close();
});
