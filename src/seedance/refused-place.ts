import type { Span } from "../base/source.ts";
import { contentIndexOf } from "./errors.ts";
import type { LoweredScene } from "./lowered.ts";

/** What a refusal is about. */
export interface RefusedPlace {
  /** As the author wrote it, or `the prompt`. */
  readonly written: string;
  readonly span?: Span;
}

/**
 * Where the author wrote what a refusal complains about: by the item of `content` that its message names, else by
 * the medium that its code names, when there is only one of that kind. Undefined where neither says it.
 */
export function refusedPlace(
  lowered: LoweredScene,
  error: { readonly code: string; readonly message: string },
): RefusedPlace | undefined {
  const { text, items } = lowered;
  const hasText = text.some((piece) => piece.text !== "");
  const index = contentIndexOf(error.message);
  if (index !== undefined) {
    if (hasText && index === 0) return promptPlace(lowered);
    const item = items[index - (hasText ? 1 : 0)];
    return item && { written: item.written, span: item.span };
  }
  if (/^(InputText|SensitiveContent)/.test(error.code)) return promptPlace(lowered);
  const medium = /^Input(Image|Video|Audio)/.exec(error.code)?.[1]?.toLowerCase();
  const [only, other] = items.filter(({ type }) => type === `${medium}_url`);
  return only && !other ? { written: only.written, span: only.span } : undefined;
}

function promptPlace({ text }: LoweredScene): RefusedPlace {
  const span =
    text.find(({ from, span: at }) => from === "prompt" && at)?.span ?? text.find(({ span: at }) => at)?.span;
  return { written: "the prompt", ...(span && { span }) };
}
