import type { Span } from "../base/source.ts";
import { modeClips, targetKey, type Asset, type PromptPart, type Scene } from "../storyboard/types.ts";
import type { LoweredItem, TextPiece } from "./lowered.ts";
import { wordingOf, type Language, type Wording } from "./wording.ts";

type Mention = Extract<PromptPart, { kind: "mention" }>;

export interface PromptContext {
  readonly scene: Scene;
  readonly items: readonly LoweredItem[];
  readonly language: Language;
  readonly assets: ReadonlyMap<string, Asset>;
}

/** The task's wording, what the media show, the prompt, the lines spoken, the style: in this order. */
export function lowerPrompt(context: PromptContext): TextPiece[] {
  const wording = wordingOf(context.language);
  const { scene } = context;
  const style = scene.style?.value.trim();
  const body = promptPieces(context, wording);
  const task = taskWording(context, wording);
  // Words that stand for a key have the key's place.
  const asked = modeClips(scene.mode)[0]?.span;
  const after = endSentence([...body, ...(task.after ? [piece(task.after, "wording", asked)] : [])], wording);
  const sentences: TextPiece[][] = [
    ...introductions(context, wording).map((introduction) => [introduction]),
    ...(after.length > 0 ? [[...(task.before ? [piece(task.before, "wording", asked)] : []), ...after]] : []),
    ...scene.dialogue.map((line) => [dialoguePiece(line, context, wording)]),
    ...(style ? [[piece(style, "style", scene.style?.span)]] : []),
  ];
  if (!task.lead) return join(sentences, wording);
  const lead = piece(
    sentences.length > 0 ? task.lead + wording.afterTask : task.lead + wording.fullStop,
    "wording",
    asked,
  );
  return [lead, ...join(sentences, wording)];
}

function piece(text: string, from: TextPiece["from"], span?: Span): TextPiece {
  return { text, from, ...(span && { span }) };
}

/** The words that make a reference request an extension, an edit or a bridge. */
function taskWording(
  { scene, items }: PromptContext,
  wording: Wording,
): { lead?: string; before?: string; after?: string } {
  const { mode } = scene;
  const ordinal = (use: { target: Parameters<typeof targetKey>[0] }): string =>
    items.find(({ key }) => key === targetKey(use.target))?.ordinal ?? "";
  switch (mode.kind) {
    case "extend":
      return { lead: wording.extend(mode.direction, ordinal(mode.clip)) };
    case "edit":
      return { lead: wording.edit(ordinal(mode.clip)) };
    case "bridge":
      return wording.bridge(mode.clips.map(ordinal));
    case "text":
    case "frames":
    case "references":
      return {};
  }
}

/** An asset with a description or several pictures is introduced once: every later name is short. */
function introductions({ scene, items, assets }: PromptContext, wording: Wording): TextPiece[] {
  return scene.references.flatMap(({ target }) => {
    const asset = target.kind === "asset" ? assets.get(target.asset) : undefined;
    if (!asset) return [];
    const names = ordinalsOf(targetKey(target), items);
    if (names.length < 2 && asset.description === undefined) return [];
    const description = asset.description?.replace(/[.。]+$/u, "");
    return [piece(wording.introduce(names, asset.name, description), "introduction", asset.span)];
  });
}

function ordinalsOf(key: string, items: readonly LoweredItem[]): string[] {
  return items.filter((item) => item.key === key).map(({ ordinal }) => ordinal);
}

/**
 * What the prompt calls a medium: the service's ordinal. Several pictures of one asset have no ordinal in common, and
 * any one of them would leave the others without a meaning: they are called by the label that their introduction has
 * given them.
 */
function nameOf({ target, written }: Mention, items: readonly LoweredItem[]): string {
  const [ordinal, ...others] = ordinalsOf(targetKey(target), items);
  if (ordinal === undefined) return written;
  return others.length > 0 && target.kind === "asset" ? target.asset : ordinal;
}

function promptPieces({ scene, items }: PromptContext, wording: Wording): TextPiece[] {
  const pieces = scene.prompt.map((part): TextPiece => {
    if (part.kind === "text") return piece(part.text, "prompt", scene.promptSpan);
    return piece(nameOf(part, items), "mention", part.span);
  });
  if (scene.mode.kind !== "bridge") return trimmed(pieces);
  // Its sentence goes on after the prompt, so the prompt's own full stop must not end it.
  const all = trimmed(pieces);
  const last = all.at(-1);
  return last
    ? [...all.slice(0, -1), { ...last, text: last.text.replace(/[.。]+$/u, "") }]
    : [piece(wording.separator, "wording")];
}

function trimmed(pieces: readonly TextPiece[]): TextPiece[] {
  return pieces
    .map((p, i) => {
      const head = i === 0 ? p.text.trimStart() : p.text;
      return { ...p, text: i === pieces.length - 1 ? head.trimEnd() : head };
    })
    .filter(({ text }) => text !== "");
}

function endSentence(pieces: readonly TextPiece[], wording: Wording): TextPiece[] {
  const last = pieces.at(-1);
  if (!last || /[\p{P}]$/u.test(last.text)) return [...pieces];
  return [...pieces, piece(wording.fullStop, "wording")];
}

function dialoguePiece(
  line: Scene["dialogue"][number],
  { items }: PromptContext,
  wording: Wording,
): TextPiece {
  const label = line.who?.value;
  const [ordinal, ...others] = ordinalsOf(`asset:${label}`, items);
  // A label that stands for several pictures has been introduced.
  const picture = others.length > 0 ? undefined : ordinal;
  const who = label === undefined ? undefined : wording.speaker(label, picture);
  return piece(wording.speak(who, line.says.trim()), "dialogue", line.span);
}

function join(sentences: readonly (readonly TextPiece[])[], wording: Wording): TextPiece[] {
  return sentences.flatMap((sentence, i) =>
    i > 0 && wording.separator ? [piece(wording.separator, "wording"), ...sentence] : [...sentence],
  );
}
