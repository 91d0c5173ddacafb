import type { Checked } from "../../src/driver/check.ts";
import type { Machine } from "../../src/driver/machine.ts";
import type { Project } from "../../src/driver/project.ts";
import { readText } from "../storyboard/read.ts";
import { FakeClock } from "./fake-clock.ts";
import { FakeService } from "./fake-service.ts";
import { taskLinks } from "./handing.ts";
import { hold } from "./held.ts";
import { memoryFiles } from "./memory-files.ts";
import { VIDEO } from "./rig.ts";

export const PROJECT: Project = {
  storyboard: "/project/film.yaml",
  folder: "/project",
  root: "/project",
  name: "film",
  hidden: "/project/.storyc",
};

/** A storyboard as `check` would give it, without a disk. Its media are thought to be there. */
export function checkedText(text: string): Checked {
  const { storyboard, media, diagnostics } = readText(text, {}, PROJECT.storyboard);
  return {
    project: PROJECT,
    diagnostics,
    sources: [storyboard.source],
    films: [{ project: PROJECT, storyboard, media }],
  };
}

/** A machine of which nothing is real: its disk is memory, its service and its clock do what a test says. */
export function memoryMachine(): Machine & { readonly service: FakeService; readonly clock: FakeClock } {
  const files = memoryFiles();
  const service = new FakeService();
  const write = (path: string, text: string): void => {
    files.mkdirSync(path.slice(0, path.lastIndexOf("/")), { recursive: true });
    const fd = files.openSync(path, "w");
    files.writeSync(fd, Buffer.from(text));
    files.closeSync(fd);
  };
  return {
    files,
    service,
    clock: new FakeClock(),
    self: { pid: 1, host: "memory", startedAt: () => 0, bootedAt: () => 0, isAlive: () => true },
    random: () => 0,
    grace: () => hold<undefined>().promise,
    connect: ({ connection }) =>
      Promise.resolve({
        service,
        provider: connection?.provider ?? "emulator",
        handover: () => taskLinks,
        pace: { pollFirst: 1, pollEvery: 1 },
        close: () => service.close(),
      }),
    probe: () => Promise.resolve(VIDEO),
    openCodec: () => {
      const still = (_: string, which: string, png: string): Promise<void> =>
        Promise.resolve(write(png, `${which} frame`));
      return Promise.resolve({
        kind: "codec",
        codec: { name: "none", still, close: () => Promise.resolve() },
      });
    },
    assemble: (parts, output) => {
      write(output, parts.map(({ path }) => path).join("\n"));
      return Promise.resolve({ kind: "joined", seconds: parts.length });
    },
  };
}
