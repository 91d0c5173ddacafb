/** An HTTP answer as it came. Header names in lower case. */
export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
  readonly text: string;
}

/** One JSON object of an answer; gateways put the service's object into their own, some twice. */
export type Level = Readonly<Record<string, unknown>>;

/**
 * Where a gateway puts what it relays. Other objects are not looked into: an echo of the request may hold
 * ids and links of the inputs, which must not be taken for the result.
 */
const WRAPPERS = new Set([
  "data",
  "result",
  "response",
  "task",
  "output",
  "payload",
  "body",
  "responsemetadata",
]);
const DEEPEST = 12;

/** All objects that speak about the task, outermost first; empty when the text is no JSON object. */
export function levelsOf(text: string): readonly Level[] {
  const levels: Level[] = [];
  let ring: unknown[] = [parseLenient(text)];
  for (let depth = 0; depth < DEEPEST && ring.length > 0; depth++) {
    const objects = ring.map(openBox).filter(isLevel);
    levels.push(...objects);
    ring = objects.flatMap((level) =>
      Object.entries(level)
        .filter(([key]) => WRAPPERS.has(plainKey(key)))
        .map(([, value]) => value),
    );
  }
  return levels;
}

/** The first of `names` with a value; names in lower case without `_`, as `taskid` for `task_id` or `TaskId`. */
export function fieldOf(level: Level, ...names: readonly string[]): unknown {
  for (const name of names)
    for (const [key, value] of Object.entries(level))
      if (plainKey(key) === name && value !== null && value !== undefined && value !== "") return value;
  return undefined;
}

export function textOf(value: unknown): string | undefined {
  return typeof value === "string" && value.trim() !== "" ? value.trim() : undefined;
}

export function isLevel(value: unknown): value is Level {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** The JSON object inside a sentence, as in `upstream said: {"error":…}`; `undefined` when there is none. */
export function jsonInside(message: string): string | undefined {
  const start = message.indexOf("{");
  const end = message.lastIndexOf("}");
  if (start === -1 || end < start) return undefined;
  const candidate = message.slice(start, end + 1);
  return isLevel(parseLenient(candidate)) ? candidate : undefined;
}

/** The first value of a header. */
export function headerOf(answer: Answer, name: string): string | undefined {
  const value = answer.headers[name];
  return typeof value === "string" ? value : value?.[0];
}

/** A box is a JSON text, or a list of one: a longer list speaks of other tasks too. */
function openBox(value: unknown): unknown {
  if (typeof value === "string") return /^\s*[{[]/.test(value) ? openBox(parseLenient(value)) : undefined;
  return Array.isArray(value) ? (value.length === 1 && isLevel(value[0]) ? value[0] : undefined) : value;
}

function parseLenient(text: string): unknown {
  try {
    return JSON.parse(text.replace(/^\uFEFF/, ""));
  } catch {
    return undefined;
  }
}

function plainKey(key: string): string {
  return key.toLowerCase().replaceAll("_", "");
}
