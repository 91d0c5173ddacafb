import type { Canvas } from "@napi-rs/canvas";
import { existsSync } from "node:fs";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { PictureCodec } from "../../media/codec.ts";
import { probeMedia } from "../../media/probe.ts";
import { FRAMES_PER_SECOND } from "../../base/limits.ts";
import { inputSecondsOf } from "../../seedance/price.ts";
import type { RequestMedium } from "../request.ts";
import { assetBytesPath } from "../assets/asset-files.ts";
import { isId } from "../ids.ts";
import { isTaskId } from "../task.ts";
import { fetchLoopback, isLoopback } from "./fetch-loopback.ts";
import { canvasOf, decodeImage, fitPixels, isTiff, sketch } from "./pictures.ts";

/** A medium of the request as it can be drawn. */
export type Input =
  | { readonly kind: "image"; readonly medium: RequestMedium; readonly picture: Canvas }
  | {
      readonly kind: "clip";
      readonly medium: RequestMedium;
      /** Absent for what is not fetched; then `first` stands for all of it. */
      readonly path?: string;
      readonly fps: number;
      readonly frames: number;
      /** As billed: a clip of the service counts as long as was asked, without its frame on top. */
      readonly seconds: number;
      readonly first: Canvas;
    }
  | {
      readonly kind: "sound";
      readonly medium: RequestMedium;
      /** Mono at 48 000 Hz; empty for what is not fetched. */
      readonly samples: Float32Array;
      /** Absent media only. */
      readonly picture?: Canvas;
    };

export type ClipInput = Extract<Input, { kind: "clip" }>;

interface InputPlaces {
  /** Folder with the clips made here. */
  readonly clips: string;
  /** Folder of the asset library. */
  readonly assets: string;
  /** Folder for what has to be a file. */
  readonly scratch: string;
}

/** What is assumed of a clip that is not fetched. */
const UNSEEN_SECONDS = 5;

/** Reads all media. Throws with `content[n]` in the message when one cannot be read. */
export async function readInputs(
  media: readonly RequestMedium[],
  places: InputPlaces,
  codec: PictureCodec,
): Promise<Input[]> {
  const inputs: Input[] = [];
  for (const medium of media) {
    try {
      inputs.push(await readInput(medium, places, codec));
    } catch (error) {
      throw new Error(`content[${medium.index}]: ${error instanceof Error ? error.message : String(error)}`);
    }
  }
  return inputs;
}

async function readInput(medium: RequestMedium, places: InputPlaces, codec: PictureCodec): Promise<Input> {
  switch (medium.type) {
    case "image_url":
      return { kind: "image", medium, picture: await readImage(medium, places, codec) };
    case "video_url":
      return readClip(medium, places, codec);
    case "audio_url": {
      const bytes = await bytesOf(medium, places);
      if (!bytes) {
        const picture = sketch(nameOf(medium.url), "not fetched in a rehearsal");
        return { kind: "sound", medium, samples: new Float32Array(0), picture };
      }
      const path = join(places.scratch, `${medium.index}.audio`);
      await writeFile(path, bytes);
      return { kind: "sound", medium, samples: await codec.sound(path) };
    }
  }
}

async function readImage(medium: RequestMedium, places: InputPlaces, codec: PictureCodec): Promise<Canvas> {
  const bytes = await bytesOf(medium, places);
  if (!bytes) return sketch(nameOf(medium.url), "not fetched in a rehearsal");
  if (!isTiff(bytes)) return decodeImage(bytes);
  const path = join(places.scratch, `${medium.index}.tiff`);
  await writeFile(path, bytes);
  const facts = await probeMedia(path);
  if (facts.kind !== "image") throw new Error("the image cannot be read");
  return canvasOf(await codec.image(path, fitPixels(facts)));
}

async function readClip(medium: RequestMedium, places: InputPlaces, codec: PictureCodec): Promise<ClipInput> {
  const own = ownClip(medium.url, places.clips);
  const path = own ?? (await fetchedClip(medium, places));
  if (path === undefined) {
    const frames = UNSEEN_SECONDS * FRAMES_PER_SECOND + 1;
    const first = sketch(nameOf(medium.url), "not fetched in a rehearsal");
    return { kind: "clip", medium, fps: FRAMES_PER_SECOND, frames, seconds: UNSEEN_SECONDS, first };
  }
  const facts = await probeMedia(path);
  if (facts.kind !== "video")
    throw new Error(`not a video${facts.kind === "unreadable" ? `: ${facts.reason}` : ""}`);
  const { fps, frames } = facts;
  const seconds = inputSecondsOf(facts);
  return { kind: "clip", medium, path, fps, frames, seconds, first: await firstPicture(path, codec) };
}

async function firstPicture(path: string, codec: PictureCodec): Promise<Canvas> {
  for await (const picture of codec.pictures(path)) return canvasOf(picture);
  throw new Error("the video has no picture that can be decoded");
}

/** The file of a clip made here, by its result URL: no request is needed, whatever port it was served on. */
function ownClip(url: string, clips: string): string | undefined {
  if (!isLoopback(url)) return undefined;
  const [, id = ""] = /^\/files\/([^/]+)\.mp4$/.exec(new URL(url).pathname) ?? [];
  const path = join(clips, `${id}.mp4`);
  return isTaskId(id) && existsSync(path) ? path : undefined;
}

async function fetchedClip(medium: RequestMedium, places: InputPlaces): Promise<string | undefined> {
  const bytes = await bytesOf(medium, places);
  if (!bytes) return undefined;
  const path = join(places.scratch, `${medium.index}.video`);
  await writeFile(path, bytes);
  return path;
}

/** `undefined` for what lies elsewhere: a rehearsal sends nothing anywhere. */
async function bytesOf({ type, url }: RequestMedium, { assets }: InputPlaces): Promise<Buffer | undefined> {
  if (url.startsWith("data:")) return Buffer.from(url.slice(url.indexOf(",") + 1), "base64");
  if (url.startsWith("asset://")) return assetBytes(url.slice("asset://".length), assets);
  return isLoopback(url) ? fetchLoopback(url, type) : undefined;
}

/** Of an asset of our own library; `undefined` for one of the provider's. */
async function assetBytes(id: string, folder: string): Promise<Buffer | undefined> {
  const path = assetBytesPath(folder, id);
  return isId("asset", id) && existsSync(path) ? readFile(path) : undefined;
}

/** The last part of a URL, or the id of an asset. */
function nameOf(url: string): string {
  if (url.startsWith("asset://")) return url.slice("asset://".length);
  const { hostname, pathname } = new URL(url);
  const last = pathname.split("/").filter(Boolean).at(-1);
  try {
    return last === undefined ? hostname : decodeURIComponent(last);
  } catch {
    return last ?? hostname;
  }
}
