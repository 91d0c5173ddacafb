import { childEntry } from "../media/child-entry.ts";
import { ChildCrashed, JobProcess } from "../media/jobs.ts";
import type { AnimaticJobs } from "./child-main.ts";
import type { ClipRenderer, RenderJob, RenderOutcome } from "./renderer.ts";

/** Far more than any clip takes: what is not done by then never will be. */
const DEADLINE_MS = 10 * 60_000;

/** Children that draw, one clip each at a time; forked when first needed, and again after a crash. */
export class ForkedRenderer implements ClipRenderer {
  private readonly idle: JobProcess<AnimaticJobs>[];
  private readonly all: readonly JobProcess<AnimaticJobs>[];

  constructor(width: number, entry = childEntry("animatic-child")) {
    this.all = Array.from({ length: width }, () => new JobProcess<AnimaticJobs>(entry));
    this.idle = [...this.all];
  }

  /** The caller asks for no more clips at once than there are children. */
  async render(job: RenderJob): Promise<RenderOutcome> {
    const child = this.idle.pop();
    if (!child) throw new Error("all children are drawing");
    try {
      return await child.run("render", job, AbortSignal.timeout(DEADLINE_MS));
    } catch (error) {
      if (!(error instanceof Error)) throw error;
      const what = error instanceof ChildCrashed ? "the renderer crashed" : "the clip could not be drawn";
      return { kind: "failed", message: `${what}: ${error.message}` };
    } finally {
      this.idle.push(child);
    }
  }

  async close(): Promise<void> {
    await Promise.all(this.all.map((child) => child.close()));
  }
}
