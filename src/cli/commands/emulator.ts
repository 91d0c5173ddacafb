import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { createSource } from "../../base/source.ts";
import { shownPath } from "../../driver/project.ts";
import { readFaults } from "../../emulator/faults/read-faults.ts";
import { startEmulator } from "../../index.ts";
import { EXIT, UsageError } from "../exit.ts";
import { catchInterrupts } from "../interrupts.ts";
import { closeJson, printDiagnostics } from "../report.ts";
import type { CommandRun } from "../command.ts";

/** Serves until it is interrupted. Prints its URL, and nothing else, when it can be reached. */
export const emulator: CommandRun = async ({ flags }, terminal) => {
  const { port = 0, folder = ".storyc/emulator-server", taskSeconds = 0, assetSeconds = 0 } = flags;
  const { key, shape, urlSeconds, inFlight, strict = false } = flags;
  const { faults, diagnostics } = readFaultsFile(flags.faults);
  if (diagnostics.length > 0) {
    printDiagnostics(terminal, diagnostics);
    closeJson(terminal, "emulator", EXIT.usage, {}, diagnostics);
    return EXIT.usage;
  }
  const interrupts = catchInterrupts({ ...terminal, err: () => undefined });
  const running = await startEmulator({
    ...{ port, folder, taskSeconds, assetSeconds, strict, faults },
    ...(key !== undefined && { key }),
    ...(shape !== undefined && { shape }),
    ...(urlSeconds !== undefined && { linkSeconds: urlSeconds }),
    ...(inFlight !== undefined && { mostInFlight: inFlight }),
  });
  terminal.out(running.url);
  terminal.json({ type: "emulator", url: running.url });
  await new Promise<void>((resolve) => interrupts.signal.addEventListener("abort", () => resolve()));
  await running.close();
  interrupts.close();
  return EXIT.done;
};

function readFaultsFile(file: string | undefined): ReturnType<typeof readFaults> {
  if (file === undefined) return { faults: [], diagnostics: [] };
  const path = resolve(file);
  const name = shownPath(path, process.cwd());
  try {
    return readFaults(createSource(name, path, readFileSync(path, "utf8")));
  } catch (error) {
    const { code = "" } = error as NodeJS.ErrnoException;
    throw new UsageError(
      `the faults file ${name} cannot be read${code === "ENOENT" ? ": there is none" : ` (${code})`}`,
    );
  }
}
