import type { Chance } from "./chance.ts";

/** How often what goes wrong; probabilities. */
export interface Weather {
  /** Of a request that is sent. */
  readonly create: Readonly<Record<CreateFate, number>>;
  /** Of a look at a task. */
  readonly poll: Readonly<Record<PollFate, number>>;
  readonly download: Readonly<Record<DownloadFate, number>>;
  /** Of a task. */
  readonly taskFails: number;
  readonly taskHangs: number;
  /** For a while the service says that it knows no such task. */
  readonly taskDenied: number;
}

export type CreateFate =
  | "fine"
  | "no-connection"
  | "busy"
  /** Created, and the answer lost; or the request lost. Nobody can tell them apart. */
  | "reset"
  | "hangs"
  | "server-error"
  | "gateway-error"
  | "garbled"
  /** The key, the account. */
  | "halt";

export type PollFate =
  | "fine"
  | "reset"
  | "hangs"
  | "server-error"
  | "busy"
  | "garbled"
  | "page"
  | "no-link"
  | "not-found"
  | "halt";

export type DownloadFate =
  | "fine"
  | "no-connection"
  | "breaks"
  /** Fewer bytes than there are, and no word of how many there should be. */
  | "short"
  | "page"
  | "gone"
  | "hangs";

export const CALM: Weather = {
  create: only("fine", [
    "no-connection",
    "busy",
    "reset",
    "hangs",
    "server-error",
    "gateway-error",
    "garbled",
    "halt",
  ]),
  poll: only("fine", [
    "reset",
    "hangs",
    "server-error",
    "busy",
    "garbled",
    "page",
    "no-link",
    "not-found",
    "halt",
  ]),
  download: only("fine", ["no-connection", "breaks", "short", "page", "gone", "hangs"]),
  taskFails: 0,
  taskHangs: 0,
  taskDenied: 0,
};

function only<K extends string, F extends string>(fine: F, others: readonly K[]): Record<K | F, number> {
  return Object.fromEntries([[fine, 1], ...others.map((other) => [other, 0])]) as Record<K | F, number>;
}

/** Some days everything is well, on others hardly anything. */
export function anyWeather(chance: Chance): Weather {
  const rough = chance.one([0, 0.3, 1, 1, 3]);
  const some = <K extends string>(fates: Readonly<Record<K, number>>): Record<K, number> =>
    Object.fromEntries(
      Object.entries<number>(fates).map(([fate, most]) => [
        fate,
        fate === "fine" ? most : most * rough * chance.fraction(),
      ]),
    ) as Record<K, number>;
  return {
    create: some({
      fine: 1,
      "no-connection": 0.15,
      busy: 0.2,
      reset: 0.1,
      hangs: 0.05,
      "server-error": 0.08,
      "gateway-error": 0.08,
      garbled: 0.06,
      halt: 0.03,
    }),
    poll: some({
      fine: 1,
      reset: 0.15,
      hangs: 0.05,
      "server-error": 0.15,
      busy: 0.1,
      garbled: 0.1,
      page: 0.1,
      "no-link": 0.1,
      "not-found": 0.1,
      halt: 0.02,
    }),
    download: some({
      fine: 1,
      "no-connection": 0.1,
      breaks: 0.2,
      short: 0.08,
      page: 0.08,
      gone: 0.1,
      hangs: 0.05,
    }),
    taskFails: 0.25 * rough * chance.fraction(),
    taskHangs: 0.03 * rough * chance.fraction(),
    taskDenied: 0.1 * rough * chance.fraction(),
  };
}
