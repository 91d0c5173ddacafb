import { diagnose, type Diagnostic } from "../base/diagnostic.ts";
import type { Span } from "../base/source.ts";
import { readAddress, shownAddress } from "./addresses.ts";
import { scanMentions } from "./mentions.ts";
import { sceneMode } from "./modes.ts";
import { PREVIOUS } from "./names.ts";
import type { NameTable } from "./name-table.ts";
import { spanInside } from "./spans.ts";
import {
  modeClips,
  targetKey,
  type Located,
  type MediaTarget,
  type MediaUse,
  type PromptPart,
  type Scene,
} from "./types.ts";
import type { WrittenScene } from "./written.ts";

export interface SceneScope {
  readonly names: NameTable;
  /** The id of the scene before this one in the file. */
  readonly previous: string | undefined;
}

/** Looks up the names of one scene and decides what kind of request it is. */
export class SceneResolver {
  readonly diagnostics: Diagnostic[] = [];
  readonly #scope: SceneScope;
  readonly #written: WrittenScene;

  constructor(scope: SceneScope, written: WrittenScene) {
    this.#scope = scope;
    this.#written = written;
  }

  resolve(): Scene {
    const written = this.#written;
    const prompt = this.#prompt();
    const uses = this.#references(prompt);
    const mode = sceneMode(written, uses, (reference, via) => this.#use(reference, via), this.diagnostics);
    return {
      id: written.id,
      span: written.span,
      title: written.title,
      mode,
      prompt,
      promptSpan: written.prompt?.span,
      dialogue: written.dialogue,
      style: written.style,
      references: uses.length === 0 ? uses : unique(uses, modeClips(mode)),
      settings: written.settings,
      takes: written.takes,
      incomplete: this.diagnostics.length > 0,
      was: written.was?.value,
    };
  }

  /** Those written under the key, then the mentions. */
  #references(prompt: readonly PromptPart[]): readonly MediaUse[] {
    const uses: MediaUse[] = [];
    for (const reference of this.#written.references) {
      const use = this.#use(reference, "references");
      if (use) uses.push(use);
    }
    for (const part of prompt) {
      if (part.kind !== "mention") continue;
      uses.push({ target: part.target, written: part.written, span: part.span, via: "mention" });
    }
    return uses;
  }

  #prompt(): PromptPart[] {
    const { prompt } = this.#written;
    if (!prompt) return [];
    if (!prompt.value.includes("@")) return prompt.value === "" ? [] : [{ kind: "text", text: prompt.value }];
    const { names } = this.#scope;
    const signs = offsetsOf("@", prompt);
    const isName = (name: string): boolean => name === PREVIOUS || names.find(name) !== undefined;
    return scanMentions(prompt.value, isName).map((part): PromptPart => {
      if (part.kind === "text") return part;
      const written = part.kind === "mention" && part.still ? `${part.name}.${part.still}_frame` : part.name;
      const span = mentionSpan(prompt.span, part, signs);
      const target = part.kind === "mention" ? this.#nameTarget(part.name, part.still, span) : undefined;
      if (part.kind === "unknown") {
        const diagnostic = names.unknown(part.name, span, `mentioned in scene \`${this.#written.id}\``);
        this.diagnostics.push({ ...diagnostic, help: `${diagnostic.help}; for a plain \`@\` write \`\\@\`` });
      }
      return target ? { kind: "mention", target, written, span } : { kind: "text", text: `@${written}` };
    });
  }

  #use(reference: Located<string>, via: MediaUse["via"]): MediaUse | undefined {
    const target = this.#target(reference);
    return target && { target, written: reference.value, span: reference.span, via };
  }

  #target({ value, span }: Located<string>): MediaTarget | undefined {
    const address = readAddress(value, span.source.path);
    switch (address.kind) {
      case "file":
      case "url":
      case "library":
        return address;
      case "malformed":
        this.#report("resolve/bad-address", span, `\`${shownAddress(value)}\`: ${address.why}`, address.help);
        return undefined;
      case "name":
        return this.#nameTarget(address.name, address.still, span);
    }
  }

  #nameTarget(name: string, still: "first" | "last" | undefined, span: Span): MediaTarget | undefined {
    return name === PREVIOUS ? this.#previous(still, span) : this.#named(name, still, span);
  }

  #previous(still: "first" | "last" | undefined, span: Span): MediaTarget | undefined {
    const { previous } = this.#scope;
    if (previous !== undefined) return clipOrStill(previous, still);
    const message = "there is no scene before this one for `previous` to mean";
    this.#report("resolve/no-previous", span, message, "name a scene or an asset");
    return undefined;
  }

  #named(name: string, still: "first" | "last" | undefined, span: Span): MediaTarget | undefined {
    const declared = this.#scope.names.find(name);
    if (!declared) {
      this.diagnostics.push(this.#scope.names.unknown(name, span, `used in scene \`${this.#written.id}\``));
      return undefined;
    }
    if (declared.kind === "scene") return clipOrStill(name, still);
    if (!still) return { kind: "asset", asset: name };
    const message = `\`${name}\` is an asset; only a scene has a \`${still}_frame\``;
    this.#report("resolve/not-a-scene", span, message, `write \`${name}\``);
    return undefined;
  }

  #report(code: Diagnostic["code"], span: Span, message: string, help: string): void {
    this.diagnostics.push(diagnose(code, span, message, { help }));
  }
}

/** The offsets in the file of each `sign` of a text; none where the file writes them otherwise than the text has them. */
function offsetsOf(sign: string, { value, span }: Located<string>): number[] {
  const offsets: number[] = [];
  const text = span.source.text.slice(span.start, span.end);
  for (let at = text.indexOf(sign); at !== -1; at = text.indexOf(sign, at + 1)) offsets.push(span.start + at);
  return offsets.length === value.split(sign).length - 1 ? offsets : [];
}

/** From the `@` to the end of the name, also where the same letters stand in an e-mail address before it. */
function mentionSpan(
  whole: Span,
  { name, sign }: { name: string; sign: number },
  signs: readonly number[],
): Span {
  const start = signs[sign];
  const isThere = start !== undefined && whole.source.text.startsWith(name, start + 1);
  return isThere
    ? { source: whole.source, start, end: start + 1 + name.length }
    : spanInside(whole, `@${name}`, 0);
}

function clipOrStill(scene: string, still: "first" | "last" | undefined): MediaTarget {
  return still ? { kind: "still", scene, which: still } : { kind: "clip", scene };
}

/** Each target once; a clip that the scene is made from anyway is no reference as well. */
function unique(uses: readonly MediaUse[], clips: readonly MediaUse[]): MediaUse[] {
  const taken = new Set(clips.map(({ target }) => targetKey(target)));
  return uses.filter(({ target }) => {
    const key = targetKey(target);
    return taken.has(key) ? false : taken.add(key);
  });
}
