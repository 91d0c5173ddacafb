/** The API of the remote service, served on loopback, with real clips behind it. */
export interface EmulatorOptions {
  /** 0 lets the system choose. */
  readonly port: number;
  /** Where tasks and clips are kept, so that a task outlives the process that created it. */
  readonly folder: string;
  /** How many clips are drawn at once. */
  readonly renderers?: number;
  /** A task takes at least so long, as the real service does. Default 0. */
  readonly taskSeconds?: number;
  /** The only key that is accepted; without it any key is. */
  readonly key?: string;
}

export interface Emulator {
  /** `http://127.0.0.1:PORT`, no trailing slash. */
  readonly url: string;
  close(): Promise<void>;
}
