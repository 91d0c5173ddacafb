import type { ErrorObject } from "ajv";
import { validateLock } from "./lock-validator.ts";

/** What is wrong with the shape of a lockfile. */
export interface LockProblem {
  /** JSON pointer to the value that is wrong, or to the one that lacks something. */
  readonly pointer: string;
  /** To be read after the name of that value: no full stop. */
  readonly message: string;
}

/** Holds a lockfile's value against the published schema. */
export function checkLockShape(value: unknown): LockProblem[] {
  if (validateLock(value)) return [];
  // They say only that another finding stands below them.
  const told = (validateLock.errors ?? []).filter(
    ({ keyword }) => !["if", "propertyNames"].includes(keyword),
  );
  const branches = told.filter(({ keyword }) => keyword === "anyOf").map(({ instancePath }) => instancePath);
  return told
    .filter(({ keyword, instancePath }) => keyword !== "required" || !branches.includes(instancePath))
    .map((error) => ({ pointer: error.instancePath, message: messageOf(error) }));
}

const TYPES: Readonly<Record<string, string>> = {
  string: "a text",
  integer: "a whole number",
  number: "a number",
  boolean: "`true` or `false`",
  array: "a list",
  object: "an object",
};

function messageOf(error: ErrorObject): string {
  const { params } = error as { params: Record<string, unknown> };
  switch (error.keyword) {
    case "required":
      return `has no \`${String(params["missingProperty"])}\``;
    case "type":
      return `must be ${TYPES[String(params["type"])] ?? String(params["type"])}`;
    case "enum":
      return `must be one of ${(params["allowedValues"] as string[]).join(", ")}`;
    case "const":
      return `must be ${String(params["allowedValue"])}`;
    case "pattern":
      if (error.propertyName !== undefined)
        return `has the key \`${error.propertyName}\`, which is no SHA-256`;
      return String(params["pattern"]).includes("0-9a-f")
        ? "must be a SHA-256 in lower-case hex"
        : "must be a time such as `2026-08-01T12:00:00.000Z`";
    case "minimum":
      return `must be at least ${String(params["limit"])}`;
    case "anyOf":
      return "names no medium: it needs `file`, `clip`, `frame` with `of`, `url` or `asset`";
    default:
      return error.message ?? "is not allowed here";
  }
}
