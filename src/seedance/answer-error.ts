import {
  fieldOf,
  headerOf,
  isLevel,
  jsonInside,
  levelsOf,
  textOf,
  type Answer,
  type Level,
} from "./answer-shape.ts";
import { actionFor, contentIndexOf } from "./errors.ts";
import type { ServiceError } from "./outcome.ts";
import { scrubText } from "./scrub.ts";

/** Codes by which gateways say that all is well. */
const FINE = new Set(["", "success", "ok", "0", "200"]);
const MOST_NESTED = 4;

interface Found {
  readonly code: string;
  readonly message: string;
}

/** The error that an answer reports; `undefined` when it reports none in a form that can be read. */
export function errorIn(answer: Answer, levels: readonly Level[]): ServiceError | undefined {
  const found = errorsOf(levels, 0);
  const chosen = chosenOf(found.length > 0 ? found : bareErrors(answer, levels));
  return chosen === undefined ? undefined : errorOf(answer, levels, chosen);
}

function chosenOf(found: readonly Found[]): Found | undefined {
  // What is nested is nearer to the cause, but a code that is in our table says more than one that is not.
  const best =
    found.findLast(({ code }) => actionFor(code) !== undefined) ?? found.findLast(({ code }) => code !== "");
  return best ?? found.at(-1);
}

/** Why a task failed. Some gateways put the reason where the link of the clip would stand. */
export function failureIn(answer: Answer, levels: readonly Level[], word: string): ServiceError {
  const error = errorIn(answer, levels);
  if (error !== undefined && error.message !== "") return error;
  const texts = levels.flatMap((level) => [textOf(fieldOf(level, "resulturl")), messageOf(level)]);
  const reason = texts.findLast((text) => text !== undefined && !FINE.has(text.toLowerCase()));
  const code = error?.code ?? "";
  const told = { code, message: reason ?? `the task ended as “${word}”` };
  return errorOf(answer, levels, chosenOf(withInside(told, 0)) ?? told);
}

/** An error for an answer that reports none: says what came instead. */
export function strangeAnswer(answer: Answer, levels: readonly Level[], what: string): ServiceError {
  const text = answer.text
    .replace(/<(style|script)[^]*?<\/\1>|<[^>]*>/gi, " ")
    .replace(/\s+/g, " ")
    .trim();
  const shown = text === "" ? "nothing" : `“${text.length > 200 ? `${text.slice(0, 200)}…` : text}”`;
  return errorOf(answer, levels, { code: "", message: `${what} (HTTP ${answer.status}): ${shown}` });
}

/** Milliseconds to wait that the answer asks for; `now` in milliseconds since 1970 for the form with a date. */
export function retryAfterOf(answer: Answer, now: number): number | undefined {
  const value = headerOf(answer, "retry-after")?.trim();
  if (value === undefined || value === "") return undefined;
  if (/^\d+(\.\d+)?$/.test(value)) return Math.round(Number(value) * 1000);
  const date = Date.parse(value);
  return Number.isNaN(date) ? undefined : Math.max(0, date - now);
}

/** The number under which the provider's support finds the request. */
export function requestIdOf(answer: Answer, levels: readonly Level[], message = ""): string | undefined {
  for (const level of levels) {
    const error = fieldOf(level, "error");
    const id =
      textOf(fieldOf(level, "requestid")) ??
      (isLevel(error) ? textOf(fieldOf(error, "requestid")) : undefined);
    if (id !== undefined) return id;
  }
  const inMessage = /request[ _]?id:?\s*([\w-]{6,})/i.exec(message)?.[1];
  return (
    inMessage ??
    headerOf(answer, "x-request-id") ??
    headerOf(answer, "x-oneapi-request-id") ??
    headerOf(answer, "x-tt-logid")
  );
}

function errorOf(answer: Answer, levels: readonly Level[], { code, message }: Found): ServiceError {
  const requestId = requestIdOf(answer, levels, message);
  const shown = scrubText(message === "" ? code : message);
  return {
    code: scrubText(code),
    message: shown,
    status: answer.status,
    ...(requestId === undefined ? {} : { requestId }),
  };
}

/** Every error of every level, and what hides as JSON in its message right after it. */
function errorsOf(levels: readonly Level[], nested: number): Found[] {
  if (nested > MOST_NESTED) return [];
  return levels.flatMap(errorsOfLevel).flatMap((found) => withInside(found, nested));
}

function withInside(found: Found, nested: number): Found[] {
  const inside = jsonInside(found.message);
  return inside === undefined ? [found] : [found, ...errorsOf(levelsOf(inside), nested + 1)];
}

function errorsOfLevel(level: Level): Found[] {
  const found: Found[] = [];
  const code = codeOf(level);
  const message = messageOf(level);
  const reason = textOf(fieldOf(level, "failreason", "failurereason", "errormessage"));
  // A bare 200 or `success` beside a message is how gateways say that all is well.
  if (!FINE.has(code.toLowerCase())) found.push({ code, message });
  if (reason !== undefined) found.push({ code: "", message: reason });
  const error = fieldOf(level, "error");
  const text = textOf(error);
  if (text !== undefined) found.push({ code: "", message: text });
  if (!isLevel(error) || Object.keys(error).length === 0) return found;
  const own = { code: codeOf(error) || (textOf(fieldOf(error, "type")) ?? ""), message: messageOf(error) };
  const within = fieldOf(error, "error");
  found.push(own);
  if (isLevel(within)) found.push({ code: codeOf(within), message: messageOf(within) });
  return found.filter((one) => one.code !== "" || one.message !== "");
}

/** `{"message":"Unauthorized"}`, `{"detail":"Not Found"}` or a text: an error only where the status says so. */
function bareErrors(answer: Answer, levels: readonly Level[]): Found[] {
  if (answer.status < 400) return [];
  if (levels.length === 0) return errorsOf(levelsOf(jsonInside(answer.text) ?? ""), 0);
  const message = levels.map(messageOf).findLast((one) => one !== "");
  return message === undefined ? [] : withInside({ code: "", message }, 0);
}

function codeOf(level: Level): string {
  const code = fieldOf(level, "code", "errorcode");
  return typeof code === "number" ? String(code) : (textOf(code) ?? "");
}

/** With the part of the request that it blames, where that stands beside the words. */
function messageOf(level: Level): string {
  const value = fieldOf(level, "message", "msg", "detail");
  const message = Array.isArray(value)
    ? detailsOf(value)
    : isLevel(value)
      ? JSON.stringify(value)
      : textOf(value);
  const blamed = textOf(fieldOf(level, "param")) ?? "";
  const isNew = contentIndexOf(blamed) !== undefined && contentIndexOf(message ?? "") === undefined;
  return isNew ? `${message ?? ""} (${blamed})`.trim() : (message ?? "");
}

/** `[{"loc":["body","content",1],"msg":"field required"}]`, as servers written in Python answer. */
function detailsOf(details: readonly unknown[]): string {
  const lines = details.filter(isLevel).map((detail) => {
    const place = fieldOf(detail, "loc");
    return `${Array.isArray(place) ? `${place.join(".")}: ` : ""}${textOf(fieldOf(detail, "msg")) ?? ""}`;
  });
  return lines.join("; ");
}
