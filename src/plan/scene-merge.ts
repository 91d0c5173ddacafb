import type { Digest } from "../base/digest.ts";
import { laterFields, LOCK_FIELDS } from "./lock-fields.ts";
import { furtherTake, matchTakes, type TakeMatches } from "./lock-match.ts";
import type { LockedScene, Take } from "./lock.ts";
import type { MergeNote } from "./merge-notes.ts";
import { mergeFields, threeWay, type Sides } from "./three-way.ts";

const NONE: LockedScene = { selected: {}, takes: [] };

/** Joins what two sides know of one scene. Notes are added to. */
export function mergeScenes(id: string, sides: Sides<LockedScene>, notes: MergeNote[]): LockedScene {
  const { base = NONE, ours = NONE, theirs = NONE } = sides;
  const { takes, ofTheirs } = mergeTakes(id, base, ours, theirs, notes);
  const ofBase = matchTakes(base.takes, takes);
  const decisions = mergeDecisions(
    id,
    {
      base: decisionsOf(base, ofBase),
      ours: decisionsOf(ours),
      theirs: decisionsOf(theirs, ofTheirs),
    },
    notes,
  );
  const later = mergeLater({ base, ours, theirs }, LOCK_FIELDS.scene, (field) =>
    notes.push({ kind: "both-changed", scene: id, field }),
  );
  return { ...later, ...decisions, takes };
}

function mergeTakes(
  scene: string,
  base: LockedScene,
  ours: LockedScene,
  theirs: LockedScene,
  notes: MergeNote[],
): { takes: readonly Take[]; ofTheirs: TakeMatches } {
  const ofTheirs = new Map(matchTakes(theirs.takes, ours.takes));
  const takes = new Map(ours.takes.map((take) => [take.take, take]));
  const baseOf = matchTakes(ours.takes, base.takes);
  for (const their of theirs.takes) {
    const number = ofTheirs.get(their.take);
    const our = number === undefined ? undefined : takes.get(number);
    if (!our) continue;
    const before = base.takes.find(({ take }) => take === baseOf.get(our.take));
    takes.set(our.take, mergeTake(scene, { base: before, ours: our, theirs: their }, notes));
  }
  let last = Math.max(0, ...[...ours.takes, ...theirs.takes].map(({ take }) => take));
  const added = theirs.takes.filter(({ take }) => !ofTheirs.has(take)).sort((a, b) => a.take - b.take);
  for (const their of added) {
    const take = takes.has(their.take) ? ++last : their.take;
    if (take !== their.take) notes.push({ kind: "renumbered", scene, from: their.take, to: take });
    ofTheirs.set(their.take, take);
    takes.set(take, { ...their, take });
  }
  return { takes: [...takes.values()].sort((a, b) => a.take - b.take), ofTheirs };
}

function mergeTake(
  scene: string,
  { base, ours, theirs }: { readonly base: Take | undefined; readonly ours: Take; readonly theirs: Take },
  notes: MergeNote[],
): Take {
  const later = mergeLater({ base, ours, theirs }, LOCK_FIELDS.take, (field) =>
    notes.push({ kind: "both-changed", scene, field: `take ${ours.take}: ${field}` }),
  );
  return { ...furtherTake(ours, theirs), ...later };
}

/** What a newer minor version has added is merged field by field: nobody here knows what belongs together. */
function mergeLater(
  sides: Sides<object>,
  known: readonly string[],
  told: (field: string) => void,
): Readonly<Record<string, unknown>> {
  const [base, ours, theirs] = [sides.base, sides.ours, sides.theirs].map((side) => laterFields(side, known));
  return mergeFields({ base, ours, theirs }, told);
}

/** What a person or a run has decided for one film of a scene. What is kept is said of the selected take. */
interface Decision {
  readonly selected: number;
  readonly kept: Digest | undefined;
}

type Decisions = ReadonlyMap<string, Decision>;

/** `numbers` leads to the numbers after the merge; without it they stay. */
function decisionsOf({ selected, kept = {} }: LockedScene, numbers?: TakeMatches): Decisions {
  return new Map(
    Object.entries(selected).flatMap(([variant, take]): [string, Decision][] => {
      const number = numbers ? numbers.get(take) : take;
      return number === undefined ? [] : [[variant, { selected: number, kept: kept[variant] }]];
    }),
  );
}

function mergeDecisions(
  scene: string,
  sides: Sides<Decisions>,
  notes: MergeNote[],
): Pick<LockedScene, "selected" | "kept"> {
  const { base, ours, theirs } = sides;
  const variants = new Set([...(ours?.keys() ?? []), ...(theirs?.keys() ?? [])]);
  const merged = [...variants].flatMap((variant): [string, Decision][] => {
    const side = { base: base?.get(variant), ours: ours?.get(variant), theirs: theirs?.get(variant) };
    const decision = threeWay(side, (both) => decide(scene, variant, both, notes));
    return decision ? [[variant, decision]] : [];
  });
  const kept = merged.flatMap(([variant, one]) =>
    one.kept === undefined ? [] : [[variant, one.kept] as const],
  );
  return {
    selected: Object.fromEntries(merged.map(([variant, { selected }]) => [variant, selected])),
    ...(kept.length > 0 && { kept: Object.fromEntries(kept) }),
  };
}

/** Both sides have decided anew. A take that was picked weighs more than one that was kept. */
function decide(
  scene: string,
  variant: string,
  { base, ours, theirs }: Sides<Decision>,
  notes: MergeNote[],
): Decision | undefined {
  if (!ours || !theirs) return ours ?? theirs;
  if (ours.selected !== theirs.selected && ours.selected === base?.selected) return theirs;
  const about = { scene, variant, ours: ours.selected, theirs: theirs.selected };
  if (ours.selected === theirs.selected) notes.push({ kind: "both-kept", ...about });
  else if (theirs.selected !== base?.selected) notes.push({ kind: "both-selected", ...about });
  return ours;
}
