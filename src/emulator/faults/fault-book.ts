import { parseLabel } from "../request.ts";
import {
  ASSET_POINTS,
  isThingFault,
  type CallFault,
  type CallPoint,
  type Fault,
  type FaultMatch,
  type ThingEffect,
  type ThingPoint,
} from "./fault.ts";
import { faultsInWords } from "./words.ts";

/** What a fault may strike. */
export interface FaultSubject {
  /** The header `X-Client-Request-Id`. */
  readonly label: string;
  /** Or the name of an asset. */
  readonly prompt: string;
  /** The same for all tries of one request, or all calls about one task. */
  readonly key: string;
  readonly isEnded?: boolean;
}

/** All faults that were asked for, by a file and by words, and how often each has struck. */
export class FaultBook {
  private rules: readonly Fault[];
  private readonly calls = new Map<string, number>();
  private readonly struck = new Map<string, number>();

  constructor(rules: readonly Fault[] = []) {
    this.rules = rules;
  }

  /** Other rules from now on; what has struck is forgotten. */
  replace(rules: readonly Fault[]): void {
    this.rules = rules;
    this.calls.clear();
    this.struck.clear();
  }

  /** The fault that strikes this call; the first that fits, those in words before those of the file. */
  atCall(at: CallPoint, subject: FaultSubject): CallFault | undefined {
    for (const fault of this.fitting(at, subject)) {
      if (isThingFault(fault)) continue;
      if (fault.when !== undefined && (fault.when === "ended") !== (subject.isEnded ?? false)) continue;
      if (this.strikes(fault, subject)) return fault;
    }
    return undefined;
  }

  /** All that is to become of a new task or asset. */
  atThing(at: ThingPoint, subject: FaultSubject): ThingEffect[] {
    const faults = this.fitting(at, subject).filter(isThingFault);
    return faults.filter((fault) => this.strikes(fault, subject)).map(({ effect }) => effect);
  }

  /** How often each fault has struck, by how it was written. */
  report(): Record<string, number> {
    return Object.fromEntries(this.struck);
  }

  private fitting(at: Fault["at"], subject: FaultSubject): Fault[] {
    const home = ASSET_POINTS.includes(at) ? "asset" : "task";
    const all = [...faultsInWords(subject.prompt, home).faults, ...this.rules];
    return all.filter((fault) => fault.at === at && fits(fault.match, subject));
  }

  private strikes(fault: Fault, { key }: FaultSubject): boolean {
    const counted = `${fault.at}\n${fault.written}\n${fault.each ? key : ""}`;
    const call = this.calls.get(counted) ?? 0;
    this.calls.set(counted, call + 1);
    if (call < fault.skip || call >= fault.skip + fault.times) return false;
    this.struck.set(fault.written, (this.struck.get(fault.written) ?? 0) + 1);
    return true;
  }
}

function fits({ scene, take, prompt }: FaultMatch, subject: FaultSubject): boolean {
  const label = parseLabel(subject.label);
  if (prompt !== undefined && !subject.prompt.includes(prompt)) return false;
  // A first take bears no number.
  if (take !== undefined && (label.take ?? 1) !== take) return false;
  return scene === undefined || globOf(scene).test(label.scene);
}

function globOf(text: string): RegExp {
  const parts = text.split("*").map((part) => part.replace(/[\\^$.|?+()[\]{}]/g, "\\$&"));
  return new RegExp(`^${parts.join(".*")}$`, "su");
}
