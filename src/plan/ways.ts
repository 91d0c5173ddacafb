import { unreachable } from "../base/unreachable.ts";
import type { LoweredItem } from "../seedance/lower.ts";

/** The ways by which media reach the service that cannot travel inside of a request. */
export interface Ways {
  readonly provider: string;
  /** The service reads the disk of this machine: the emulator in this process. */
  readonly sharesDisk: boolean;
  readonly store: { readonly kind: "ready" | "none" } | { readonly kind: "no-keys"; readonly why: string };
  /** The provider's asset library: chosen, not chosen, or none that storyc knows. */
  readonly library: "chosen" | "not-chosen" | "none";
}

/** A medium that no way leads from to the service, and what could be done. */
export interface Unreachable {
  readonly kind: "unreachable";
  /** As a person knows it: "the clip of `dawn`". */
  readonly medium: string;
  readonly why:
    | {
        readonly kind: "link-expired";
        readonly scene: string;
        readonly provider: string;
        readonly at: string;
      }
    | { readonly kind: "no-link"; readonly scene: string }
    | { readonly kind: "local-video" }
    | { readonly kind: "too-large" }
    | { readonly kind: "not-taken" };
  readonly ways: Ways;
}

/** What a person calls a medium of a request. */
export function mediumText({ written, source }: LoweredItem): string {
  if (source.kind === "clip") return `the clip of \`${source.scene}\``;
  return source.kind === "still" ? `the still of \`${source.scene}\`` : `\`${written}\``;
}

/** What is wrong, and the ways out. */
export function unreachableText({ medium, why, ways }: Unreachable): string {
  const out = [storeText(ways), ...libraryText(ways), otherwiseText(why)].filter((way) => way !== "");
  return `${medium} cannot reach the service: ${whyText(why, ways)}; ${out.slice(0, -1).join(", ")}, or ${out.at(-1)}`;
}

function whyText(why: Unreachable["why"], { provider }: Ways): string {
  switch (why.kind) {
    case "link-expired":
      return `its link at ${why.provider} has expired (${why.at.slice(0, 10)})`;
    case "no-link":
      return `${provider} has no link to it`;
    case "local-video":
      return "videos go by link only";
    case "too-large":
      return "the request would be too large";
    case "not-taken":
      return `${provider}'s asset library has not taken it`;
    default:
      return unreachable(why);
  }
}

function storeText({ store }: Ways): string {
  if (store.kind === "no-keys") return `give the \`store\` its keys (${store.why})`;
  return "name a bucket under `store`";
}

function libraryText({ library }: Ways): readonly string[] {
  return library === "not-chosen" ? ["choose `handover: asset-library` (billed)"] : [];
}

function otherwiseText(why: Unreachable["why"]): string {
  switch (why.kind) {
    case "link-expired":
    case "no-link":
      return `make it anew: \`--retake ${why.scene}\``;
    case "local-video":
    case "not-taken":
      return "use a web address or `asset://ID` in its place";
    case "too-large":
      return "make the pictures smaller";
    default:
      return unreachable(why);
  }
}
