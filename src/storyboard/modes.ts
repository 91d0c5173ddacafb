import { diagnose, type Diagnostic } from "../base/diagnostic.ts";
import type { Span } from "../base/source.ts";
import type { Located, MediaUse, SceneMode } from "./types.ts";
import type { WrittenScene } from "./written.ts";

type Use = (reference: Located<string>, via: MediaUse["via"]) => MediaUse | undefined;

interface ModeKey {
  readonly key: string;
  readonly span: Span;
}

/** What a scene is follows from its keys; two keys that decide differently are told with both places. */
export function sceneMode(
  written: WrittenScene,
  references: readonly MediaUse[],
  use: Use,
  diagnostics: Diagnostic[],
): SceneMode {
  reportConflicts(written, references, diagnostics);
  const text = textMode(written);
  if (written.firstFrame) return framesMode(written, use) ?? text;
  if (written.extend) {
    const clip = use(written.extend, "extend");
    return clip ? { kind: "extend", clip, direction: written.extend.direction } : text;
  }
  if (written.edit) {
    const clip = use(written.edit, "edit");
    return clip ? { kind: "edit", clip } : text;
  }
  if (written.bridge) {
    return { kind: "bridge", clips: written.bridge.clips.flatMap((clip) => use(clip, "bridge") ?? []) };
  }
  return references.length > 0 ? { kind: "references" } : text;
}

function textMode({ webSearch }: WrittenScene): SceneMode {
  return webSearch?.value
    ? { kind: "text", webSearch: true, askedAt: webSearch.keySpan }
    : { kind: "text", webSearch: false };
}

function framesMode({ firstFrame, lastFrame }: WrittenScene, use: Use): SceneMode | undefined {
  const first = firstFrame && use(firstFrame, "first_frame");
  const last = lastFrame && use(lastFrame, "last_frame");
  return first && { kind: "frames", first, ...(last && { last }) };
}

function reportConflicts(
  written: WrittenScene,
  references: readonly MediaUse[],
  diagnostics: Diagnostic[],
): void {
  if (references.length === 0 && !hasSeveralKinds(written)) return;
  const keys = modeKeys(written);
  const [first, second] = keys;
  if (first && second) diagnostics.push(conflict(written.id, second, first));
  if (written.lastFrame && !written.firstFrame) diagnostics.push(lastWithoutFirst(written.lastFrame.keySpan));
  const [mentioned] = references;
  const exclusive = keys.find(({ key }) => key === "first_frame" || key === "last_frame");
  if (exclusive && mentioned && !second)
    diagnostics.push(framesWithReferences(written, exclusive, mentioned));
  if (first?.key === "web_search" && !second && mentioned)
    diagnostics.push(searchWithMedia(written, mentioned));
}

/** Most scenes say one kind or none, and are asked no further. */
function hasSeveralKinds({ firstFrame, lastFrame, extend, edit, bridge, webSearch }: WrittenScene): boolean {
  if (lastFrame) return true;
  let kinds = 0;
  if (firstFrame) kinds++;
  if (extend) kinds++;
  if (edit) kinds++;
  if (bridge) kinds++;
  if (webSearch) kinds++;
  return kinds > 1;
}

/** The keys that decide a scene's kind, in the order of the file. `last_frame` goes with `first_frame`. */
function modeKeys(written: WrittenScene): ModeKey[] {
  const { firstFrame, lastFrame, extend, edit, bridge, webSearch } = written;
  const frame = firstFrame ?? lastFrame;
  const frameKey = firstFrame ? "first_frame" : "last_frame";
  const keys: (ModeKey | undefined)[] = [
    frame && { key: frameKey, span: frame.keySpan },
    extend && { key: "extend", span: extend.keySpan },
    edit && { key: "edit", span: edit.keySpan },
    bridge && { key: "bridge", span: bridge.keySpan },
    webSearch?.value ? { key: "web_search", span: webSearch.keySpan } : undefined,
  ];
  return keys.filter((key) => key !== undefined).sort((a, b) => a.span.start - b.span.start);
}

function conflict(scene: string, second: ModeKey, first: ModeKey): Diagnostic {
  return diagnose(
    "mode/conflict",
    second.span,
    `\`${first.key}\` and \`${second.key}\` cannot stand in one scene`,
    {
      note: `makes scene \`${scene}\` another kind of request`,
      labels: [{ span: first.span, message: `\`${first.key}\` has already decided the kind` }],
      help: "keep one of the two, or make two scenes of it",
    },
  );
}

function lastWithoutFirst(span: Span): Diagnostic {
  return diagnose("mode/last-without-first", span, "`last_frame` needs a `first_frame`", {
    help: "add `first_frame`, or give the picture under `references`",
  });
}

function framesWithReferences({ id }: WrittenScene, frames: ModeKey, use: MediaUse): Diagnostic {
  const what = use.via === "mention" ? `\`@${use.written}\`` : "`references`";
  return diagnose("mode/conflict", use.span, `\`${frames.key}\` and ${what} cannot stand in one scene`, {
    note: `refers to a medium in scene \`${id}\``,
    labels: [{ span: frames.span, message: "a scene with frames takes no references" }],
    help:
      use.via === "mention"
        ? `describe \`${use.written}\` in words instead of mentioning it, or give up \`${frames.key}\``
        : `remove \`references\`, or give up \`${frames.key}\``,
  });
}

function searchWithMedia({ id, webSearch }: WrittenScene, use: MediaUse): Diagnostic {
  return diagnose("mode/conflict", use.span, "`web_search` works with nothing but a prompt", {
    note: `brings a medium into scene \`${id}\``,
    labels: webSearch ? [{ span: webSearch.keySpan, message: "asked for here" }] : [],
    help: "remove `web_search`, or the reference",
  });
}
