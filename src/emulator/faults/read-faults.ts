import { diagnose, type Diagnostic } from "../../base/diagnostic.ts";
import { positionAt, type Source } from "../../base/source.ts";
import { checkFaultsSchema } from "../../syntax/faults-schema.ts";
import { parse } from "../../syntax/parse.ts";
import { entriesOf, get, itemsOf, plainOf, type SyntaxNode } from "../../syntax/tree.ts";
import { callFault, thingFault } from "./fault-rows.ts";
import type { Fault } from "./fault.ts";
import type { FaultRow, RowProblem } from "./fault-row.ts";

interface ReadFaults {
  /** Empty as soon as there is one mistake. */
  readonly faults: readonly Fault[];
  readonly diagnostics: readonly Diagnostic[];
}

/** Reads a file of faults, YAML or JSON, with all its mistakes. Never throws. */
export function readFaults(source: Source): ReadFaults {
  const { tree, diagnostics } = parse(source);
  if (!tree) return { faults: [], diagnostics };
  const wrong = checkFaultsSchema(tree);
  if (wrong.length > 0) return { faults: [], diagnostics: wrong };
  const rows = (plainOf(tree.root) as { readonly faults: readonly FaultRow[] }).faults;
  const read = itemsOf(get(tree.root, "faults")).map((node, i) => readRow(node, rows[i] as FaultRow));
  const problems = read.flatMap((one) => ("problem" in one ? [one.problem] : []));
  if (problems.length > 0) return { faults: [], diagnostics: problems };
  return { faults: read.flatMap((one) => ("fault" in one ? [one.fault] : [])), diagnostics: [] };
}

const ON_CALLS = ["answer"] as const;
const ON_THINGS = ["fail", "expire", "hang", "slow", "queued", "deliver"] as const;

type ReadRow = { readonly fault: Fault } | { readonly problem: Diagnostic };

function readRow(node: SyntaxNode, row: FaultRow): ReadRow {
  const { source } = node.span;
  const written = `${source.name}:${positionAt(source, node.span.start).line}`;
  const isThing = row.at === "task" || row.at === "asset";
  const found = effectProblem(row, isThing) ?? (isThing ? thingFault(row, written) : callFault(row, written));
  if (!("message" in found)) return { fault: found };
  const entry = entriesOf(node).find(({ key }) => key === found.key);
  const span = entry?.value.span ?? entriesOf(node)[0]?.keySpan ?? node.span;
  return { problem: diagnose("schema/value", span, found.message, { help: found.help }) };
}

/** Each row has one effect, and one that its place can have. */
function effectProblem(row: FaultRow, isThing: boolean): RowProblem | undefined {
  const given = [...ON_CALLS, ...ON_THINGS].filter((key) => key in row && row[key] !== false);
  const wanted: readonly string[] = isThing ? ON_THINGS : ON_CALLS;
  const list = wanted.map((key) => `\`${key}\``).join(", ");
  const foreign = given.find((key) => !wanted.includes(key));
  if (foreign !== undefined)
    return { key: foreign, message: `\`${foreign}\` is not for \`at: ${row.at}\``, help: `it takes ${list}` };
  const [, second] = given;
  if (second !== undefined)
    return {
      key: second,
      message: `one row has one effect`,
      help: `write \`${second}\` into a row of its own`,
    };
  if (given.length === 0)
    return {
      key: "at",
      message: "the row says not what happens",
      help: `add ${isThing ? "one of " : ""}${list}`,
    };
  return undefined;
}
