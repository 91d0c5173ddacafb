import { createCanvas } from "@napi-rs/canvas";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, afterEach, describe, expect, test } from "vitest";
import type { Emulator } from "../../src/emulator/emulator.ts";
import { GATEWAY, QuickRenderer, call, folders, startQuick, textRequest } from "./client.ts";

const { folder, remove } = folders();
afterAll(remove);

let emulator: Emulator | undefined;
afterEach(async () => {
  await emulator?.close();
  emulator = undefined;
});

async function start(options: Partial<Parameters<typeof startQuick>[0]> = {}): Promise<string> {
  emulator = await startQuick({ folder: folder(), ...options }, new QuickRenderer());
  return emulator.url;
}

const library = (url: string, name: string, body: unknown) => call(url, "POST", `/volc/asset/${name}`, body);

async function group(url: string): Promise<string> {
  return (await library(url, "CreateAssetGroup", { model: "volc-asset", Name: "film" })).json.Id as string;
}

const picture = (width = 400, height = 300): string =>
  `data:image/png;base64,${createCanvas(width, height).toBuffer("image/png").toString("base64")}`;

const image = (GroupId: string, more: object = {}): object => ({
  model: "volc-asset",
  GroupId,
  Name: "keeper",
  AssetType: "Image",
  URL: picture(),
  ...more,
});

// eslint-disable-next-line @typescript-eslint/no-explicit-any
async function settled(url: string, id: string): Promise<any> {
  const look = async () => (await library(url, "GetAsset", { Id: id })).json;
  await expect.poll(async () => (await look()).Status).not.toBe("Processing");
  return look();
}

const request = (id: string, type = "image"): object => ({
  ...textRequest(""),
  content: [
    { type: "text", text: "a fox" },
    { type: `${type}_url`, [`${type}_url`]: { url: `asset://${id}` }, role: `reference_${type}` },
  ],
});

