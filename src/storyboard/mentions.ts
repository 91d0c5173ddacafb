/** A piece of a prompt: text, or a name after `@`. `sign` says which `@` of the prompt it is, counted from 0. */
export type ScannedPart =
  | { readonly kind: "text"; readonly text: string }
  | {
      readonly kind: "mention";
      readonly name: string;
      readonly sign: number;
      readonly still?: "first" | "last";
    }
  /** `@` and letters, but no declared name fits. */
  | { readonly kind: "unknown"; readonly name: string; readonly sign: number };

const NAME_RUN = /^\p{L}[\p{L}\p{M}\p{N}_-]*/u;
/** Scripts that put no space between words need none before `@` either. */
const WORD_BEFORE = /(?![\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}])[\p{L}\p{N}]$/u;
/** Alphabets: a name in one of them ends where its word ends. Chinese has no such place, Korean puts particles there. */
const WORD_START = /^[\p{Script=Latin}\p{Script=Cyrillic}\p{Script=Greek}\p{N}_-]/u;
const WORD_END = /[\p{Script=Latin}\p{Script=Cyrillic}\p{Script=Greek}\p{M}\p{N}_-]$/u;
/** Longer names are refused where they are declared, and a run of letters may fill a file. */
const MOST_UNITS = 256;
const STILL = /^\.(first|last)_frame(?![\p{L}\p{N}_-])/u;

/**
 * Splits a prompt at its mentions. A mention takes the longest declared name that fits: a Latin name must end
 * where the Latin word ends, a Chinese one needs no space behind it. `a@b.c`, `\@` and a lone `@` are text.
 */
export function scanMentions(prompt: string, isName: (name: string) => boolean): ScannedPart[] {
  if (!prompt.includes("@")) return [{ kind: "text", text: prompt }];
  const parts: ScannedPart[] = [];
  let text = "";
  let at = 0;
  let sign = -1;
  const flush = (): void => {
    if (text) parts.push({ kind: "text", text });
    text = "";
  };
  while (at < prompt.length) {
    const next = prompt.indexOf("@", at);
    if (next === -1) break;
    // Looked at in the prompt: a text that grows sign by sign would be put together anew for each look.
    const isEscaped = next > at && prompt[next - 1] === "\\";
    text += prompt.slice(at, isEscaped ? next - 1 : next);
    at = next + 1;
    sign++;
    if (isEscaped) {
      text += "@";
      continue;
    }
    const run = NAME_RUN.exec(prompt.slice(at))?.[0];
    if (run === undefined || WORD_BEFORE.test(prompt.slice(Math.max(0, next - 2), next))) {
      text += "@";
      continue;
    }
    flush();
    const name = longestName(run, isName);
    if (name === undefined) {
      const shown = unknownName(run);
      parts.push({ kind: "unknown", name: shown, sign });
      at += shown.length;
      continue;
    }
    at += name.length;
    const still = STILL.exec(prompt.slice(at));
    at += still?.[0].length ?? 0;
    parts.push({ kind: "mention", name, sign, ...(still && { still: still[1] as "first" | "last" }) });
  }
  text += prompt.slice(at);
  flush();
  return parts;
}

function longestName(run: string, isName: (name: string) => boolean): string | undefined {
  for (let end = Math.min(run.length, MOST_UNITS); end > 0; end--) {
    const name = run.slice(0, end);
    const rest = run.slice(end);
    const cutsWord = /^\p{M}/u.test(rest) || (WORD_END.test(name) && WORD_START.test(rest));
    if (!cutsWord && isName(name)) return name;
  }
  return undefined;
}

/** What the author probably meant as the name: the word, or the first few characters where words have no end. */
function unknownName(run: string): string {
  const word = /^[\p{Script=Latin}\p{Script=Cyrillic}\p{Script=Greek}\p{M}\p{N}_-]+/u.exec(run)?.[0];
  return word ?? [...run].slice(0, 4).join("");
}
