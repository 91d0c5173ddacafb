import { createHash } from "node:crypto";
import type { Chance } from "./chance.ts";

/** A task as the service has it, whatever anybody is told of it. */
export interface RemoteTask {
  readonly id: string;
  readonly purchase: Purchase;
  readonly createdAt: number;
  /** Infinity when the service shows it as running for ever. */
  endsAt: number;
  /** The code of its failure; of one that succeeds undefined. */
  readonly failsWith: string | undefined;
  /** Until when the service says that it knows no such task. */
  deniedUntil: number;
  readonly clip: Buffer;
}

/** What is bought: two requests with the same key are the same purchase, whatever their links look like. */
export interface Purchase {
  readonly key: string;
  readonly text: string;
  readonly tokens: number;
  readonly usd: number;
  readonly shape: ClipShape;
}

export interface ClipShape {
  readonly width: number;
  readonly height: number;
  readonly frames: number;
  readonly sound: boolean;
}

interface Body {
  readonly model: string;
  readonly content: readonly {
    readonly text?: string;
    readonly role?: string;
    readonly image_url?: { readonly url: string };
    readonly video_url?: { readonly url: string };
    readonly audio_url?: { readonly url: string };
  }[];
  readonly generate_audio: boolean;
  readonly resolution: string;
  readonly ratio: string;
  readonly duration: number;
}

const HOST = "https://files.example";
const LINK_LIVES_MS = 24 * 3600 * 1000;
/** Dollars per million tokens without and with a video input. */
const RATES = { plain: 3.5, video: 2.1 };
/** How often tasks fail of what. What was made is moderated, or else something that another try does not mend. */
const FAILURES = {
  OutputVideoSensitiveContentDetected: 6,
  OutputAudioSensitiveContentDetected: 2,
  InputVideoSensitiveContentDetected: 1,
  InternalServiceError: 1,
};
const PIXELS: Readonly<Record<string, readonly [number, number]>> = {
  "480p": [864, 496],
  "720p": [1280, 720],
};

/** Whether what a task has made did not pass moderation: another one may be made in its place. */
export function isModerated({ failsWith }: RemoteTask): boolean {
  return failsWith?.startsWith("Output") ?? false;
}

/** The truth at the far end of the network. */
export class Remote {
  readonly tasks = new Map<string, RemoteTask>();
  readonly #chance: Chance;
  readonly #now: () => number;
  /** The same request gives the same bytes, as the emulator does it. */
  readonly #isRepeatable: boolean;
  failsOften = 0;
  hangsOften = 0;
  deniesOften = 0;

  constructor(chance: Chance, now: () => number, isRepeatable: boolean) {
    this.#chance = chance;
    this.#now = now;
    this.#isRepeatable = isRepeatable;
  }

  /** What a request would buy. */
  read(body: string): Purchase {
    const request = JSON.parse(body) as Body;
    let hasVideo = false;
    let videoSeconds = 0;
    const media = request.content.map(({ text, role, image_url, video_url, audio_url }) => {
      const url = (image_url ?? video_url ?? audio_url)?.url;
      const source = url === undefined ? undefined : this.taskOf(url);
      if (video_url) hasVideo = true;
      if (video_url && source) videoSeconds += Math.floor(source.purchase.shape.frames / 24);
      return { text, role, bytes: digest(source?.clip ?? Buffer.from(url ?? "")) };
    });
    const { model, generate_audio, resolution, ratio, duration } = request;
    const [width, height] = PIXELS[resolution] ?? [0, 0];
    const seconds = hasVideo ? Math.max(duration + videoSeconds, Math.ceil((duration * 5) / 3)) : duration;
    const tokens = Math.ceil((seconds * width * height * 24) / 1024);
    return {
      key: digest(JSON.stringify([model, generate_audio, resolution, ratio, duration, media])),
      text: request.content.find(({ text }) => text !== undefined)?.text ?? "",
      tokens,
      usd: (tokens * (hasVideo ? RATES.video : RATES.plain)) / 1e6,
      shape: { width, height, frames: 24 * duration + 1, sound: generate_audio },
    };
  }

  create(purchase: Purchase): RemoteTask {
    const id = `cgt-${this.tasks.size + 1}`;
    const hangs = this.#chance.happens(this.hangsOften);
    const task: RemoteTask = {
      id,
      purchase,
      createdAt: this.#now(),
      endsAt: hangs ? Infinity : this.#now() + this.#chance.between(5, 300) * 1000,
      deniedUntil: this.#chance.happens(this.deniesOften)
        ? this.#now() + this.#chance.between(1, 10) * 60_000
        : 0,
      failsWith: this.#failureOf(purchase),
      clip: this.#isRepeatable
        ? clipBytes(purchase.key, purchase.shape, 100)
        : clipBytes(id, purchase.shape, this.#chance.between(0, 400)),
    };
    this.tasks.set(id, task);
    return task;
  }

  #failureOf({ text }: Purchase): string | undefined {
    const fails = text.includes("[[fail]]") || this.#chance.happens(this.failsOften);
    return fails ? this.#chance.weighted(FAILURES) : undefined;
  }

  stateOf(task: RemoteTask): "running" | "succeeded" | "failed" {
    if (this.#now() < task.endsAt) return "running";
    return task.failsWith !== undefined ? "failed" : "succeeded";
  }

  linkOf(task: RemoteTask): string {
    return `${HOST}/${task.id}?Expires=${Math.floor((this.#now() + LINK_LIVES_MS) / 1000)}`;
  }

  /** Whose result a link leads to; undefined for what is no link of ours. */
  taskOf(url: string): RemoteTask | undefined {
    return url.startsWith(HOST) ? this.tasks.get(url.slice(HOST.length + 1).split("?")[0] ?? "") : undefined;
  }

  isFresh(url: string): boolean {
    return 1000 * Number(/Expires=(\d+)/.exec(url)?.[1] ?? 0) > this.#now();
  }

  denies(task: RemoteTask): boolean {
    return this.#now() < task.deniedUntil;
  }

  /** What hung for ever ends after all, and every task is known. */
  recover(): void {
    for (const task of this.tasks.values()) {
      if (task.endsAt === Infinity) task.endsAt = this.#now();
      task.deniedUntil = 0;
    }
  }
}

/** A clip says what it is, and where it ends: what was cut off can be told. */
function clipBytes(name: string, shape: ClipShape, padding: number): Buffer {
  return Buffer.from(`CLIP ${JSON.stringify({ ...shape, name })} ${".".repeat(padding)} END`);
}

/** What a look at the bytes finds; undefined when they are no whole clip. */
export function shapeOf(bytes: Uint8Array): ClipShape | undefined {
  const found = /^CLIP (\{.*?\}) \.* END$/.exec(Buffer.from(bytes).toString());
  return found ? (JSON.parse(found[1] ?? "") as ClipShape) : undefined;
}

function digest(bytes: Uint8Array | string): string {
  return createHash("sha256").update(bytes).digest("hex").slice(0, 16);
}
