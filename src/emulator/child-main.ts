import { serveJobs } from "../media/jobs.ts";
import { openPictureCodec, type OpenedCodec } from "../media/open-codec.ts";
import { renderClip } from "./animatic/render-clip.ts";
import type { RenderJob, RenderOutcome } from "./renderer.ts";

/** The entry of `dist/animatic-child.js`: drawing and encoding, in a process of its own for each clip at a time. */
const jobs = {
  async render(job: RenderJob): Promise<RenderOutcome> {
    const opened = await (opening ??= openPictureCodec());
    if (opened.kind === "none")
      return { kind: "failed", message: `nothing here encodes video: ${opened.reason}` };
    return { kind: "rendered", clip: await renderClip(job, opened.codec) };
  },
};

export type AnimaticJobs = typeof jobs;

let opening: Promise<OpenedCodec> | undefined;

serveJobs(jobs);
