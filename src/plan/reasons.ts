import { unreachable } from "../base/unreachable.ts";
import type { Recipe, RecipeMedium } from "./recipe.ts";
import { unreachableText, type Unreachable } from "./ways.ts";

/** Why a step is in the plan with the action it has. */
export type Reason =
  | { readonly kind: "new-scene" }
  | { readonly kind: "field-changed"; readonly field: string; readonly from: string; readonly to: string }
  | { readonly kind: "prompt-changed" }
  | { readonly kind: "input-changed"; readonly input: string }
  | { readonly kind: "upstream-changes"; readonly scene: string }
  | { readonly kind: "more-takes"; readonly have: number; readonly wanted: number }
  | { readonly kind: "failed-before"; readonly take: number; readonly code: string }
  | { readonly kind: "current"; readonly take: number }
  | { readonly kind: "made-before"; readonly take: number }
  /** Another film of the same storyboard makes it. */
  | { readonly kind: "shared"; readonly film: string }
  | { readonly kind: "task-known"; readonly take: number; readonly task: string }
  /** `at`: when the request was sent; services keep clips for days only. */
  | { readonly kind: "bytes-missing"; readonly take: number; readonly provider: string; readonly at: string }
  | { readonly kind: "refused"; readonly take: number; readonly code: string; readonly message: string }
  | { readonly kind: "outcome-unknown"; readonly take: number }
  | { readonly kind: "upstream-blocked"; readonly scene: string }
  /** A person asked for one more take. */
  | { readonly kind: "retake" }
  /** A person gave up the take of which nobody knows the outcome. */
  | { readonly kind: "resubmit"; readonly take: number }
  | { readonly kind: "kept"; readonly take: number }
  /** What it uses has no clip, and is not made in this run either. */
  | { readonly kind: "upstream-left"; readonly scene: string }
  | Unreachable
  /** `at`: when its clip was asked for; the service may not give a link to it any more. */
  | { readonly kind: "link-old"; readonly scene: string; readonly provider: string; readonly at: string }
  /** `medium`: as a person knows it. */
  | { readonly kind: "library-billed"; readonly medium: string; readonly provider: string };

export function reasonText(reason: Reason): string {
  switch (reason.kind) {
    case "new-scene":
      return "new scene";
    case "field-changed":
      return `\`${reason.field}\` ${reason.from} → ${reason.to}`;
    case "prompt-changed":
      return "prompt changed";
    case "input-changed":
      return `${reason.input} changed`;
    case "upstream-changes":
      return `upstream \`${reason.scene}\` will change`;
    case "more-takes":
      return `${reason.have} of ${reason.wanted} takes are made`;
    case "failed-before":
      return `take ${reason.take} failed${reason.code ? ` (${reason.code})` : ""}; failed tasks are not billed`;
    case "current":
      return `take ${reason.take} is current`;
    case "made-before":
      return `take ${reason.take} was made from the same recipe`;
    case "shared":
      return `shared with the film \`${reason.film}\``;
    case "task-known":
      return `take ${reason.take} is task ${reason.task}; nothing to pay`;
    case "bytes-missing":
      return `the clip of take ${reason.take} is not in the store; ${
        reason.provider === "emulator"
          ? "it is rehearsed again"
          : `fetched again if ${reason.provider} still has it (made ${reason.at.slice(0, 10)})`
      }`;
    case "refused":
      return `refused: ${reason.code || reason.message}; change the scene`;
    case "outcome-unknown":
      return `take ${reason.take} may have been accepted; nobody knows, so it is not sent again`;
    case "upstream-blocked":
      return `upstream \`${reason.scene}\` is blocked`;
    case "retake":
      return "one more take was asked for";
    case "resubmit":
      return `take ${reason.take}, of which nobody knows the outcome, is given up`;
    case "kept":
      return `take ${reason.take} is stale, and kept by \`storyc keep\``;
    case "upstream-left":
      return `upstream \`${reason.scene}\` has no clip, and is not made in this run`;
    case "unreachable":
      return unreachableText(reason);
    case "link-old":
      return `the link of \`${reason.scene}\` at ${reason.provider} is of ${reason.at.slice(0, 10)} and has expired, unless the task gives a new one`;
    case "library-billed":
      return `${reason.medium} goes into ${reason.provider}'s asset library, which is billed`;
    default:
      return unreachable(reason);
  }
}

const SETTINGS = [
  "model",
  "resolution",
  "ratio",
  "duration",
  "generate_audio",
  "watermark",
  "web_search",
] as const;

/** What differs between the recipe of a take and the one that is wanted now, in words that name the field. */
export function compareRecipes(before: Recipe, now: Recipe, mediumName: (index: number) => string): Reason[] {
  const reasons: Reason[] = [];
  for (const field of SETTINGS) {
    const [from, to] = [before[field] ?? false, now[field] ?? false];
    if (from !== to) reasons.push({ kind: "field-changed", field, from: String(from), to: String(to) });
  }
  if (before.prompt !== now.prompt) reasons.push({ kind: "prompt-changed" });
  return [...reasons, ...compareMedia(before.media, now.media, mediumName)];
}

function compareMedia(
  before: readonly RecipeMedium[],
  now: readonly RecipeMedium[],
  mediumName: (index: number) => string,
): Reason[] {
  const known = new Set(before.map((medium) => JSON.stringify(medium)));
  const reasons = now.flatMap((medium, i): Reason[] =>
    known.has(JSON.stringify(medium)) ? [] : [{ kind: "input-changed", input: mediumName(i) }],
  );
  if (reasons.length === 0 && JSON.stringify(before) !== JSON.stringify(now)) {
    return [{ kind: "input-changed", input: "the list of references" }];
  }
  return reasons.filter((reason, i) => reasons.findIndex((other) => sameInput(other, reason)) === i);
}

function sameInput(a: Reason, b: Reason): boolean {
  return a.kind === "input-changed" && b.kind === "input-changed" && a.input === b.input;
}
