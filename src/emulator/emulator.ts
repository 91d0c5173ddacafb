import type { Fault } from "./faults/fault.ts";
import type { AnswerShape } from "./shapes/shapes.ts";

/** The API of the remote service, served on loopback, with real clips behind it. */
export interface EmulatorOptions {
  /** 0 lets the system choose. */
  readonly port: number;
  /** Where tasks and clips are kept, so that a task outlives the process that created it. */
  readonly folder: string;
  /** How many clips are drawn at once. Default: one for each core, at most four. */
  readonly renderers?: number;
  /** A task takes at least so long, as the real service does. Default 0. */
  readonly taskSeconds?: number;
  /** An asset of the library is `Processing` at least so long. Default 0. */
  readonly assetSeconds?: number;
  /** The only key that is accepted; without it any key is. */
  readonly key?: string;
  /** Of the answers on the gateway's routes; the Ark routes have their own. Default `envelope`. */
  readonly shape?: AnswerShape;
  /** What it does wrong on purpose; words in prompts come before these. */
  readonly faults?: readonly Fault[];
  /**
   * By default a request is refused when it has a field that is not in our schema: a misspelt one would cost
   * money. `false` ignores such fields as the service does; `/__stats` tells which.
   */
  readonly strict?: boolean;
  /** Seconds that a link to a clip lives. Default: a day, as at the service. */
  readonly linkSeconds?: number;
  /** With so many tasks unfinished a create is answered with 429. Default: no limit. */
  readonly mostInFlight?: number;
}

export interface Emulator {
  /** `http://127.0.0.1:PORT`, no trailing slash. */
  readonly url: string;
  /** Ends at once; tasks that had not finished go on when an emulator is started on the same folder. */
  close(): Promise<void>;
}
