import type { MediaFacts } from "../base/media-facts.ts";
import { systemClock, type Clock } from "../execute/clock.ts";
import { assembleFilm } from "../film/assemble.ts";
import { openCodec } from "../media/child-codec.ts";
import { probeMedia } from "../media/probe.ts";
import { diskFiles, type Files } from "../store/files.ts";
import { thisProcess, type Self } from "../store/run-lock.ts";
import { connect, type ConnectRequest, type Connected } from "./connect.ts";

/**
 * All that a run touches outside of this program. A run is given it as one value, so that whole runs, with their
 * crashes, can be carried out on a simulated disk, against a simulated service, in simulated time.
 */
export interface Machine {
  readonly files: Files;
  readonly clock: Clock;
  /** Who holds the storyboard while the run lasts. */
  readonly self: Self;
  /** From 0 to 1: keeps requests of several tasks apart. */
  random(): number;
  /** Resolves after `ms`; keeps no process alive. */
  grace(ms: number): Promise<void>;
  connect(request: ConnectRequest): Promise<Connected>;
  probe(path: string): Promise<MediaFacts>;
  readonly openCodec: typeof openCodec;
  readonly assemble: typeof assembleFilm;
}

export const thisMachine: Machine = {
  files: diskFiles,
  clock: systemClock,
  self: thisProcess,
  random: Math.random,
  grace: (ms) => new Promise((resolve) => void setTimeout(resolve, ms).unref()),
  connect,
  probe: probeMedia,
  openCodec,
  assemble: assembleFilm,
};
