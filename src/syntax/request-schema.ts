import type { ErrorObject } from "ajv";
import { validateRequest } from "./request-validator.ts";

/** The first thing that is wrong with the shape of a request. */
export interface RequestProblem {
  /** As the service writes it: `content[2].role`; `""` for the body itself. */
  readonly path: string;
  /** The same way as keys, from the body on. */
  readonly keys: readonly string[];
  /** The rule of the schema that is broken. */
  readonly keyword: string;
  /** What stands there. */
  readonly value: unknown;
  /** To be read after the path. */
  readonly message: string;
}

/** Holds the body of a create request against the published schema. */
export function checkRequest(body: unknown): RequestProblem | undefined {
  if (validateRequest(body)) return undefined;
  // Where a branch of an item fails, its own finding stands before the one that names the branch.
  const [error] = validateRequest.errors ?? [];
  return error && problemOf(error);
}

function problemOf(error: ErrorObject): RequestProblem {
  const { missingProperty, additionalProperty } = error.params as Record<string, string | undefined>;
  const name = missingProperty ?? additionalProperty;
  const path = pathOf(error.instancePath);
  return {
    path: name === undefined ? path : path === "" ? name : `${path}.${name}`,
    keys: [...keysOf(error.instancePath), ...(name === undefined ? [] : [name])],
    keyword: error.keyword,
    value: error.data,
    message: messageOf(error),
  };
}

/** `/content/2/role` is `content[2].role`. */
function pathOf(pointer: string): string {
  return keysOf(pointer)
    .map((part, i) => (/^\d+$/.test(part) ? `[${part}]` : `${i > 0 ? "." : ""}${part}`))
    .join("");
}

function keysOf(pointer: string): string[] {
  const parts = pointer.split("/").slice(1);
  return parts.map((part) => part.replaceAll("~1", "/").replaceAll("~0", "~"));
}

interface Rule {
  readonly type?: string;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly properties?: Readonly<Record<string, Rule>>;
}

function messageOf(error: ErrorObject): string {
  const rule = error.parentSchema as Rule;
  const given = JSON.stringify(error.data);
  switch (error.keyword) {
    case "required":
      return missing(rule.properties?.[String(error.params.missingProperty)]);
    case "additionalProperties":
      return `is not a parameter; known are ${Object.keys(rule.properties ?? {}).join(", ")}`;
    case "enum": {
      const choices = error.params.allowedValues as string[];
      const what = choices.length > 1 ? `one of ${choices.join(", ")}` : choices.join();
      return `must be ${what}, not ${given}`;
    }
    case "type":
    case "minimum":
    case "maximum":
      return `must be ${wanted(rule)}${rule.type === "integer" ? `, not ${given}` : ""}`;
    case "minItems":
      return missing(rule);
    default:
      return `${error.message ?? "does not fit"}`;
  }
}

function missing(rule: Rule | undefined): string {
  return rule?.type === "array" ? "must be a list with at least one item" : "is required";
}

function wanted({ type, minimum, maximum }: Rule): string {
  switch (type) {
    case "integer":
      return `a whole number from ${minimum} to ${maximum}`;
    case "boolean":
      return "true or false";
    case "array":
      return "a list";
    case "string":
      return "a text";
    default:
      return "a JSON object";
  }
}
