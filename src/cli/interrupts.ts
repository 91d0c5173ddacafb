import type { Terminal } from "./terminal.ts";

const SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

/** The first Ctrl-C ends the run in order, the second at once. */
export function catchInterrupts(terminal: Terminal): { readonly signal: AbortSignal; close(): void } {
  const controller = new AbortController();
  const interrupt = (): void => {
    if (controller.signal.aborted) process.exit(130);
    terminal.err(
      "\nStopping: nothing new is sent, what runs remotely goes on and is collected by the next run.",
    );
    controller.abort();
  };
  for (const name of SIGNALS) process.on(name, interrupt);
  return {
    signal: controller.signal,
    close: () => {
      for (const name of SIGNALS) process.off(name, interrupt);
    },
  };
}
