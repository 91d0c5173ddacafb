import type { Span } from "../base/source.ts";

/**
 * The place of the `nth` occurrence of `needle` inside a value, else the whole value. YAML folds and unescapes
 * texts, so offsets in the value are not offsets in the file; a name is written the same in both.
 */
export function spanInside(whole: Span, needle: string, nth: number): Span {
  const text = whole.source.text.slice(whole.start, whole.end);
  let at = -1;
  for (let i = 0; i <= nth; i++) {
    at = text.indexOf(needle, at + 1);
    if (at === -1) return whole;
  }
  return { source: whole.source, start: whole.start + at, end: whole.start + at + needle.length };
}
