/** A piece of a prompt: text, or a name after `@`, with its offsets in the prompt's text. */
export type ScannedPart =
  | { readonly kind: "text"; readonly text: string }
  | { readonly kind: "mention"; readonly name: string; readonly still?: "first" | "last" }
  /** `@` and letters, but no declared name fits. */
  | { readonly kind: "unknown"; readonly name: string };

const NAME_RUN = /^\p{L}[\p{L}\p{M}\p{N}_-]*/u;
/** Scripts that put no space between words need none before `@` either. */
const WORD_BEFORE = /(?![\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}])[\p{L}\p{N}]$/u;
const LATIN_WORD = /^[\p{Script=Latin}\p{N}_-]/u;
const LATIN_END = /[\p{Script=Latin}\p{N}_-]$/u;
const STILL = /^\.(first|last)_frame(?![\p{L}\p{N}_-])/u;

/**
 * Splits a prompt at its mentions. A mention takes the longest declared name that fits: a Latin name must end
 * where the Latin word ends, a Chinese one needs no space behind it. `a@b.c`, `\@` and a lone `@` are text.
 */
export function scanMentions(prompt: string, isName: (name: string) => boolean): ScannedPart[] {
  const parts: ScannedPart[] = [];
  let text = "";
  let at = 0;
  const flush = (): void => {
    if (text) parts.push({ kind: "text", text });
    text = "";
  };
  while (at < prompt.length) {
    const next = prompt.indexOf("@", at);
    if (next === -1) break;
    text += prompt.slice(at, next);
    at = next + 1;
    if (text.endsWith("\\")) {
      text = text.slice(0, -1) + "@";
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
      parts.push({ kind: "unknown", name: shown });
      at += shown.length;
      continue;
    }
    at += name.length;
    const still = STILL.exec(prompt.slice(at));
    at += still?.[0].length ?? 0;
    parts.push({ kind: "mention", name, ...(still && { still: still[1] as "first" | "last" }) });
  }
  text += prompt.slice(at);
  flush();
  return parts;
}

function longestName(run: string, isName: (name: string) => boolean): string | undefined {
  for (let end = run.length; end > 0; end--) {
    const name = run.slice(0, end);
    const cutsWord = LATIN_END.test(name) && LATIN_WORD.test(run.slice(end));
    if (!cutsWord && isName(name)) return name;
  }
  return undefined;
}

/** What the author probably meant as the name: the Latin word, or the first few Chinese characters. */
function unknownName(run: string): string {
  const latin = /^[\p{Script=Latin}\p{N}_-]+/u.exec(run)?.[0];
  return latin ?? [...run].slice(0, 4).join("");
}
