import { fieldOf, isLevel, textOf, type Level } from "./answer-shape.ts";

/** What an answer says about a task, from all its levels together. */
export interface TaskReport {
  /** `none`: no level has a word for it. An empty or unknown word is `pending`. */
  readonly state: "succeeded" | "failed" | "pending" | "none";
  /** The word that decided, as written. */
  readonly word: string;
  /** Of the clip; only with `succeeded`, and only http(s). */
  readonly url?: string;
  /** 0 to 1. */
  readonly progress?: number;
  readonly tokens?: number;
  /** Seconds from its creation to its end; only with `succeeded`. */
  readonly took?: number;
  /** True when the level that decided names its task, so that the word cannot be about the HTTP call. */
  readonly named: boolean;
}

const SUCCESS = new Set(["succeeded", "success", "succeed", "completed", "complete", "finished", "done"]);
const FAILURE = new Set(["failed", "failure", "cancelled", "canceled", "expired"]);

/**
 * A word that ends the task at any level beats one that does not: chained gateways lag behind each other.
 * A clip beats a failure beside it, since then there is something to collect. Success without a link is
 * pending: the link comes a little later, and giving up would lose a clip that is paid.
 */
export function taskIn(levels: readonly Level[]): TaskReport {
  const spoken = levels.filter((level) => stateWordOf(level) !== undefined);
  const numbers = { ...progressIn(levels), ...tokensIn(levels) };
  const succeeded = spoken.filter((level) => SUCCESS.has(stateWordOf(level) ?? ""));
  const url = urlIn(succeeded.length > 0 ? withInner(levels, succeeded) : []);
  if (url !== undefined)
    return { ...report("succeeded", succeeded[0]), ...numbers, ...tookIn(succeeded), url };
  const failed = spoken.find((level) => FAILURE.has(stateWordOf(level) ?? ""));
  if (failed !== undefined) return { ...report("failed", failed), ...numbers };
  return { ...report(spoken.length > 0 ? "pending" : "none", spoken[0]), ...numbers };
}

/** The id of a new task: the outermost one, since that is the one which this gateway will know again. */
export function taskIdIn(levels: readonly Level[]): { id: string; sure: boolean } | undefined {
  for (const level of levels) {
    const id = textOf(fieldOf(level, "taskid"));
    if (id !== undefined) return { id, sure: true };
    const other = textOf(fieldOf(level, "id"));
    if (other !== undefined) return { id: other, sure: false };
  }
  return undefined;
}

function report(state: TaskReport["state"], level: Level | undefined): TaskReport {
  if (level === undefined) return { state, word: "", named: false };
  return { state, word: stateWordOf(level) ?? "", named: fieldOf(level, "taskid", "id") !== undefined };
}

/** Lower case; `undefined` when this level has no status at all; `""` when it has an empty one. */
export function stateWordOf(level: Level): string | undefined {
  const word = fieldOf(level, "status", "taskstatus", "state");
  if (typeof word === "string") return word.trim().toLowerCase();
  return Object.keys(level).some((key) => key.toLowerCase() === "status" && level[key] === "")
    ? ""
    : undefined;
}

/**
 * The link may be at the level that says success or further in. Levels further out count too, except those
 * that say failure: there the link's field may hold an error text with a link in it.
 */
function withInner(levels: readonly Level[], succeeded: readonly Level[]): readonly Level[] {
  const others = levels.filter(
    (level) => !succeeded.includes(level) && !FAILURE.has(stateWordOf(level) ?? ""),
  );
  return [...succeeded, ...others];
}

function urlIn(levels: readonly Level[]): string | undefined {
  for (const level of levels) {
    const inside = [fieldOf(level, "content"), fieldOf(level, "metadata"), fieldOf(level, "video")].filter(
      isLevel,
    );
    // `fail_reason` held the link in old versions of one gateway.
    const own = [
      ...fields(level, "resulturl", "videourl"),
      ...inside.flatMap((one) => fields(one, "videourl", "url")),
    ];
    const url = [...own, ...fields(level, "url", "failreason")]
      .map(webAddress)
      .find((one) => one !== undefined);
    if (url !== undefined) return url;
  }
  return undefined;
}

function fields(level: Level, ...names: readonly string[]): unknown[] {
  return names
    .map((name) => fieldOf(level, name))
    .map((value) => (isLevel(value) ? fieldOf(value, "url") : value));
}

function webAddress(value: unknown): string | undefined {
  const text = textOf(value);
  if (text === undefined || !/^https?:\/\/\S+$/i.test(text)) return undefined;
  return URL.canParse(text) ? text : undefined;
}

function progressIn(levels: readonly Level[]): { progress?: number } {
  const shares = levels
    .map((level) => shareOf(fieldOf(level, "progress")))
    .filter((share) => share !== undefined);
  return shares.length === 0 ? {} : { progress: Math.max(...shares) };
}

/** `50`, `"50"`, `"50%"` and `0.5` are all one half; a 1 is one per cent, as the finished are not asked. */
function shareOf(value: unknown): number | undefined {
  const text = typeof value === "number" ? String(value) : textOf(value);
  const found = text === undefined ? null : /^(\d+(?:\.\d+)?)\s*(%?)$/.exec(text);
  if (found === null) return undefined;
  const number = Number(found[1]);
  return Math.min(1, found[2] === "%" || number >= 1 ? number / 100 : number);
}

/** From the innermost level, which is nearest to whoever has done it. */
function tookIn(succeeded: readonly Level[]): { took?: number } {
  const spans = succeeded.map((level) => {
    const [begin, end] = [
      ["createdat", "submittime"],
      ["completedat", "finishtime", "updatedat"],
    ].map((names) => momentOf(fieldOf(level, ...names)));
    return begin !== undefined && end !== undefined && end > begin ? end - begin : undefined;
  });
  const took = spans.findLast((span) => span !== undefined);
  return took === undefined ? {} : { took };
}

/** Seconds since 1970, from seconds, milliseconds or a date. */
export function momentOf(value: unknown): number | undefined {
  const text = textOf(value);
  const number =
    typeof value === "number" ? value : text !== undefined && /^\d+$/.test(text) ? Number(text) : NaN;
  if (number > 1e12) return number / 1000;
  if (number > 0) return number;
  const date = text === undefined ? NaN : Date.parse(text);
  return Number.isNaN(date) ? undefined : date / 1000;
}

function tokensIn(levels: readonly Level[]): { tokens?: number } {
  for (const name of ["completiontokens", "totaltokens"])
    for (const level of levels) {
      const usage = fieldOf(level, "usage");
      const tokens = isLevel(usage) ? fieldOf(usage, name) : undefined;
      if (typeof tokens === "number" && tokens > 0) return { tokens };
    }
  return {};
}
