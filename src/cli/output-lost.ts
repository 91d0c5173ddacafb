import { closeSync } from "node:fs";

const STREAMS = [process.stdout, process.stderr] as const;

/** Calls back when nobody reads what is written any more: a pipe's other end is gone, or the terminal is closed. */
export function onOutputLost(listener: (error: NodeJS.ErrnoException) => void): { close(): void } {
  for (const stream of STREAMS) stream.on("error", listener);
  return {
    close: () => {
      for (const stream of STREAMS) stream.off("error", listener);
    },
  };
}

/** A write that fails must not end the program in the middle of what it does, as an error without a listener would. */
export function outliveOutput(): void {
  let isHungUp = false;
  onOutputLost(({ code }) => (isHungUp ||= code === "EIO"));
  process.on("exit", () => {
    if (isHungUp) closeAll();
  });
}

/** Node sets a terminal back as it was when it ends, and aborts with a core dump where that terminal is gone. */
function closeAll(): void {
  for (const fd of [0, 1, 2]) {
    try {
      closeSync(fd);
    } catch {
      // Closed already.
    }
  }
}
