import type { Digest } from "../base/digest.ts";
import { unreachable } from "../base/unreachable.ts";
import { MAIN_NAME } from "../storyboard/names.ts";

/** What a person should know of a merge that has been settled. */
export type MergeNote =
  /** Both sides had a take of this number: theirs has got another one. */
  | { readonly kind: "renumbered"; readonly scene: string; readonly from: number; readonly to: number }
  /** Numbers are those after the merge. */
  | {
      readonly kind: "both-selected" | "both-kept";
      readonly scene: string;
      readonly variant: string;
      readonly ours: number;
      readonly theirs: number;
    }
  | { readonly kind: "two-uploads"; readonly provider: string; readonly digest: Digest; readonly id: string }
  /** A field that only a newer storyc understands. */
  | { readonly kind: "both-changed"; readonly scene?: string; readonly field: string }
  /** The common ancestor could not be read. */
  | { readonly kind: "no-base" };

export function mergeNoteText(note: MergeNote): string {
  switch (note.kind) {
    case "renumbered":
      return `\`${note.scene}\`: take ${note.from} of the other side is take ${note.to} now`;
    case "both-selected": {
      const film = note.variant === MAIN_NAME ? "" : ` for the film \`${note.variant}\``;
      return `\`${note.scene}\`: both sides have selected another take${film}; yours, take ${note.ours}, stays; theirs is take ${note.theirs}: \`storyc pick ${note.scene} ${note.theirs}\``;
    }
    case "both-kept":
      return `\`${note.scene}\`: both sides have kept take ${note.ours} for another change; yours stays: look at \`storyc plan\``;
    case "two-uploads":
      return `both sides have put the same bytes into the library of ${note.provider}; asset://${note.id} is not used any more`;
    case "both-changed":
      return `${note.scene === undefined ? "" : `\`${note.scene}\`: `}both sides have changed \`${note.field}\`, which a newer storyc has written; yours stays`;
    case "no-base":
      return "what both sides began with could not be read: what they have selected counts as changed by both";
    default:
      return unreachable(note);
  }
}
