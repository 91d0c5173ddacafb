import { diagnose, type Diagnostic } from "../base/diagnostic.ts";
import type { Span } from "../base/source.ts";
import { scanMentions } from "./mentions.ts";
import type { Board } from "./rules-board.ts";
import { spanInside } from "./spans.ts";

interface Place {
  readonly text: string;
  readonly span: Span;
  /** What the text is, in words. */
  readonly noun: string;
}

/** Only prompts have mentions: elsewhere the sign and the name reach the model as they stand. */
export function checkStrayMentions(board: Board): Diagnostic[] {
  return placesOf(board).flatMap((place) => stray(board, place));
}

function stray({ storyboard, byId }: Board, { text, span, noun }: Place): Diagnostic[] {
  if (!text.includes("@")) return [];
  return scanMentions(text, (name) => storyboard.assets.has(name) || byId.has(name)).flatMap((part) => {
    if (part.kind !== "mention") return [];
    const message = `${noun} cannot mention \`@${part.name}\``;
    const help = `write \`${part.name}\` here, and mention it in the prompt`;
    return [diagnose("mentions/outside-prompt", spanInside(span, `@${part.name}`, 0), message, { help })];
  });
}

/** The style of the whole film stands in every scene, and is one place. */
function placesOf({ storyboard }: Board): Place[] {
  const places = new Map<string, Place>();
  const add = (text: string, span: Span, noun: string): void => {
    places.set(`${span.source.name} ${span.start}`, { text, span, noun });
  };
  for (const { description, span } of storyboard.assets.values()) {
    if (description?.includes("@")) add(description, span, "a description");
  }
  for (const { style, dialogue } of storyboard.scenes) {
    if (style?.value.includes("@")) add(style.value, style.span, "a style");
    for (const line of dialogue) if (line.says.includes("@")) add(line.says, line.span, "a line of dialogue");
  }
  return [...places.values()];
}
