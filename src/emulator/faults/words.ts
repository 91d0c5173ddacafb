import type { FixedRatio, Resolution } from "../../base/sizes.ts";
import { errorOfCode, errorOfStatus } from "./codes.ts";
import {
  FAULT_POINTS,
  type CallEffect,
  type CallFault,
  type Deliver,
  type Fault,
  type FaultPoint,
  type ThingEffect,
  type ThingPoint,
} from "./fault.ts";

interface InWords {
  readonly faults: readonly Fault[];
  /** Brackets that begin as a fault does and go on as none. */
  readonly wrong: readonly string[];
}

/**
 * Faults that are written into a prompt, or into an asset's name: `[[429 x2]]`, `[[fail]]`, `[[poll 500 ended]]`.
 * Brackets that begin with no word known here are text.
 */
export function faultsInWords(prompt: string, home: ThingPoint = "task"): InWords {
  const faults: Fault[] = [];
  const wrong: string[] = [];
  for (const [written, inside = ""] of prompt.matchAll(/\[\[([^[\]]{1,200})\]\]/g)) {
    const words = inside.trim().split(/\s+/);
    const read = new WordReader(words, written, home).read();
    if (read === "wrong") wrong.push(written);
    else if (read) faults.push(read);
  }
  return { faults, wrong };
}

type Found =
  | { readonly thing: ThingEffect }
  | { readonly call: CallEffect; readonly at?: FaultPoint; readonly done?: boolean };

/** Reads the words between one pair of brackets, from left to right. */
class WordReader {
  private readonly words: string[];
  private readonly written: string;
  private readonly home: ThingPoint;

  constructor(words: readonly string[], written: string, home: ThingPoint) {
    this.words = [...words];
    this.written = written;
    this.home = home;
  }

  /** `undefined` for what is no fault at all. */
  read(): Fault | "wrong" | undefined {
    const point = this.take((word) => FAULT_POINTS.find((known) => known === word));
    const found = this.effect();
    if (!found) return point === undefined ? undefined : "wrong";
    const item = this.number("item");
    const modifiers = this.modifiers();
    if (!modifiers || this.words.length > 0) return "wrong";
    const { times, skip, done, when } = modifiers;
    const common = { match: {}, skip, each: true, written: this.written };
    if ("thing" in found) return { ...common, at: this.home, effect: found.thing, times: times ?? Infinity };
    const effect = item === undefined ? found.call : withItem(found.call, item);
    return {
      ...common,
      at: (point ?? found.at ?? (this.home === "asset" ? "create-asset" : "create")) as CallFault["at"],
      effect,
      done: done ?? found.done ?? effect.kind === "cut",
      times: times ?? usualTimes(effect),
      ...(when && { when }),
    };
  }

  private effect(): Found | undefined {
    const word = this.words[0] ?? "";
    const read = FAULT_WORDS[word];
    if (read) {
      this.words.shift();
      return read(this);
    }
    if (/^[45]\d\d$/.test(word)) {
      this.words.shift();
      const code = this.code();
      const status = Number(word);
      const error = code === undefined ? errorOfStatus(status) : errorOfCode(code, status);
      return { call: { kind: "error", error, relayed: false } };
    }
    return undefined;
  }

  private modifiers() {
    let [times, skip]: [number | undefined, number] = [undefined, 0];
    let done: boolean | undefined;
    let when: CallFault["when"];
    for (let word = this.words.shift(); word !== undefined; word = this.words.shift()) {
      if (/^x(\d+|\*)$/.test(word)) times = word === "x*" ? Infinity : Number(word.slice(1));
      else if (/^skip\d+$/.test(word)) skip = Number(word.slice("skip".length));
      else if (word === "done") done = true;
      else if (word === "pending" || word === "ended") when = word;
      else return undefined;
    }
    return { times, skip, done, when };
  }

  /** The next word, when `read` makes something of it. */
  take<T>(read: (word: string) => T | undefined): T | undefined {
    const found = read(this.words[0] ?? "");
    if (found !== undefined) this.words.shift();
    return found;
  }

