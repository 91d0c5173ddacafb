import { createByteDance } from "@ai-sdk/bytedance";
import { createCanvas } from "@napi-rs/canvas";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, afterEach, expect, test } from "vitest";
import type { Emulator, EmulatorOptions } from "../../src/emulator/emulator.ts";
import { startEmulator } from "../../src/emulator/start.ts";
import { probeMedia } from "../../src/media/probe.ts";
import { call, folders, startQuick } from "./client.ts";

const { folder, remove } = folders();
afterAll(remove);

let emulator: Emulator | undefined;
afterEach(() => emulator?.close());

type Model = ReturnType<ReturnType<typeof createByteDance>["video"]>;
type Options = Parameters<Model["doGenerate"]>[0];

const NOTHING: Options = {
  ...{ prompt: undefined, image: undefined, n: 1, fps: undefined, seed: undefined, generateAudio: undefined },
  ...{ frameImages: undefined, inputReferences: undefined },
  aspectRatio: "16:9",
  resolution: "864x496",
  duration: 4,
  providerOptions: { bytedance: { pollIntervalMs: 50 } },
};

/** A client of the Ark routes that others wrote, and that knows nothing of an emulator, as the command starts one. */
async function model(options: Partial<EmulatorOptions> = {}, apiKey = "ark-key"): Promise<Model> {
  return clientOf(await startQuick({ folder: folder(), strict: false, ...options }), apiKey);
}

async function modelThatDraws(): Promise<Model> {
  return clientOf(await startEmulator({ port: 0, folder: folder(), renderers: 1, strict: false }), "ark-key");
}

function clientOf(started: Emulator, apiKey: string): Model {
  emulator = started;
  const provider = createByteDance({ apiKey, baseURL: `${started.url}/api/v3` });
  return provider.video("dreamina-seedance-2-0-fast-260128");
}

type Made = Awaited<ReturnType<Model["doGenerate"]>>;

async function factsOf({ videos: [video] }: Made): Promise<unknown> {
  if (video?.type !== "url") throw new Error("no link");
  const path = join(folder(), "clip.mp4");
  writeFileSync(path, Buffer.from(await (await fetch(video.url)).arrayBuffer()));
  return probeMedia(path);
}

const stats = async () => (await call(emulator?.url ?? "", "GET", "/__stats")).json;

test("a text becomes a video", async () => {
  const made = await (
    await modelThatDraws()
  ).doGenerate({ ...NOTHING, prompt: "A fox in the snow.", generateAudio: false });
  expect(made.warnings).toEqual([]);
  expect(await factsOf(made)).toMatchObject({
    kind: "video",
    width: 864,
    height: 496,
    frames: 97,
    sound: false,
  });
  const tokens = (4 * 864 * 496 * 24) / 1024;
  expect(made.providerMetadata).toMatchObject({ bytedance: { usage: { completion_tokens: tokens } } });
});

test("an image becomes a video of its proportions", async () => {
  const image = {
    type: "file",
    mediaType: "image/png",
    data: createCanvas(400, 400).toBuffer("image/png"),
  } as const;
  const made = await (
    await modelThatDraws()
  ).doGenerate({ ...NOTHING, prompt: "It wakes.", image, aspectRatio: undefined });
  expect(await factsOf(made)).toMatchObject({ width: 640, height: 640 });
  expect((await stats()).kinds).toEqual({ "first-frame": 1 });
});

test("it polls as often as it wants while the task takes its time", async () => {
  await (await model({ taskSeconds: 0.6 })).doGenerate({ ...NOTHING, prompt: "A fox." });
  expect((await stats()).polls).toBeGreaterThan(3);
});

test.each([
  ["a refusal", "A fox. [[refuse]]", "ark-key", /the input text may contain sensitive information/],
  ["a full service", "A fox. [[429]]", "ark-key", /too many requests/],
  ["a wrong key", "A fox.", "wrong", /API key is missing or wrong/],
  ["a failed task", "A fox. [[fail]]", "ark-key", /generation failed: .*"status":"failed"/],
])("it tells %s, as far as it reads it: it drops why a task failed", async (_, prompt, key, message) => {
  const video = await model({ key: "ark-key" }, key);
  await expect(video.doGenerate({ ...NOTHING, prompt })).rejects.toThrow(message);
});

test("what it sends for other models is ignored, and told in the statistics", async () => {
  const more = { returnLastFrame: true, serviceTier: "flex", cameraFixed: true, pollIntervalMs: 50 };
  const options: Options = { ...NOTHING, prompt: "A fox.", seed: 7, providerOptions: { bytedance: more } };
  await (await model()).doGenerate(options);
  expect((await stats()).ignored).toEqual({
    seed: 1,
    return_last_frame: 1,
    service_tier: 1,
    camera_fixed: 1,
  });
  await emulator?.close();
  await expect((await model({ strict: true })).doGenerate(options)).rejects.toThrow(
    /is not a parameter|does not exist/,
  );
});
