import { onOutputLost } from "./output-lost.ts";
import type { Terminal } from "./terminal.ts";

/** A person who presses again does not want to wait. */
const BY_A_PERSON = ["SIGINT", "SIGTERM"] as const;

/**
 * The first interrupt ends the run in order, a second one at once. A terminal that closes is told several times
 * over, by the kernel, by the shell and by each write that fails: that is one interrupt, and nobody's hurry.
 */
export function catchInterrupts(terminal: Pick<Terminal, "err">): {
  readonly signal: AbortSignal;
  close(): void;
} {
  const controller = new AbortController();
  const end = (): void => {
    if (controller.signal.aborted) return;
    controller.abort();
    terminal.err(
      "\nStopping: nothing new is sent, what runs remotely goes on and is collected by the next run.",
    );
  };
  const press = (): void => {
    if (controller.signal.aborted) process.exit(130);
    end();
  };
  for (const name of BY_A_PERSON) process.on(name, press);
  process.on("SIGHUP", end);
  const output = onOutputLost(end);
  return {
    signal: controller.signal,
    close: () => {
      for (const name of BY_A_PERSON) process.off(name, press);
      process.off("SIGHUP", end);
      output.close();
    },
  };
}
