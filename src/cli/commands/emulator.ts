import { startEmulator, type EmulatorOptions } from "../../index.ts";
import { EXIT } from "../exit.ts";
import { catchInterrupts } from "../interrupts.ts";
import type { CommandRun } from "../command.ts";

/** Serves until it is interrupted. Prints its URL, and nothing else, when it can be reached. */
export const emulator: CommandRun = async ({ flags }, terminal) => {
  const {
    port = 0,
    folder = ".storyc/emulator-server",
    taskSeconds = 0,
    assetSeconds = 0,
    key,
    shape,
  } = flags;
  const interrupts = catchInterrupts({ ...terminal, err: () => undefined });
  const running = await startEmulator({
    port,
    folder,
    taskSeconds,
    assetSeconds,
    ...(key !== undefined && { key }),
    ...(shape !== undefined && { shape: shape as NonNullable<EmulatorOptions["shape"]> }),
  });
  terminal.out(running.url);
  terminal.json({ type: "emulator", url: running.url });
  await new Promise<void>((resolve) => interrupts.signal.addEventListener("abort", () => resolve()));
  await running.close();
  interrupts.close();
  return EXIT.done;
};