  /** A code of the service, which begins with a capital letter. */
  code(): string | undefined {
    return this.take((word) => (/^[A-Z][A-Za-z]+(\.[A-Za-z_]+)*$/.test(word) ? word : undefined));
  }

  number(name?: string): number | undefined {
    if (name !== undefined && this.words[0] !== name) return undefined;
    if (name !== undefined) this.words.shift();
    return this.take((word) => (/^\d+(\.\d+)?$/.test(word) ? Number(word) : undefined));
  }
}

const call = (effect: CallEffect, more: { at?: FaultPoint; done?: boolean } = {}): Found => ({
  call: effect,
  ...more,
});
const page =
  (body: "html" | "empty" | "garbage", status: number) =>
  (reader: WordReader): Found =>
    call({ kind: "page", body, status: reader.number() ?? status });

export const FAULT_WORDS: Readonly<Record<string, (reader: WordReader) => Found>> = {
  refuse: (reader) => {
    const error = errorOfCode(reader.code() ?? "InputTextSensitiveContentDetected");
    return call({ kind: "error", error, relayed: false });
  },
  "no-credit": () => call({ kind: "error", error: errorOfCode("QuotaExceeded"), relayed: false }),
  reset: () => call({ kind: "reset" }),
  lost: () => call({ kind: "reset" }, { done: true }),
  stall: (reader) => {
    const seconds = reader.number();
    return call({ kind: "stall", ...(seconds !== undefined && { seconds }) });
  },
  cut: () => call({ kind: "cut" }),
  html: page("html", 502),
  empty: page("empty", 200),
  garbage: page("garbage", 200),
  "data-null": () => call({ kind: "data-null" }, { at: "poll" }),
  "no-link": () => call({ kind: "no-link" }, { at: "poll" }),
  truncate: () => call({ kind: "cut" }, { at: "download" }),
  "no-range": () => call({ kind: "no-range" }, { at: "download" }),
  fail: (reader) => ({ thing: failure(reader.code()) }),
  expire: () => ({ thing: { kind: "expire" } }),
  hang: () => ({ thing: { kind: "hang" } }),
  slow: (reader) => ({ thing: { kind: "slow", seconds: reader.number() ?? 30 } }),
  queued: (reader) => ({ thing: { kind: "queued", seconds: reader.number() ?? 30 } }),
  silent: () => ({ thing: { kind: "deliver", deliver: { generate_audio: false } } }),
  deliver: (reader) => ({ thing: { kind: "deliver", deliver: delivered(reader) } }),
};

export function failure(code = "OutputVideoSensitiveContentDetected", message?: string): ThingEffect {
  return { kind: "fail", ...pick(errorOfCode(code, undefined, message)) };
}

function pick({ code, message }: { code: string; message: string }): { code: string; message: string } {
  return { code, message };
}

/** `1:1`, `480p` and `4s`, in any order. */
function delivered(reader: WordReader): Deliver {
  let deliver: Deliver = {};
  for (;;) {
    const next = reader.take((word): Deliver | undefined => {
      if (/^(16:9|4:3|1:1|3:4|9:16|21:9)$/.test(word)) return { ratio: word as FixedRatio };
      if (/^(480p|720p)$/.test(word)) return { resolution: word as Resolution };
      return /^\d{1,2}s$/.test(word) ? { duration: Number.parseInt(word, 10) } : undefined;
    });
    if (!next) return deliver;
    deliver = { ...deliver, ...next };
  }
}

/** A refusal stays; what a busy or a broken service answers passes. */
export function usualTimes(effect: CallEffect): number {
  if (effect.kind === "no-range") return Infinity;
  if (effect.kind !== "error") return 1;
  const { status, code } = effect.error;
  return status >= 500 || (status === 429 && !/Quota|SetLimit/.test(code)) ? 1 : Infinity;
}

/** The message names the item of `content` that is to blame, as the service's messages do. */
export function withItem(effect: CallEffect, item: number): CallEffect {
  if (effect.kind !== "error") return effect;
  const message = `content[${item}]: ${effect.error.message}`;
  return { ...effect, error: { ...effect.error, message } };
}