describe("the asset library", () => {
  test("an asset is Processing, then Active, and its bytes can be had", async () => {
    const url = await start({ assetSeconds: 0.2 });
    const id = await group(url);
    expect(id).toMatch(/^group-\d{14}-[0-9a-z]{5}$/);
    const made = await library(url, "CreateAsset", image(id));
    expect(made.json).toEqual({ Id: expect.stringMatching(/^asset-\d{14}-[0-9a-z]{5}$/) });
    const early = await library(url, "GetAsset", { Id: made.json.Id });
    expect(early.json).toMatchObject({
      Status: "Processing",
      AssetType: "Image",
      GroupId: id,
      Name: "keeper",
    });
    const asset = await settled(url, made.json.Id as string);
    expect(asset.Status).toBe("Active");
    const bytes = Buffer.from(await (await fetch(asset.URL as string)).arrayBuffer());
    expect(bytes.subarray(1, 4).toString()).toBe("PNG");
  });

  test("bytes come as a data URL, as bare Base64, in a form, or from an address", async () => {
    const url = await start();
    const id = await group(url);
    const bytes = Buffer.from(picture().split(",")[1] ?? "", "base64");
    const server = createServer((_, response) => response.end(bytes));
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const link = `http://127.0.0.1:${(server.address() as AddressInfo).port}/a.png?signature=1`;
    const form = new FormData();
    form.set("GroupId", id);
    form.set("file", new File([bytes], "a.png"));
    const headers = { authorization: "Bearer key" };
    const posted = await fetch(`${url}/volc/asset/CreateAsset`, { method: "POST", body: form, headers });
    const ids = [((await posted.json()) as { Id: string }).Id];
    for (const URL of [picture(), bytes.toString("base64"), link])
      ids.push((await library(url, "CreateAsset", image(id, { URL }))).json.Id as string);
    for (const one of ids) expect(await settled(url, one)).toMatchObject({ Status: "Active" });
    server.close();
  });

  test("what lies elsewhere is taken unseen, since nothing is sent anywhere", async () => {
    const url = await start();
    const made = await library(
      url,
      "CreateAsset",
      image(await group(url), { URL: "https://example.invalid/a.png" }),
    );
    expect((await settled(url, made.json.Id as string)).Status).toBe("Active");
  });

  test.each([
    ["too small", { URL: picture(200, 200) }, /200×200/],
    ["of another kind", { AssetType: "Video", model: "volc-asset-video" }, /kind image, not video/],
    ["no medium at all", { URL: "AAAA" }, /cannot be read/],
    ["not to be had", { URL: "http://127.0.0.1:1/a.png" }, /./],
    ["asked to fail", { Name: "keeper [[fail]]" }, /sensitive/],
  ])("a file that is %s ends as Failed, with the reason", async (_, more, message) => {
    const url = await start();
    const made = await library(url, "CreateAsset", image(await group(url), more));
    expect(await settled(url, made.json.Id as string)).toMatchObject({
      Status: "Failed",
      Error: { Code: expect.any(String), Message: expect.stringMatching(message) },
    });
  });

  test.each([
    ["no group", { GroupId: undefined }, 400, /GroupId is required/],
    ["an unknown group", { GroupId: "group-20260101000000-aaaaa" }, 404, /NotFound.group_id/],
    ["no file", { URL: undefined }, 400, /URL is required/],
    ["a path", { URL: "./a.png" }, 400, /URL must be/],
    ["an unknown kind", { AssetType: "Text" }, 400, /AssetType must be/],
    ["a video under the model of images", { AssetType: "Video" }, 400, /model must be volc-asset-video/],
  ])("%s is refused", async (_, more, status, message) => {
    const url = await start();
    const answer = await library(url, "CreateAsset", image(await group(url), more));
    expect([answer.status, answer.json.error.message]).toEqual([status, expect.stringMatching(message)]);
  });

  test("lists know groups, parts of names and pages", async () => {
    const url = await start();
    const [one, two] = [await group(url), await group(url)];
    for (const Name of ["lamp", "lampshade", "fox"]) await library(url, "CreateAsset", image(one, { Name }));
    await library(url, "CreateAsset", image(two));
    const list = async (Filter: object, more: object = {}) =>
      (await library(url, "ListAssets", { model: "volc-asset", Filter, ...more })).json;
    expect((await list({ GroupIds: [one] })).TotalCount).toBe(3);
    expect((await list({ GroupIds: [one], Name: "lamp" })).TotalCount).toBe(2);
    const page = await list({}, { PageSize: 3, PageNumber: 2 });
    expect([page.TotalCount, page.Items.length]).toEqual([4, 1]);
    expect((await library(url, "ListAssetGroups", { Filter: {} })).json.TotalCount).toBe(2);
  });

  test("both creates are billed, looks are not; without a key nothing is answered", async () => {
    const url = await start();
    const id = await group(url);
    const made = await library(url, "CreateAsset", image(id));
    await library(url, "CreateAsset", {});
    await settled(url, made.json.Id as string);
    const stats = (await call(url, "GET", "/__stats")).json;
    expect(stats.library).toEqual({ groups: 1, assets: 1, billed: 2 });
    expect(stats.requests).toMatchObject({ createGroup: 1, createAsset: 2 });
    expect(stats.requests.getAsset).toBeGreaterThan(0);
    const open = await call(url, "POST", "/volc/asset/CreateAsset", image(id), { authorization: "" });
    expect(open.status).toBe(401);
  });

  test("an asset outlives the process, and one that was in the middle goes on", async () => {
    const place = folder();
    const first = await start({ folder: place, assetSeconds: 30 });
    const made = await library(first, "CreateAsset", image(await group(first)));
    await emulator?.close();
    const second = await start({ folder: place });
    expect((await settled(second, made.json.Id as string)).Status).toBe("Active");
  });
});

describe("requests that name an asset", () => {
  test("one that is Active is taken, as one of the provider's own is", async () => {
    const url = await start();
    const { Id } = (await library(url, "CreateAsset", image(await group(url)))).json;
    await settled(url, Id as string);
    expect((await call(url, "POST", GATEWAY, request(Id as string))).status).toBe(200);
    expect((await call(url, "POST", GATEWAY, request("asset-20260101000000-aaaaa"))).status).toBe(200);
  });

  test("one that is not Active is not there yet, and a picture is no video", async () => {
    const url = await start();
    const id = await group(url);
    const waiting = (await library(url, "CreateAsset", image(id, { Name: "[[hang]]" }))).json;
    const early = await call(url, "POST", GATEWAY, request(waiting.Id as string));
    expect([early.status, early.json.error.message]).toEqual([
      400,
      expect.stringMatching(/^content\[1\]\.image_url\.url: .*not found/),
    ]);
    const { Id } = (await library(url, "CreateAsset", image(id))).json;
    await settled(url, Id as string);
    const wrong = await call(url, "POST", GATEWAY, request(Id as string, "video"));
    expect([wrong.status, wrong.json.error.message]).toEqual([400, expect.stringMatching(/type Image/)]);
  });
});
