import { hasErrors, type Diagnostic } from "../base/diagnostic.ts";
import { nearNames } from "../base/near.ts";
import { Ledger } from "../execute/ledger.ts";
import type { ScenePlan } from "../plan/scene-plan.ts";
import { Journal } from "../store/journal.ts";
import { ObjectStore } from "../store/objects.ts";
import { check, type Checked } from "./check.ts";
import { whileHeld, type Busy } from "./hold.ts";
import { thisMachine, type Machine } from "./machine.ts";
import { planChecked, type Plan, type PlanOptions } from "./plan.ts";
import { journalPath } from "./project.ts";
import { exposeClips } from "./renders.ts";
import { foldJournal, readLock } from "./state.ts";

export type Amended =
  | { readonly kind: "invalid"; readonly diagnostics: readonly Diagnostic[] }
  | Busy
  | { readonly kind: "wrong-call"; readonly message: string }
  /** `said`: what was done, in a sentence. The plans show what follows from it. */
  | { readonly kind: "amended"; readonly said: string; readonly before: Plan; readonly after: Plan };

/** What a person decides about one scene: the entries that record it, or why it cannot be. */
export type Amendment = (on: AmendedScene) => AmendResult;
export type AmendResult = { readonly said: string } | { readonly problem: string };

export interface AmendedScene {
  readonly plan: Plan;
  readonly scene: ScenePlan;
  readonly ledger: Ledger;
  /** ISO 8601, UTC. */
  readonly now: string;
}

/** Records a decision in the lockfile, by way of the journal as a run does, so that no kill leaves half of it. */
export async function amend(options: PlanOptions, scene: string, amendment: Amendment): Promise<Amended> {
  return amendChecked(await check(options), options, scene, amendment, thisMachine);
}

/** The same for a storyboard that is checked already, on any machine. */
export async function amendChecked(
  checked: Checked,
  options: PlanOptions,
  scene: string,
  amendment: Amendment,
  machine: Machine,
): Promise<Amended> {
  const planned = planChecked(checked, options, machine);
  const [film] = planned.films;
  if (planned.wrongCall !== undefined) return { kind: "wrong-call", message: planned.wrongCall };
  if (!film) return { kind: "invalid", diagnostics: planned.diagnostics };
  const { project, kind, storyboard } = film;
  return whileHeld(project, kind, machine, (): Promise<Amended> => {
    // Read anew: until here another run may have been at work.
    const cwd = options.cwd ?? process.cwd();
    const read = readLock(project, kind, cwd, machine.files, storyboard.scenes);
    if (hasErrors(read.diagnostics))
      return Promise.resolve({ kind: "invalid", diagnostics: read.diagnostics });
    foldJournal(project, kind, read.lock, machine.files, read.journal);
    const plans = (): readonly Plan[] => planChecked(checked, options, machine).films;
    const one = onlyFilm(plans(), options.film);
    return Promise.resolve(
      one.kind === "wrong-call" ? one : apply(one.plan, scene, amendment, machine, plans),
    );
  });
}

function apply(
  plan: Plan,
  id: string,
  amendment: Amendment,
  { files, clock }: Machine,
  planAgain: () => readonly Plan[],
): Amended {
  const { project, kind, storyboard } = plan;
  const scene = plan.scenes.find((one) => one.scene.id === id);
  if (!scene) return { kind: "wrong-call", message: noScene(plan, id) };
  const journal = new Journal(files, journalPath(project, kind));
  const ledger = new Ledger(plan.lock, (entry) => journal.append(entry), storyboard.variant);
  try {
    const result = amendment({ plan, scene, ledger, now: new Date(clock.now()).toISOString() });
    if ("problem" in result) return { kind: "wrong-call", message: result.problem };
    foldJournal(project, kind, ledger.lock(), files);
    const clip = ledger.selected(id)?.clip?.sha256;
    exposeClips(plan, kind, new ObjectStore(files, project.hidden), new Map([[id, clip]]), files);
    const after = planAgain().find((one) => one.storyboard.variant === storyboard.variant) ?? plan;
    return { kind: "amended", said: result.said, before: plan, after };
  } finally {
    journal.close();
  }
}

function onlyFilm(
  films: readonly Plan[],
  name: string | undefined,
):
  { readonly kind: "film"; readonly plan: Plan } | { readonly kind: "wrong-call"; readonly message: string } {
  const [plan, other] = films;
  if (plan && (!other || name !== undefined)) return { kind: "film", plan };
  const names = films.map(({ storyboard }) => storyboard.variant).join(", ");
  return { kind: "wrong-call", message: `say of which film with \`--film NAME\`; there are ${names}` };
}

export function noScene({ storyboard }: Pick<Plan, "storyboard">, id: string): string {
  const names = storyboard.scenes.map((scene) => scene.id);
  const [near] = nearNames(id, names);
  return `no scene is named \`${id}\`; ${near ? `did you mean \`${near}\`?` : `there are ${names.slice(0, 12).join(", ")}`}`;
}
