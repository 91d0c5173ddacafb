import type { ErrorObject } from "ajv";
import { diagnose, type Diagnostic } from "../base/diagnostic.ts";
import { nearNames } from "../base/near.ts";
import type { Span } from "../base/source.ts";
import { locate, type Found } from "./locate.ts";
import { plainOf, type SyntaxNode, type SyntaxTree } from "./tree.ts";
import { validateStoryboard } from "./validator.ts";

/** The tree against the published schema: one diagnostic per mistake, at the smallest span that shows it. */
export function checkSchema(tree: SyntaxTree, { isIncluded = false } = {}): Diagnostic[] {
  if (validateStoryboard(plainOf(tree.root))) return [];
  const errors = validateStoryboard.errors ?? [];
  // An included file belongs to a storyboard that has said its version.
  const counted = errors.filter(
    ({ keyword, instancePath }) => !(isIncluded && keyword === "required" && instancePath === ""),
  );
  return explainErrors(tree, counted, "the storyboard");
}

/** What a validator has found, in words; `whole` names the file where the mistake is not inside of anything. */
export function explainErrors(tree: SyntaxTree, errors: readonly ErrorObject[], whole: string): Diagnostic[] {
  return errors.map((error) => explain(tree, error, whole));
}

function explain(tree: SyntaxTree, error: ErrorObject, whole: string): Diagnostic {
  const found = locate(tree.root, error.instancePath);
  const what = placeOf(found, whole);
  switch (error.keyword) {
    case "additionalProperties":
      return unknownKey(found.node, error);
    case "required":
      return missingKey(found, what, String(error.params.missingProperty));
    case "enum":
    case "const":
      return wrongValue(found.node, what, error);
    case "type":
      return wrongType(found.node, what, error);
    default: {
      const message = `${what} ${boundsMessage(error)}`;
      return diagnose("schema/value", found.node.span, message, { help: help(error) });
    }
  }
}

function boundsMessage(error: ErrorObject): string {
  const { limit, pattern } = error.params as { limit?: number; pattern?: string };
  switch (error.keyword) {
    case "minimum":
      return `must be at least ${limit}`;
    case "exclusiveMinimum":
      return `must be more than ${limit}`;
    case "maximum":
      return `must be at most ${limit}`;
    case "minLength":
      return "must not be empty";
    case "minItems":
      return `needs at least ${limit} ${limit === 1 ? "entry" : "entries"}`;
    case "maxItems":
      return `takes at most ${limit} entries`;
    case "pattern":
      return pattern?.includes("mp4")
        ? "must be a plain file name that ends in `.mp4`"
        : `must match ${pattern}`;
    default:
      return error.message ?? "is not allowed here";
  }
}

function help(error: ErrorObject): string | undefined {
  const about = (error.parentSchema as { description?: string } | undefined)?.description;
  return about?.split("\n")[0];
}

function unknownKey(node: SyntaxNode, error: ErrorObject): Diagnostic {
  const key = String(error.params.additionalProperty);
  const span = node.kind === "map" ? (node.entries.get(key)?.keySpan ?? node.span) : node.span;
  const known = Object.keys((error.parentSchema as { properties?: object }).properties ?? {});
  const [near] = nearNames(key, known);
  const help = near
    ? `write \`${near}\``
    : `the keys here are ${known.map((name) => `\`${name}\``).join(", ")}`;
  return diagnose("schema/unknown-key", span, `there is no key \`${key}\` here`, { help });
}

function placeOf({ entry, index }: Found, whole: string): string {
  if (entry) return `\`${entry.key}\``;
  return index === undefined ? whole : "this entry";
}

function missingKey(found: Found, where: string, key: string): Diagnostic {
  const help = key === "version" ? "begin the file with `version: 1`" : `add \`${key}: …\``;
  return diagnose(
    "schema/missing-key",
    firstLine(found.entry?.keySpan ?? found.node.span),
    `${where} has no \`${key}\``,
    { help },
  );
}

function wrongValue(node: SyntaxNode, what: string, error: ErrorObject): Diagnostic {
  const allowed = (error.params.allowedValues ?? [error.params.allowedValue]) as unknown[];
  const given = node.kind === "scalar" ? String(node.value) : "";
  const [near] = nearNames(given, allowed.map(String));
  const list = allowed.map((value) => `\`${String(value)}\``).join(", ");
  const shown = node.kind === "scalar" ? `\`${given}\`` : `a ${node.kind}`;
  const message = `${what} cannot be ${shown}`;
  return diagnose("schema/value", firstLine(node.span), message, {
    help: near ? `write \`${near}\`; allowed: ${list}` : `allowed: ${list}`,
  });
}

const TYPE_NAMES: Record<string, string> = {
  string: "a text",
  integer: "a whole number",
  number: "a number",
  boolean: "`true` or `false`",
  array: "a list",
  object: "a mapping",
  null: "nothing",
};

function wrongType(node: SyntaxNode, what: string, error: ErrorObject): Diagnostic {
  const wanted = [error.params.type as string | string[]].flat().map((name) => TYPE_NAMES[name] ?? name);
  const message = `${what} must be ${wanted.join(" or ")}, not ${given(node)}`;
  const isText = wanted.includes("a text") && node.kind === "scalar" && node.value !== null;
  const help = isText
    ? `put it into quotes: "${String(node.value)}"`
    : wanted.includes("a list")
      ? "write a list: `[…]`, or one `- …` per line"
      : undefined;
  return diagnose("schema/type", firstLine(node.span), message, { help });
}

function given(node: SyntaxNode): string {
  if (node.kind === "map") return "a mapping";
  if (node.kind === "list") return "a list";
  if (node.value === null) return "empty";
  return typeof node.value === "string" ? "a text" : `\`${String(node.value)}\``;
}

/** A collection's span reaches over many lines; its first line is enough to find it. */
function firstLine(span: Span): Span {
  const lineEnd = span.source.text.indexOf("\n", span.start);
  return lineEnd === -1 || lineEnd >= span.end ? span : { ...span, end: Math.max(lineEnd, span.start) };
}
