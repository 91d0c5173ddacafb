import type { Digest } from "../base/digest.ts";
import { leftOutOfRequest, LINK } from "../base/limits.ts";
import { unreachable } from "../base/unreachable.ts";
import type { LoweredItem, LoweredScene } from "../seedance/lower.ts";
import type { MediaIndex } from "../storyboard/media-index.ts";
import type { LibraryEntry, Take } from "./lock.ts";
import type { Reason } from "./reasons.ts";
import { mediumText, type Unreachable, type Ways } from "./ways.ts";

/** What is known of the ways, and of what may go by them. */
export interface ReachInput {
  readonly ways: Ways;
  /** Milliseconds since 1970: links grow old. */
  readonly now: number;
  readonly media: MediaIndex;
  library(digest: Digest): LibraryEntry | undefined;
  /** The take of a scene whose clip a request would name; undefined where it is still to be made. */
  takeOf(scene: string): Take | undefined;
}

export interface Reached {
  /** Why a request cannot be sent. */
  readonly problem?: Unreachable;
  /** What a person should know before it is sent. */
  readonly notes?: readonly Reason[];
}

/** Whether everything that a request names can be given to the service. */
export function reachMedia({ items }: LoweredScene, input: ReachInput): Reached {
  if (input.ways.sharesDisk) return {};
  const carried = items.map((item) => carriedBytes(item, input.media));
  const out = leftOutOfRequest(carried);
  const notes = new Map<string, Reason>();
  for (const [i, item] of items.entries()) {
    if (carried[i] !== undefined && !out.has(i)) continue;
    const reached = reachItem(item, input);
    if (reached.problem) return reached;
    for (const note of reached.notes ?? []) notes.set(JSON.stringify(note), note);
  }
  return notes.size > 0 ? { notes: [...notes.values()] } : {};
}

/** A still of 720p without any packing. */
const MOST_STILL_BYTES = 1280 * 720 * 3;

/** The size of what can travel inside of the request; undefined for all that must be a link. */
function carriedBytes({ type, source }: LoweredItem, media: MediaIndex): number | undefined {
  if (source.kind === "still") return MOST_STILL_BYTES;
  if (source.kind !== "file" || type === "video_url") return undefined;
  const file = media.get(source.path);
  return file?.kind === "read" ? file.facts.bytes : 0;
}

function reachItem(item: LoweredItem, input: ReachInput): Reached {
  switch (item.source.kind) {
    case "url":
    case "library":
      return {};
    case "still":
    case "file":
      return reachFile(item, input);
    case "clip":
      return reachClip(item, item.source.scene, input);
    default:
      return unreachable(item.source);
  }
}

function reachFile(item: LoweredItem, input: ReachInput): Reached {
  const file = item.source.kind === "file" ? input.media.get(item.source.path) : undefined;
  const why = { kind: item.type === "video_url" ? "local-video" : "too-large" } as const;
  return reachBytes(mediumText(item), file?.kind === "read" ? file.digest : undefined, why, input);
}

function reachClip(item: LoweredItem, scene: string, input: ReachInput): Reached {
  const { ways, now } = input;
  const take = input.takeOf(scene);
  if (!take) return {};
  const { provider, at, task } = take;
  const age = provider === ways.provider && task !== undefined ? now - Date.parse(at) : Infinity;
  if (age < LINK.lastsMs) return {};
  const isMaybe = age < LINK.renewableMs;
  const why =
    age === Infinity
      ? ({ kind: "no-link", scene } as const)
      : ({ kind: "link-expired", scene, provider, at } as const);
  const reached = reachBytes(mediumText(item), take.clip?.sha256, why, input);
  return reached.problem && isMaybe ? { notes: [{ kind: "link-old", scene, provider, at }] } : reached;
}

/** By what this machine has of it. */
function reachBytes(
  medium: string,
  digest: Digest | undefined,
  why: Unreachable["why"],
  { ways, library }: ReachInput,
): Reached {
  if (ways.store.kind === "ready") return {};
  const problem = (reason: Unreachable["why"]): Reached => ({
    problem: { kind: "unreachable", medium, why: reason, ways },
  });
  if (ways.library !== "chosen") return problem(why);
  const entry = digest === undefined ? undefined : library(digest);
  if (entry?.state === "failed") return problem({ kind: "not-taken" });
  if (entry?.id !== undefined) return {};
  return { notes: [{ kind: "library-billed", medium, provider: ways.provider }] };
}
