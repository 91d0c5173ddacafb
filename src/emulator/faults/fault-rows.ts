import { errorOfCode, errorOfStatus } from "./codes.ts";
import type {
  CallEffect,
  CallFault,
  CallPoint,
  Deliver,
  FaultMatch,
  ThingEffect,
  ThingFault,
} from "./fault.ts";
import { wordHelp, type FaultRow, type RowProblem } from "./fault-row.ts";
import { failure, usualTimes, withItem } from "./words.ts";

const PAGES = { html: 502, empty: 200, garbage: 200 } as const;
const WORDS = ["reset", "stall", "cut", "html", "empty", "garbage", "data-null", "no-link", "no-range"];
/** Words that belong to one call alone. */
const AT = { "data-null": "poll", "no-link": "poll", "no-range": "download" } as const;
/** Calls that make something. */
const MAKING: readonly CallPoint[] = ["create", "create-group", "create-asset"];

export function callFault(row: FaultRow, written: string): CallFault | RowProblem {
  const at = row.at as CallPoint;
  const effect = callEffect(row, at);
  if ("message" in effect) return effect;
  const problem = strayKey(row, effect, at);
  const strikes = strikesOf(row, written, usualTimes(effect));
  if (problem) return problem;
  if ("message" in strikes) return strikes;
  const { done, when } = row as { readonly done?: boolean; readonly when?: CallFault["when"] };
  return {
    ...strikes,
    at,
    effect,
    done: done ?? effect.kind === "cut",
    ...(when !== undefined && { when }),
  };
}

export function thingFault(row: FaultRow, written: string): ThingFault | RowProblem {
  const at = row.at as ThingFault["at"];
  const effect = thingEffect(row);
  if (at === "asset" && !["fail", "hang", "slow"].includes(effect.kind))
    return {
      key: effect.kind,
      message: `\`${effect.kind}\` is not for \`at: asset\``,
      help: "it takes `fail`, `hang` or `slow`",
    };
  const allowed = ["at", effect.kind, "message", "times", "skip", "each", "match"];
  const stray = Object.keys(row).find((key) => !allowed.includes(key) && row[key] !== false);
  if (stray !== undefined) return { key: stray, message: `\`${stray}\` says nothing here` };
  const strikes = strikesOf(row, written, Infinity);
  return "message" in strikes ? strikes : { ...strikes, at, effect };
}

function callEffect(row: FaultRow, at: CallPoint): CallEffect | RowProblem {
  const {
    answer = "",
    status,
    code,
    message,
    item,
  } = row as {
    readonly answer?: number | string;
    readonly status?: number;
    readonly code?: string;
    readonly message?: string;
    readonly item?: number;
  };
  if (typeof answer === "string" && WORDS.includes(answer)) return pageOrBreak(row, answer, at);
  const isCode =
    typeof answer === "string" && /^[A-Za-z]\w*([._][A-Za-z]\w*)*$/.test(answer) && /[A-Z_]/.test(answer);
  if (typeof answer === "string" && !isCode)
    return { key: "answer", message: `\`${answer}\` is no answer`, help: wordHelp(answer, WORDS) };
  if (typeof answer === "number" && (answer < 400 || answer > 599))
    return {
      key: "answer",
      message: `\`${answer}\` is no status of an error`,
      help: "write one from 400 to 599",
    };
  const error =
    typeof answer === "string"
      ? errorOfCode(answer, status, message)
      : code === undefined
        ? errorOfStatus(answer, message)
        : errorOfCode(code, answer, message);
  const retryAfter = retryAfterOf(row);
  const effect: CallEffect = {
    kind: "error",
    error: { ...error, ...(retryAfter && { retryAfter }) },
    relayed: row["relay"] === true,
  };
  return item === undefined ? effect : withItem(effect, item);
}

function pageOrBreak(row: FaultRow, word: string, at: CallPoint): CallEffect | RowProblem {
  const place = (AT as Readonly<Record<string, string>>)[word];
  if (place !== undefined && place !== at)
    return { key: "answer", message: `\`${word}\` is not for \`at: ${at}\``, help: `write \`at: ${place}\`` };
  const { status, bytes, seconds } = row as { readonly [key: string]: number | undefined };
  switch (word) {
    case "html":
    case "empty":
    case "garbage":
      return { kind: "page", body: word, status: status ?? PAGES[word] };
    case "stall":
      return { kind: "stall", ...(seconds !== undefined && { seconds }) };
    case "cut":
      return { kind: "cut", ...(bytes !== undefined && { bytes }) };
    default:
      return { kind: word as "reset" | "data-null" | "no-link" | "no-range" };
  }
}

function retryAfterOf(row: FaultRow): { seconds: number; asDate: boolean } | undefined {
  const seconds = row["retry_after"];
  if (typeof seconds !== "number") return undefined;
  return { seconds, asDate: row["retry_after_date"] === true };
}

/** The key that has no meaning beside the row's effect: said, since it would be ignored without a word. */
function strayKey(row: FaultRow, effect: CallEffect, at: CallPoint): RowProblem | undefined {
  const about: Readonly<Record<string, boolean>> = {
    status: effect.kind === "page" || (effect.kind === "error" && typeof row["answer"] === "string"),
    code: effect.kind === "error" && typeof row["answer"] === "number",
    message: effect.kind === "error",
    item: effect.kind === "error",
    relay: effect.kind === "error",
    retry_after: effect.kind === "error",
    retry_after_date: "retry_after" in row,
    bytes: effect.kind === "cut",
    seconds: effect.kind === "stall",
    when: at === "poll",
    done: MAKING.includes(at),
  };
  const stray = Object.keys(row).find((key) => about[key] === false);
  if (stray === undefined) return undefined;
  return {
    key: stray,
    message: `\`${stray}\` says nothing at \`${at}\` beside \`answer: ${String(row["answer"])}\``,
  };
}

function thingEffect(row: FaultRow): ThingEffect {
  const { fail, slow, queued, deliver, message } = row as {
    readonly fail?: string | boolean;
    readonly slow?: number;
    readonly queued?: number;
    readonly deliver?: Deliver;
    readonly message?: string;
  };
  if (fail !== undefined && fail !== false) return failure(fail === true ? undefined : fail, message);
  if (slow !== undefined) return { kind: "slow", seconds: slow };
  if (queued !== undefined) return { kind: "queued", seconds: queued };
  if (deliver !== undefined) return { kind: "deliver", deliver };
  return { kind: row["expire"] === true ? "expire" : "hang" };
}

type Strikes = Pick<ThingFault, "match" | "times" | "skip" | "each" | "written">;

function strikesOf(row: FaultRow, written: string, usual: number): Strikes | RowProblem {
  const {
    times = usual,
    skip = 0,
    each = false,
    match = {},
  } = row as {
    readonly times?: number | string;
    readonly skip?: number;
    readonly each?: boolean;
    readonly match?: FaultMatch;
  };
  const count = times === "always" ? Infinity : times;
  if (typeof count !== "number" || count < 1)
    return {
      key: "times",
      message: `\`times\` cannot be \`${times}\``,
      help: "write a whole number from 1, or `always`",
    };
  return { match, skip, each, written, times: count };
}
