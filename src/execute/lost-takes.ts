import type { Lock, Take } from "../plan/lock.ts";
import type { ListOutcome } from "../seedance/listing.ts";
import { earliestCreation, findLost, type Found, type Listing, type LostRequest } from "./find-lost.ts";
import type { TakeContext } from "./take-context.ts";

/** A request that an earlier run has lost a moment ago may be a task in flight. */
export function keepPlaces({ ledger, provider, times, taskSeconds, clock, remote }: TakeContext): void {
  for (const { at, recipe } of lostIn(ledger.lock(), provider).filter(({ state }) => state === "unknown")) {
    const ends = Date.parse(at) + 1000 * (times.typical(recipe) ?? taskSeconds);
    if (ends > clock.now()) remote.keepPlace(ends - clock.now());
  }
}

/** What the search for lost takes needs of a run. */
export type LostSearch = Pick<TakeContext, "service" | "provider" | "clock" | "ledger" | "emit">;

/** Until it is known: how far a clock may be wrong without anybody having noticed. */
const CLOCK_SLACK_MS = 600_000;
/** Of a provider that does not say what time it is. */
const UNTOLD_SLACK_MS = 120_000;
/** Both count whole seconds. */
const ROUNDING_MS = 2000;

/**
 * Looks for the tasks of takes whose answer was lost in the provider's own list, and adopts those of which there is no
 * doubt. Nothing is concluded from a list that may lack one. `only`: one take alone; else all of this provider.
 */
export async function adoptLost(
  search: LostSearch,
  signal: AbortSignal,
  only?: { readonly scene: string; readonly take: number },
): Promise<readonly Found[]> {
  const { ledger, provider, emit } = search;
  const lost = lostIn(ledger.lock(), provider);
  const wanted = lost.filter(({ state, scene, take }) => {
    return state === "unknown" && (!only || (only.scene === scene && only.take === take));
  });
  const listing = wanted.length > 0 ? await readListing(search, wanted.map(toRequest), signal) : undefined;
  if (!listing) return [];
  return wanted.map((take) => {
    const others = lost.filter((other) => other !== take).map(toRequest);
    const found = findLost(toRequest(take), others, listing);
    const { scene, take: number } = take;
    if (found.kind === "found") {
      ledger.observe(scene, number, { kind: "adopted", task: found.task });
      emit({ type: "take-found", scene, take: number, task: found.task });
    }
    if (found.kind === "several") emit({ type: "take-in-doubt", scene, take: number, tasks: found.tasks });
    return found;
  });
}

interface LostTake extends Take {
  readonly scene: string;
}

/**
 * Every take of a provider that may be a task nobody knows: those given up, and those on their way now, which the
 * ledger shows as unknown until they are answered.
 */
function lostIn(lock: Lock, provider: string): LostTake[] {
  return [...lock.scenes].flatMap(([scene, { takes }]) =>
    takes
      .filter((take) => take.provider === provider && take.task === undefined)
      .filter(({ state }) => state === "unknown" || state === "abandoned")
      .map((take) => ({ ...take, scene })),
  );
}

function toRequest({ at, recipe }: LostTake): LostRequest {
  return { at: Date.parse(at), recipe };
}

async function readListing(
  { service, clock, ledger }: LostSearch,
  wanted: readonly LostRequest[],
  signal: AbortSignal,
): Promise<Listing | undefined> {
  const rough = { ahead: 0, slack: CLOCK_SLACK_MS };
  for (let times = rough, tries = 0; tries < 2; tries++) {
    const begun = clock.now();
    const listed = await service.list?.(earliestCreation(wanted, times), signal);
    if (listed?.kind !== "listed" || !listed.isWhole) return undefined;
    const measured = clocks(listed, begun, clock.now());
    const isFar = Math.abs(measured.ahead) + measured.slack > CLOCK_SLACK_MS && tries === 0;
    if (!isFar) return { tasks: listed.tasks, known: knownTasks(ledger.lock()), ...measured };
    times = measured;
  }
  return undefined;
}

function clocks(
  { now }: Extract<ListOutcome, { kind: "listed" }>,
  begun: number,
  ended: number,
): Pick<Listing, "ahead" | "slack"> {
  if (now === undefined) return { ahead: 0, slack: UNTOLD_SLACK_MS };
  return { ahead: now - (begun + ended) / 2, slack: (ended - begun) / 2 + ROUNDING_MS };
}

function knownTasks(lock: Lock): ReadonlySet<string> {
  return new Set([...lock.scenes.values()].flatMap(({ takes }) => takes.flatMap(({ task }) => task ?? [])));
}
