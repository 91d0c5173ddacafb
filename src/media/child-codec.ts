import { resolve } from "node:path";
import { childEntry } from "./child-entry.ts";
import type { MediaJobs } from "./child-main.ts";
import type { Codec } from "./codec.ts";
import { JobProcess } from "./jobs.ts";

/** The codec in a child process, or why this machine has none. A crash of native code costs the still, not the run. */
export async function openCodec(
  entry = childEntry("media-child"),
): Promise<{ kind: "codec"; codec: Codec } | { kind: "none"; reason: string }> {
  const child = new JobProcess<MediaJobs>(entry);
  const opened = await child.run("open", undefined).catch((error: Error) => {
    return { kind: "none", reason: error.message } as const;
  });
  if (opened.kind === "none") {
    await child.close();
    return opened;
  }
  return {
    kind: "codec",
    codec: {
      name: opened.name,
      // The child keeps the folder in which it was forked; this process may have changed its own.
      still: (clip, which, png) => child.run("still", { clip: resolve(clip), which, png: resolve(png) }),
      close: () => child.close(),
    },
  };
}
