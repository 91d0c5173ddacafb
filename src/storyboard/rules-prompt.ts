import { diagnose, type Diagnostic } from "../base/diagnostic.ts";
import { PROMPT_ADVICE } from "../base/limits.ts";
import type { Board } from "./rules-board.ts";
import type { PromptPart, Scene, SceneMode, Storyboard } from "./types.ts";

/** The kinds of request that mean nothing without words. */
const NEEDS_PROMPT: Partial<Record<SceneMode["kind"], string>> = {
  text: "a text scene",
  edit: "an edit",
  bridge: "a bridge",
};

export function checkPrompt({ storyboard }: Board, scene: Scene): Diagnostic[] {
  // What a scene lacks is not told where that is the echo of a name that was not found.
  if (scene.incomplete) return [];
  const needed = NEEDS_PROMPT[scene.mode.kind];
  const text = promptText(scene.prompt);
  if (needed && text.trim() === "") {
    const message = `scene \`${scene.id}\` is ${needed} without a prompt`;
    return [diagnose("mode/no-prompt", scene.span, message, { help: "add `prompt: …`" })];
  }
  const long = excess(text);
  const longWithAll = long ?? excess([text, ...otherWords(storyboard, scene)].join(" "));
  if (!longWithAll) return [];
  const { chineseCharacters, englishWords } = PROMPT_ADVICE;
  const help = `keep it below ${chineseCharacters} Chinese characters or ${englishWords} English words, or split the scene`;
  const message = long
    ? `the prompt of scene \`${scene.id}\` has ${long}`
    : `the prompt of scene \`${scene.id}\` has ${longWithAll}, with its dialogue, style and descriptions`;
  return [diagnose("prompt/long", scene.span, message, { help })];
}

/** What is sent with the prompt, in the same text. */
function otherWords({ assets }: Storyboard, { dialogue, style, references }: Scene): string[] {
  const descriptions = references.map(({ target }) =>
    target.kind === "asset" ? (assets.get(target.asset)?.description ?? "") : "",
  );
  return [...dialogue.map(({ says }) => says), style?.value ?? "", ...descriptions];
}

/** The prompt with one sign in place of each mention. */
function promptText(parts: readonly PromptPart[]): string {
  let text = "";
  for (const part of parts) text += part.kind === "text" ? part.text : "@";
  return text;
}

function excess(text: string): string | undefined {
  // A word has a character and a space at least.
  if (text.length <= PROMPT_ADVICE.chineseCharacters) return undefined;
  const han = text.match(/\p{Script=Han}/gu)?.length ?? 0;
  if (han > PROMPT_ADVICE.chineseCharacters) return `${han} Chinese characters`;
  const words = text.match(/[\p{Script=Latin}\p{N}][\p{Script=Latin}\p{M}\p{N}'’-]*/gu)?.length ?? 0;
  return words > PROMPT_ADVICE.englishWords ? `${words} words` : undefined;
}
