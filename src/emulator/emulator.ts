/** How a look at a task is answered; the gateways in use differ, and clients have to read them all. */
export type AnswerShape = "envelope" | "ark" | "older" | "openai";

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
}

export interface Emulator {
  /** `http://127.0.0.1:PORT`, no trailing slash. */
  readonly url: string;
  /** Ends at once; tasks that had not finished go on when an emulator is started on the same folder. */
  close(): Promise<void>;
}
