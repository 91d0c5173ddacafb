import { appendFileSync, copyFileSync, mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { ClipRenderer, RenderJob, RenderOutcome } from "../../src/emulator/renderer.ts";
import { startWith } from "../../src/emulator/start.ts";

const CLIP = fileURLToPath(new URL("../fixtures/media/reordered.mp4", import.meta.url));

/**
 * Delivers the same small picture for everything, at once: for tests of what is around it. Each take has bytes of its
 * own, as at the service.
 */
export class CopyingRenderer implements ClipRenderer {
  render(job: RenderJob): Promise<RenderOutcome> {
    mkdirSync(job.clips, { recursive: true });
    copyFileSync(CLIP, job.output);
    appendFileSync(job.output, freeBox(job.label));
    return Promise.resolve({
      kind: "rendered",
      clip: { width: 96, height: 64, frames: 50, inputVideoSeconds: 0 },
    });
  }

  close(): Promise<void> {
    return Promise.resolve();
  }
}

/** A box of the container that players skip. */
function freeBox(text: string): Buffer {
  const content = Buffer.from(text);
  const head = Buffer.from("\0\0\0\0free");
  head.writeUInt32BE(head.length + content.length);
  return Buffer.concat([head, content]);
}

/** Its clip is far below the limits of a real asset. */
const anyAsset = (): Promise<undefined> => Promise.resolve(undefined);

/** The emulator in this process, so that its clips need not be drawn. */
export async function startCopyingService(taskSeconds = 0): Promise<{ url: string; close(): Promise<void> }> {
  const folder = mkdtempSync(join(tmpdir(), "storyc-service-"));
  const emulator = await startWith({ port: 0, folder, taskSeconds }, new CopyingRenderer(), 8, {
    inspect: anyAsset,
  });
  return {
    url: emulator.url,
    close: async () => {
      await emulator.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
