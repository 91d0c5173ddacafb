import { createCanvas } from "@napi-rs/canvas";
import { mkdir, readFile, rm } from "node:fs/promises";
import type { Picture, PictureCodec } from "../../media/codec.ts";
import { FRAMES_PER_SECOND } from "../../base/limits.ts";
import { nearestRatio, outputSize, type Size } from "../../base/sizes.ts";
import { parseLabel, type GenerationRequest } from "../request.ts";
import type { RenderJob, RenderedClip } from "../renderer.ts";
import { shotKindOf } from "../shot-kind.ts";
import { validate } from "../validate.ts";
import { performBridge } from "./bridge-shot.ts";
import { performEdit, performExtension } from "./clip-shots.ts";
import { paintFrames } from "./frame-shots.ts";
import { readInputs, type Input } from "./inputs.ts";
import { cardsOf, paintOwnScene } from "./own-scene.ts";
import { clipsOf, framesOfShot, leadingSize, still, type Performance, type Shot } from "./shot.ts";
import { createStage, type Stage } from "./stage.ts";
import { soundOf } from "./shot-sound.ts";

/** Makes the clip that a request asks for. Throws with a message for people when a medium cannot be read. */
export async function renderClip(job: RenderJob, codec: PictureCodec): Promise<RenderedClip> {
  const scratch = `${job.output}.inputs`;
  await mkdir(scratch, { recursive: true });
  try {
    const request = await readRequest(job);
    const inputs = await readInputs(request.media, { clips: job.clips, assets: job.assets, scratch }, codec);
    const shot = createShot(request, job.label, inputs, codec);
    await encode(shot, job.output);
    const { width, height, frames } = shot.stage;
    const inputVideoSeconds = clipsOf(inputs).reduce((sum, { seconds }) => sum + seconds, 0);
    return { width, height, frames, inputVideoSeconds };
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}

/** It was accepted, so what is not known in it does not matter any more. */
async function readRequest({ body, deliver = {} }: RenderJob): Promise<GenerationRequest> {
  const checked = validate(JSON.parse(await readFile(body, "utf8")), "lenient");
  if (checked.kind === "refused") throw new Error(checked.error.message);
  const { generate_audio: generateAudio = checked.request.generateAudio, ...other } = deliver;
  return { ...checked.request, ...other, generateAudio };
}

function createShot(
  request: GenerationRequest,
  header: string,
  inputs: readonly Input[],
  codec: PictureCodec,
): Shot {
  const kind = shotKindOf(request);
  const frames = framesOfShot(kind, request.duration, inputs);
  // Neither URLs nor ids of tasks: a rehearsal repeated on another day draws the same pictures.
  const seed = `${header}\n${request.prompt}`;
  const stage = createStage(sizeOf(request, inputs), frames, seed);
  return { kind, request, label: parseLabel(header), inputs, stage, codec };
}

function sizeOf({ resolution, ratio }: GenerationRequest, inputs: readonly Input[]): Size {
  const leading = leadingSize(inputs) ?? { width: 16, height: 9 };
  return outputSize(resolution, ratio) ?? outputSize(resolution, nearestRatio(leading.width, leading.height));
}

async function encode(shot: Shot, output: string): Promise<void> {
  const { width, height } = shot.stage;
  const performance = await perform(shot);
  try {
    const sound = shot.request.generateAudio ? await soundOf(shot) : undefined;
    await shot.codec.encode({
      width,
      height,
      fps: FRAMES_PER_SECOND,
      pictures: picturesOf(shot.stage, performance),
      ...(sound && { sound }),
      output,
    });
  } finally {
    await performance.close();
  }
}

async function perform(shot: Shot): Promise<Performance> {
  switch (shot.kind) {
    case "text":
    case "references":
      return still(paintOwnScene(shot, cardsOf(shot), "middle"));
    case "first-frame":
    case "first-and-last-frame":
      return still(paintFrames(shot));
    case "extend-forward":
    case "extend-backward":
      return performExtension(shot);
    case "edit":
      return performEdit(shot);
    case "bridge":
      return performBridge(shot);
  }
}

async function* picturesOf(
  { width, height, frames }: Stage,
  { paint }: Performance,
): AsyncGenerator<Picture> {
  const canvas = createCanvas(width, height);
  const g = canvas.getContext("2d");
  for (let at = 0; at < frames; at++) {
    g.clearRect(0, 0, width, height);
    await paint(g, at);
    yield { width, height, data: canvas.data() };
  }
}
