import type { Digest } from "../base/digest.ts";
import type { LibraryEntry, Take } from "../plan/lock.ts";
import type { Observation } from "./protocol.ts";

/** A line of the journal. */
export type JournalEntry =
  | {
      readonly v: 1;
      readonly kind: "observed";
      readonly scene: string;
      readonly take: number;
      readonly seen: Observation;
      /** When the take was to be sent, by which it is known whatever its number; an intent says so itself. */
      readonly at?: string;
      /**
       * The variant whose selected take it becomes with this entry, so that no kill comes between. Part of the
       * entry, since a replay over a lockfile that has it already must end with the same selection.
       */
      readonly selects?: string;
    }
  | { readonly v: 1; readonly kind: "recalled"; readonly scene: string; readonly take: Take }
  | {
      readonly v: 1;
      readonly kind: "selected";
      readonly scene: string;
      readonly variant: string;
      readonly take: number;
    }
  /** The selected take is good enough for this recipe. */
  | {
      readonly v: 1;
      readonly kind: "kept";
      readonly scene: string;
      readonly variant: string;
      readonly fingerprint: Digest;
    }
  | {
      readonly v: 1;
      readonly kind: "library";
      readonly provider: string;
      readonly digest: Digest;
      /** Null where nothing was put there after all. */
      readonly entry: LibraryEntry | null;
    };

/** What may be said in a line. A newer storyc that says more must write another `v`. */
const KINDS: Readonly<Record<JournalEntry["kind"], (entry: Readonly<Record<string, unknown>>) => boolean>> = {
  observed: ({ scene, take, seen }) =>
    typeof scene === "string" &&
    Number.isInteger(take) &&
    OBSERVATIONS.has(String((seen as { kind?: unknown } | undefined)?.kind)),
  recalled: ({ scene, take }) =>
    typeof scene === "string" && Number.isInteger((take as { take?: unknown } | undefined)?.take),
  selected: ({ scene, variant, take }) =>
    typeof scene === "string" && typeof variant === "string" && Number.isInteger(take),
  kept: ({ scene, variant, fingerprint }) =>
    [scene, variant, fingerprint].every((one) => typeof one === "string"),
  library: ({ provider, digest, entry }) =>
    typeof provider === "string" && typeof digest === "string" && typeof entry === "object",
};

const OBSERVED: Readonly<Record<Observation["kind"], true>> = {
  intent: true,
  accepted: true,
  refused: true,
  "not-created": true,
  "outcome-unknown": true,
  adopted: true,
  abandoned: true,
  missing: true,
  restarted: true,
  succeeded: true,
  "task-failed": true,
  stored: true,
};
const OBSERVATIONS: ReadonlySet<string> = new Set(Object.keys(OBSERVED));

/** Whether a line of the journal is one that this version can replay. */
export function isEntry(value: unknown): value is JournalEntry {
  if (typeof value !== "object" || value === null) return false;
  const { v, kind, ...entry } = value as Readonly<Record<string, unknown>>;
  return v === 1 && Object.hasOwn(KINDS, String(kind)) && KINDS[kind as JournalEntry["kind"]](entry);
}
