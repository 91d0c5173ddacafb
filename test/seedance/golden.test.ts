import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { check } from "../../src/driver/check.ts";
import type { Emulator } from "../../src/emulator/emulator.ts";
import { materialize } from "../../src/execute/materialize.ts";
import { lowerScene } from "../../src/seedance/lower.ts";
import { createRequest, type CreateRequest } from "../../src/seedance/request.ts";
import { checkRequest } from "../../src/syntax/request-schema.ts";
import { call, GATEWAY, startQuick } from "../emulator/client.ts";
import { handed } from "../support/handing.ts";
import { doneTake } from "../support/takes.ts";

/** Each folder: a storyboard whose last scene is `shot`, and the request that it becomes. */
const GOLDEN = join(import.meta.dirname, "golden");
const names = readdirSync(GOLDEN).sort();
/** Set to 1 it writes the requests anew. They are read by people before they are committed. */
const isUpdate = process.env.UPDATE_GOLDEN === "1";

let folder: string;
let emulator: Emulator;

/** In a project of its own: what is learned of the media is kept beside the storyboard. */
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "storyc-golden-"));
  cpSync(GOLDEN, join(folder, "golden"), { recursive: true });
  mkdirSync(join(folder, ".git"));
  emulator = await startQuick({ folder: join(folder, "emulator") });
});

afterAll(async () => {
  await emulator.close();
  rmSync(folder, { recursive: true });
});

/** The body, made as a run makes it, with clips, stills and files that are always the same. */
async function requestOf(name: string): Promise<CreateRequest> {
  const { diagnostics, films } = await check({ file: join(folder, "golden", name, "storyboard.yaml") });
  expect(diagnostics.map(({ code, message }) => `${code}: ${message}`)).toEqual([]);
  const [film] = films;
  const shot = film?.storyboard.scenes.at(-1);
  if (!film || shot?.id !== "shot") throw new Error(`the last scene of ${name} must be \`shot\``);
  const lowered = lowerScene(film.storyboard, shot, film.media);
  const media = await materialize({
    lowered,
    media: film.media,
    handover: {
      clipUrl: ({ task }) => handed(`https://clips.example/${encodeURIComponent(task ?? "")}.mp4`),
      mediumUrl: () => handed(undefined),
    },
    selected: (scene) => ({ ...doneTake(1), task: scene }),
    still: (scene, which) => Promise.resolve(Buffer.from(`${which} frame of ${scene}`)),
    read: (path) => readFileSync(path).subarray(0, 12),
  });
  if (media.kind !== "urls") throw new Error(media.message);
  return createRequest(lowered, media.urls);
}

function goldenOf(name: string, request: CreateRequest): unknown {
  const path = join(GOLDEN, name, "request.json");
  if (isUpdate) writeFileSync(path, `${JSON.stringify(request, null, 2)}\n`);
  return existsSync(path)
    ? JSON.parse(readFileSync(path, "utf8"))
    : "there is none: UPDATE_GOLDEN=1 writes it";
}

describe.each(names)("%s", (name) => {
  test("is lowered to the request on file", async () => {
    const request = await requestOf(name);
    expect(request).toEqual(goldenOf(name, request));
  });

  test("fits the schema, and the service takes it", async () => {
    const request = await requestOf(name);
    expect(checkRequest(request)).toBeUndefined();
    const answer = await call(emulator.url, "POST", GATEWAY, request);
    expect(answer.json).toMatchObject({ model: "seedance-2.0-mini", object: "video" });
  });

  test("names in its prompt what it holds, and nothing else", async () => {
    const { content } = await requestOf(name);
    const text = content.flatMap((item) => (item.type === "text" ? [item.text] : [])).join();
    for (const [type, words] of Object.entries(ORDINALS)) {
      const held = content.filter((item) => item.type === type).length;
      for (const [, number] of text.matchAll(words)) expect(Number(number)).toBeLessThanOrEqual(held);
    }
    expect(text).not.toMatch(/asset:\/\/|https?:|(?<![a-z])@/);
  });
});

const ORDINALS = {
  image_url: /(?:Image |图片)(\d+)/g,
  video_url: /(?:Video |视频)(\d+)/g,
  audio_url: /(?:Audio |音频)(\d+)/g,
};

test("every mix that the service allows is on file", async () => {
  const mixes = await Promise.all(
    names.map(async (name) => {
      const { content, tools } = await requestOf(name);
      const roles = content.map((item) => (item.type === "text" ? "text" : item.role));
      return [...new Set(roles), ...(tools ? ["web_search"] : [])].join(" ");
    }),
  );
  expect([...new Set(mixes)].sort()).toEqual([
    "first_frame",
    "reference_image",
    "text",
    "text first_frame",
    "text first_frame last_frame",
    "text reference_image",
    "text reference_image reference_audio",
    "text reference_image reference_video",
    "text reference_image reference_video reference_audio",
    "text reference_video",
    "text reference_video reference_audio",
    "text web_search",
  ]);
});
