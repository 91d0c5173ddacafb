import { InvalidArgumentError, Option } from "commander";
import type { AnswerShape } from "../emulator/shapes/shapes.ts";
import type { Provider } from "../storyboard/types.ts";

/** Options as the flags give them. */
export interface Flags {
  readonly json?: boolean;
  readonly provider?: Provider;
  readonly concurrency?: number;
  readonly pollFirst?: number;
  readonly pollEvery?: number;
  readonly requestsPerMinute?: number;
  readonly deadline?: number;
  readonly maxCost?: number;
  readonly yes?: boolean;
  readonly wait?: boolean;
  readonly allowOutside?: boolean;
  readonly profile?: string;
  readonly film?: string;
  readonly exitCode?: boolean;
  readonly cost?: boolean;
  readonly online?: boolean;
  readonly port?: number;
  readonly folder?: string;
  readonly taskSeconds?: number;
  readonly assetSeconds?: number;
  readonly key?: string;
  readonly shape?: AnswerShape;
  readonly faults?: string;
  readonly strict?: boolean;
  readonly urlSeconds?: number;
  readonly inFlight?: number;
  readonly format?: string;
  readonly base?: string;
  readonly force?: boolean;
  readonly rehearsal?: boolean;
  readonly rehearsals?: boolean;
  readonly forgetUnlocked?: boolean;
  readonly retake?: readonly string[];
  readonly resubmit?: readonly string[];
  readonly only?: readonly string[];
  readonly frozen?: boolean;
  readonly out?: string;
  readonly plan?: string;
  readonly take?: number;
  readonly asNewTake?: boolean;
}

export interface Call {
  readonly command: string;
  /** Positional arguments as given. */
  readonly args: readonly (string | undefined)[];
  readonly flags: Flags;
}

export const wholeNumber =
  (least: number, most: number) =>
  (text: string): number => {
    const value = /^\d+$/.test(text) ? Number(text) : NaN;
    if (!(value >= least && value <= most))
      throw new InvalidArgumentError(`It must be a whole number from ${least} to ${most}.`);
    return value;
  };

export const amount =
  (least: number, unit: string, open = false) =>
  (text: string): number => {
    const value = /^\d+(\.\d+)?$/.test(text) ? Number(text) : NaN;
    if (!(open ? value > least : value >= least))
      throw new InvalidArgumentError(`It must be a number of ${unit}${open ? ` above ${least}` : ""}.`);
    return value;
  };

export const json = (): Option => new Option("--json", "one JSON object a line on stdout, a `result` last");
export const outside = (): Option => new Option("--allow-outside", "let media lie outside of the project");
export const provider = (): Option =>
  new Option("--provider <name>", "who renders, whatever the storyboard says").choices([
    "emulator",
    "anyfast",
    "ark",
  ]);
export const profile = (): Option => new Option("--profile <name>", "one of the storyboard's `profiles`");
export const concurrency = (): Option =>
  new Option("--concurrency <n>", "tasks in flight at the service (default: 3)").argParser(
    wholeNumber(1, 100),
  );

export const film = (): Option => new Option("--film <name>", "one film of a `matrix`");

/** Scenes by id or pattern; the flag may be given again, or name several with commas. */
const scenes = (flag: string, description: string): Option =>
  new Option(`${flag} <scene>`, description).argParser((text: string, before: readonly string[] = []) => {
    const names = text.split(",").map((name) => name.trim());
    if (names.includes("")) throw new InvalidArgumentError("It must name a scene.");
    return [...before, ...names];
  });

/** What a plan may be asked for beyond the storyboard. */
export const wishes = (): Option[] => [
  film(),
  scenes("--only", "nothing else is made; `climb+` takes what depends on it along, `act1-*` all that fit"),
  scenes("--retake", "one more take, which becomes the selected one"),
  scenes("--resubmit", "give up the take of unknown outcome, and send it anew"),
];
