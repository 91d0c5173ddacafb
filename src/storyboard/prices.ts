import { diagnose, type Diagnostic } from "../base/diagnostic.ts";
import { LIST_PRICES, type PriceTable, type Rate } from "../base/prices.ts";
import { entriesOf, get, type MapEntry, type SyntaxNode } from "../syntax/tree.ts";

interface BuiltPrices {
  /** Absent when they lack something. */
  readonly prices?: PriceTable;
  readonly diagnostics: readonly Diagnostic[];
}

/** A person's own prices, from a mapping that fits the schema. */
export function buildPrices(node: SyntaxNode): BuiltPrices {
  const currency = get(node, "currency");
  const asOf = get(node, "as_of");
  const code = textOf(currency);
  // Its shape is wrong, which is told already.
  if (!currency || code === undefined) return { diagnostics: [] };
  const models = entriesOf(node).filter(({ key }) => key !== "currency" && key !== "as_of");
  const rates = ratesOf(models);
  if (!rates) return { diagnostics: [] };
  if (models.length === 0) return listPrices(currency, code, asOf);
  const date = textOf(asOf);
  if (date === undefined) {
    const message = "the prices do not say of when they are";
    const help = "add `as_of:` with the day or month at which they were true, such as `as_of: 2026-11`";
    return { diagnostics: asOf ? [] : [diagnose("prices/incomplete", currency.span, message, { help })] };
  }
  const { name } = node.span.source;
  return {
    prices: { currency: code, asOf: date, from: name, rates },
    diagnostics: [],
  };
}

/** Only a currency: the list that storyc has in it. */
function listPrices(currency: SyntaxNode, code: string, asOf: SyntaxNode | undefined): BuiltPrices {
  const prices = Object.hasOwn(LIST_PRICES, code) ? LIST_PRICES[code] : undefined;
  const help = "add the rates: `seedance-2.0-mini: { plain: …, with_video: … }`";
  if (!prices) {
    const message = `there is no price list in ${code}`;
    const known = Object.keys(LIST_PRICES).join(" and ");
    return {
      diagnostics: [
        diagnose("prices/incomplete", currency.span, message, {
          help: `${help}; storyc has lists in ${known}`,
        }),
      ],
    };
  }
  if (!asOf) return { prices, diagnostics: [] };
  const message = "there is a date, but no rates that are of it";
  return { diagnostics: [diagnose("prices/incomplete", asOf.span, message, { help })] };
}

/** Undefined when one of them is no rate, which is told already. */
function ratesOf(models: readonly MapEntry[]): Record<string, Rate> | undefined {
  const rates: Record<string, Rate> = {};
  for (const { key, value } of models) {
    const [plain, withVideo] = [numberOf(get(value, "plain")), numberOf(get(value, "with_video"))];
    if (plain === undefined || withVideo === undefined) return undefined;
    rates[key] = { plain, withVideo };
  }
  return rates;
}

function textOf(node: SyntaxNode | undefined): string | undefined {
  return node?.kind === "scalar" && typeof node.value === "string" ? node.value : undefined;
}

function numberOf(node: SyntaxNode | undefined): number | undefined {
  return node?.kind === "scalar" && typeof node.value === "number" ? node.value : undefined;
}
