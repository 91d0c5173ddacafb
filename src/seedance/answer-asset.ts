import { errorIn, failureIn, strangeAnswer } from "./answer-error.ts";
import { fieldOf, isLevel, levelsOf, textOf, type Answer, type Level } from "./answer-shape.ts";
import { actionFor, isHalt } from "./errors.ts";
import type { AssetLook, AssetSearch } from "./outcome.ts";

/** What the answer to a look at an asset of the provider's library says. */
export function readAssetAnswer(answer: Answer): AssetLook {
  const levels = levelsOf(answer.text);
  const word = wordIn(levels);
  const isFine = answer.status >= 200 && answer.status < 300;
  if (isFine && word === "active") return { kind: "active" };
  if (isFine && word === "failed") return { kind: "failed", error: failureIn(answer, levels, word) };
  const error = errorIn(answer, levels);
  if (isFine && word !== undefined && error === undefined) return { kind: "pending" };
  const action = error && actionFor(error.code);
  const shown = error ?? strangeAnswer(answer, levels, "this is no answer about an asset");
  const halt = action ?? (answer.status === 401 ? "bad-key" : undefined);
  if (isHalt(halt)) return { kind: "halt", reason: halt, error: shown };
  const isMissing = error && (answer.status === 404 || /^NotFound/i.test(error.code));
  return isMissing ? { kind: "missing", error: shown } : { kind: "unreadable", error: shown };
}

/** What a list says of one name; unreadable unless it is certain that nothing else is there. */
export function readAssetList(answer: Answer, name: string): AssetSearch {
  const levels = levelsOf(answer.text);
  const list = levels.find((level) => fieldOf(level, "totalcount") !== undefined);
  const total = list && Number(fieldOf(list, "totalcount"));
  const items = list && (fieldOf(list, "items") ?? []);
  if (!Array.isArray(items) || !(items.length >= (total ?? Infinity)))
    return {
      kind: "unreadable",
      error: errorIn(answer, levels) ?? strangeAnswer(answer, levels, "this is no list"),
    };
  const named = items.filter(isLevel).filter((item) => textOf(fieldOf(item, "name")) === name);
  return { kind: "found", ids: named.flatMap((item) => textOf(fieldOf(item, "id")) ?? []) };
}

function wordIn(levels: readonly Level[]): string | undefined {
  const words = levels.map((level) => textOf(fieldOf(level, "status")));
  return words.findLast((word) => word !== undefined)?.toLowerCase();
}
