import { serve, type ServerType } from "@hono/node-server";
import { availableParallelism } from "node:os";
import type { AddressInfo } from "node:net";
import { resolve } from "node:path";
import { AssetFiles } from "./assets/asset-files.ts";
import { AssetLibrary } from "./assets/asset-library.ts";
import { inspectAsset, type InspectAsset } from "./assets/inspect.ts";
import { Core } from "./core.ts";
import type { Emulator, EmulatorOptions } from "./emulator.ts";
import { FaultBook } from "./faults/fault-book.ts";
import { ForkedRenderer } from "./forked-renderer.ts";
import { LINK_SECONDS } from "./links.ts";
import { RenderQueue } from "./render-queue.ts";
import type { ClipRenderer } from "./renderer.ts";
import { createRoutes } from "./routes.ts";
import { Stats } from "./stats.ts";
import { TaskBook } from "./task-book.ts";
import { TaskFiles } from "./task-files.ts";

const HOST = "127.0.0.1";
/** More than the streams of one film's rehearsal can use, and each child holds some 200 MB. */
const MOST_RENDERERS = 4;

/**
 * Serves the API on loopback and draws the clips in child processes. Tasks that an earlier process left
 * unfinished on the folder go on at once. Rejects when the port is taken, or when the renderer is not built.
 */
export function startEmulator(options: EmulatorOptions): Promise<Emulator> {
  const width = Math.max(1, options.renderers ?? Math.min(MOST_RENDERERS, availableParallelism()));
  return startWith(options, new ForkedRenderer(width), width);
}

/** What tests put in place of the real thing. */
interface Stead {
  readonly inspect?: InspectAsset;
  /** The clock by which links expire; milliseconds since 1970. */
  readonly now?: () => number;
}

/** The same with another renderer, which tests of the routes need not wait for. */
export async function startWith(
  options: EmulatorOptions,
  renderer: ClipRenderer,
  width: number,
  { inspect = inspectAsset, now = Date.now }: Stead = {},
): Promise<Emulator> {
  const book = await TaskBook.open(new TaskFiles(resolve(options.folder)));
  const atLeast = (options.taskSeconds ?? 0) * 1000;
  const queue = new RenderQueue({ book, renderer, width, atLeast });
  let url = "";
  const faults = new FaultBook(options.faults);
  const library = new AssetLibrary({
    files: new AssetFiles(book.files.assets),
    ...{ inspect, faults },
    atLeast: (options.assetSeconds ?? 0) * 1000,
  });
  const core = new Core({
    ...{ book, queue, library, faults, now, atLeast },
    stats: new Stats(book, faults),
    origin: () => url,
    strictness: options.strict === false ? "lenient" : "strict",
    linkSeconds: options.linkSeconds ?? LINK_SECONDS,
    mostInFlight: options.mostInFlight ?? Infinity,
  });
  const app = createRoutes({ core, shape: options.shape ?? "envelope", key: options.key });
  const server = await listen(app.fetch, options.port);
  url = `http://${HOST}:${(server.address() as AddressInfo).port}`;
  for (const task of book.known()) queue.add(task);
  return {
    url,
    close: async () => {
      library.close();
      await Promise.all([closeServer(server), queue.close()]);
    },
  };
}

function listen(
  fetch: (request: Request) => Response | Promise<Response>,
  port: number,
): Promise<ServerType> {
  return new Promise((fulfil, reject) => {
    const server = serve({ fetch, port, hostname: HOST }, () => fulfil(server));
    server.on("error", (error: NodeJS.ErrnoException) => {
      reject(error.code === "EADDRINUSE" ? new Error(portInUse(port)) : error);
    });
  });
}

function portInUse(port: number): string {
  return `port ${port} on ${HOST} is in use: choose another, or 0 for any that is free`;
}

function closeServer(server: ServerType): Promise<void> {
  return new Promise((fulfil) => {
    server.close(() => fulfil());
    // Clients keep their connections open for the next request; a close would wait for them.
    if ("closeAllConnections" in server) server.closeAllConnections();
  });
}
