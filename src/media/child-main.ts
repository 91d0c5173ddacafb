import type { Picture, PictureCodec } from "./codec.ts";
import { serveJobs } from "./jobs.ts";
import { openPictureCodec, type OpenedCodec } from "./open-codec.ts";
import { writePng } from "./png.ts";

/** The entry of `dist/media-child.js`: decoding for the program, in a process that may crash. */
const jobs = {
  /** Which codec there is, by name; asked once, at the start. */
  async open(): Promise<{ kind: "codec"; name: string } | { kind: "none"; reason: string }> {
    const opened = await codec();
    return opened.kind === "codec" ? { kind: "codec", name: opened.codec.name } : opened;
  },

  async still(input: { clip: string; which: "first" | "last"; png: string }): Promise<void> {
    const opened = await codec();
    if (opened.kind === "none") throw new Error(opened.reason);
    await writePng(await pick(opened.codec, input.clip, input.which), input.png);
  },
};

export type MediaJobs = typeof jobs;

let opening: Promise<OpenedCodec> | undefined;

function codec(): Promise<OpenedCodec> {
  return (opening ??= openPictureCodec());
}

async function pick(codec: PictureCodec, clip: string, which: "first" | "last"): Promise<Picture> {
  if (which === "last") return codec.lastPicture(clip);
  for await (const picture of codec.pictures(clip)) return picture;
  throw new Error(`${clip} has no picture that can be decoded`);
}

serveJobs(jobs);
